"""Every table, and the one word for "insert" that both databases understand."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Table, bindparam
from sqlalchemy.dialects.postgresql import Insert

from storage import rows_hunt, rows_idea, rows_letters, rows_link, rows_people, rows_vote
from storage.columns import Rows

METADATA = Rows.metadata
AREAS = (rows_people, rows_hunt, rows_idea, rows_vote, rows_letters, rows_link)


def table(row: type[Rows]) -> Table:
    """The table behind a class of rows."""
    found = row.__table__
    assert isinstance(found, Table)
    return found


def insert(row: type[Rows]) -> Insert:
    """An insertion that may say what happens on conflict.

    SQLite took that clause over from PostgreSQL, and SQLAlchemy writes PostgreSQL's form of it for both (the contract
    tests run each statement on both).
    """
    return Insert(table(row))


def upsert(row: type[Rows], *kept: str) -> Insert:
    """An insertion that overwrites the row of the same key, but for the columns `kept`."""
    adding = insert(row)
    keys = {column.name for column in table(row).primary_key}
    changed = {c.name: adding.excluded[c.name] for c in table(row).columns if c.name not in {*keys, *kept}}
    return adding.on_conflict_do_update(index_elements=sorted(keys), set_=changed)


def in_round(rows: Table, number: str = "round") -> ColumnElement[bool]:
    """That a row belongs to the round asked for as `of` (tenant), `in` (hunt) and `which` (number)."""
    columns = rows.c
    there = (columns.tenant == bindparam("of")) & (columns.hunt == bindparam("in"))
    return there & (columns[number] == bindparam("which"))
