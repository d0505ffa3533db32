"""A closed round's secrets are gone from SQLite's files, its log included."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import make_url

from storage.rows import METADATA
from storage.sql import SqlStorage
from tests.contracts.samples import ANNA, NOW, a_round, opened, wish


def bytes_on_disk(url: str) -> bytes:
    file = Path(str(make_url(url).database))
    return b"".join(part.read_bytes() for part in file.parent.glob(f"{file.name}*"))


def here(storage: SqlStorage, deed: Callable[[], None]) -> None:
    deed()


def submitted(storage: SqlStorage, deed: Callable[[], None]) -> None:
    storage.submit(deed).result(10)
    storage.submit(lambda: None).result(10)


@pytest.mark.parametrize("how", [here, submitted])
def test_no_file_holds_the_key_or_a_voters_name(
    migrated_sqlite_url: str, how: Callable[[SqlStorage, Callable[[], None]], None]
) -> None:
    storage = SqlStorage(migrated_sqlite_url)
    with storage.begin() as unit:
        kept = opened(unit)
        wish(unit, kept, ANNA, 1, 2)
    with storage.look() as unit:
        (key,) = unit.people.connection.execute(
            METADATA.tables["round_key"].select().with_only_columns(METADATA.tables["round_key"].c.key)
        ).scalars()
        (voter,) = unit.people.connection.execute(
            METADATA.tables["ballot"].select().with_only_columns(METADATA.tables["ballot"].c.voter)
        ).scalars()
    assert key in bytes_on_disk(migrated_sqlite_url)
    assert voter.encode() in bytes_on_disk(migrated_sqlite_url)

    def close() -> None:
        with storage.begin() as unit:
            assert unit.rounds.close(a_round(), NOW) is not None

    how(storage, close)
    assert key not in bytes_on_disk(migrated_sqlite_url)
    assert voter.encode() not in bytes_on_disk(migrated_sqlite_url)
    storage.close()


def test_a_reader_in_the_way_only_delays_it(migrated_sqlite_url: str) -> None:
    storage = SqlStorage(migrated_sqlite_url)
    with storage.begin() as unit:
        opened(unit)
    with storage.look() as reader:
        (key,) = reader.people.connection.execute(
            METADATA.tables["round_key"].select().with_only_columns(METADATA.tables["round_key"].c.key)
        ).scalars()
        with storage.begin() as unit:
            assert unit.rounds.close(a_round(), NOW) is not None
    with storage.begin() as unit:
        unit.calendar.note(a_round().tenant, None, "x", "y", NOW)
    assert key not in bytes_on_disk(migrated_sqlite_url)
    storage.close()
