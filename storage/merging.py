"""Two accounts become one person: their ideas, their place on lists of voters, and at most one open ballot."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, func, select, update

from bot.domain.names import PersonId, TenantId
from storage.rows import in_round, insert, table
from storage.rows_idea import IdeaRow
from storage.rows_vote import (
    BallotRow,
    DotRow,
    RoundCountRow,
    RoundElectorRow,
    RoundKeyRow,
    RoundRow,
    VoteLedgerRow,
)
from storage.voters import unwrapped, voter_key

_ROUNDS, _COUNTS, _KEYS, _ELECTORS = map(table, (RoundRow, RoundCountRow, RoundKeyRow, RoundElectorRow))
_BALLOTS, _DOTS, _LEDGER, _IDEAS = map(table, (BallotRow, DotRow, VoteLedgerRow, IdeaRow))
_OPEN = (
    select(_ROUNDS.c.tenant, _ROUNDS.c.hunt, _ROUNDS.c.number)
    .where(_ROUNDS.c.tenant == bindparam("of"), _ROUNDS.c.closed_at.is_(None))
    .order_by(_ROUNDS.c.hunt, _ROUNDS.c.number)
    .with_for_update()
)
_KEY = select(_KEYS.c.key, _KEYS.c.proof).where(in_round(_KEYS))
_DOTS_OF = select(func.count()).where(in_round(_DOTS), _DOTS.c.voter == bindparam("voter"))
_ELECTOR = select(_ELECTORS).where(in_round(_ELECTORS), _ELECTORS.c.person == bindparam("who"))
_FEWER_VOTERS = update(_COUNTS).where(in_round(_COUNTS)).values(voters=_COUNTS.c.voters - 1)
_FEWER_ELIGIBLE = update(_COUNTS).where(in_round(_COUNTS)).values(eligible=_COUNTS.c.eligible - 1)


def merge_ideas(connection: Connection, tenant: TenantId, account: PersonId, main: PersonId) -> None:
    """What the account wrote or saved is its person's."""
    for column in (_IDEAS.c.author, _IDEAS.c.saved_by):
        theirs = (_IDEAS.c.tenant == tenant) & (column == account)
        connection.execute(update(_IDEAS).where(theirs).values({column: main}))


def merge_ballots(connection: Connection, tenant: TenantId, account: PersonId, main: PersonId) -> None:
    """One ballot and one place on the list in each open round; whoever votes there now waits for our end."""
    for found in connection.execute(_OPEN, {"of": tenant}).all():
        where = {"of": found.tenant, "in": found.hunt, "which": found.number}
        _merge_ballot(connection, where, account, main)
        _merge_elector(connection, where, account, main)


def _merge_ballot(connection: Connection, where: dict[str, Any], account: PersonId, main: PersonId) -> None:
    row = connection.execute(_KEY, where).first()
    if row is None:
        return
    key = unwrapped(connection, row.key, row.proof)
    theirs, kept = (voter_key(key, where["of"], person) for person in (account, main))
    dots, others = (connection.execute(_DOTS_OF, {**where, "voter": one}).scalar_one() for one in (theirs, kept))
    if dots and others:
        connection.execute(_FEWER_VOTERS, where)
    if dots and not others:
        _rename(connection, where, theirs, kept)
    for rows in (_DOTS, _LEDGER, _BALLOTS):
        _drop(connection, rows, where, theirs)


def _rename(connection: Connection, where: dict[str, Any], old: str, new: str) -> None:
    """A ballot goes first, because its dots point at it. What `new` once placed and took back is of no account."""
    for rows in (_LEDGER, _BALLOTS):
        _drop(connection, rows, where, new)
    keys = {"tenant": where["of"], "hunt": where["in"], "round": where["which"]}
    connection.execute(insert(BallotRow), {**keys, "voter": new, "version": 1, "paper": 0})
    for rows in (_DOTS, _LEDGER):
        theirs = update(rows).where(in_round(rows), rows.c.voter == bindparam("voter")).values(voter=bindparam("to"))
        connection.execute(theirs, {**where, "voter": old, "to": new})


def _drop(connection: Connection, rows: Table, where: dict[str, Any], voter: str) -> None:
    connection.execute(delete(rows).where(in_round(rows), rows.c.voter == bindparam("who")), {**where, "who": voter})


def _merge_elector(connection: Connection, where: dict[str, Any], account: PersonId, main: PersonId) -> None:
    theirs, kept = (connection.execute(_ELECTOR, {**where, "who": one}).first() for one in (account, main))
    if theirs is None:
        return
    mine = in_round(_ELECTORS), _ELECTORS.c.person == bindparam("who")
    if kept is None:
        connection.execute(
            update(_ELECTORS).where(*mine).values(person=bindparam("to")), {**where, "who": account, "to": main}
        )
        return
    together = {
        "listed": theirs.listed or kept.listed,
        "declined": theirs.declined or kept.declined,
        "done": theirs.done or kept.done,
        "role": kept.role or theirs.role,
        "paper": kept.paper or theirs.paper,
    }
    connection.execute(delete(_ELECTORS).where(*mine), {**where, "who": account})
    connection.execute(update(_ELECTORS).where(*mine).values(together), {**where, "who": main})
    if theirs.listed and kept.listed:
        connection.execute(_FEWER_ELIGIBLE, where)
