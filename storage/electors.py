"""Who may vote in a round, who declined, who is done: kept apart from every ballot, and gone at the close."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Boolean, Connection, bindparam, delete, false, func, or_, select, true, update

from bot.domain.ballot import Elector, Round
from bot.domain.names import PersonId
from storage.hot import Hot
from storage.rows import in_round, insert, table, upsert
from storage.rows_vote import RoundCountRow, RoundElectorRow
from storage.voters import batch_mark

_ELECTORS = table(RoundElectorRow)
_COUNTS = table(RoundCountRow)
_KEY = ["tenant", "hunt", "round", "person"]
_UNNUMBERED = "?"
"""On paper, in a batch that has no number yet: never outside one transaction."""

_HERE = in_round(_ELECTORS)
_LISTED = select(_ELECTORS.c.person).where(_HERE, _ELECTORS.c.listed == true())
_ONE = Hot(
    select(_ELECTORS.c.listed, _ELECTORS.c.declined, _ELECTORS.c.done, _ELECTORS.c.paper, _ELECTORS.c.role).where(
        _HERE, _ELECTORS.c.person == bindparam("who")
    )
)
_NEW = insert(RoundElectorRow)
_ADMIT = _NEW.on_conflict_do_update(
    index_elements=_KEY,
    set_={"listed": True, "role": _NEW.excluded.role},
    where=_ELECTORS.c.listed == false(),
).returning(_ELECTORS.c.paper)
_MORE = update(_COUNTS).where(in_round(_COUNTS)).values(eligible=_COUNTS.c.eligible + bindparam("more"))
_DECLINE = upsert(RoundElectorRow, "listed", "done", "role", "paper")
_FINISH = upsert(RoundElectorRow, "listed", "declined", "role", "paper")
# Whoever is the first to say so casts the ballot; a second device finds it said.
_CLAIM = _NEW.on_conflict_do_update(
    index_elements=_KEY,
    set_={"done": True},
    where=(_ELECTORS.c.done == false()) & (_ELECTORS.c.paper == ""),
).returning(_ELECTORS.c.person)
# Where ballots are detached, who is done has cast one; elsewhere who is done may have taken every dot back since.
_ON_PAPER = _NEW.on_conflict_do_update(
    index_elements=_KEY,
    set_={"paper": _NEW.excluded.paper},
    where=(_ELECTORS.c.paper == "") & or_(_ELECTORS.c.done == false(), bindparam("sealed", type_=Boolean)),
).returning(_ELECTORS.c.listed)
_NUMBER = update(_ELECTORS).where(_HERE, _ELECTORS.c.person == bindparam("who")).values(paper=bindparam("batch"))
_OF_BATCH = select(func.count()).where(_HERE, _ELECTORS.c.listed == true(), _ELECTORS.c.paper == bindparam("batch"))
_OFF_PAPER = update(_ELECTORS).where(_HERE, _ELECTORS.c.paper == bindparam("batch")).values(paper="")
_EXCUSE = (
    update(_ELECTORS)
    .where(
        _HERE,
        _ELECTORS.c.person == bindparam("who"),
        _ELECTORS.c.listed == true(),
        _ELECTORS.c.done == false(),
        _ELECTORS.c.paper == "",
    )
    .values(listed=False)
)
_ROLES = select(_ELECTORS.c.person, _ELECTORS.c.role, _ELECTORS.c.listed, _ELECTORS.c.done).where(
    _HERE, or_(_ELECTORS.c.listed == true(), _ELECTORS.c.done == true()), _ELECTORS.c.paper == ""
)
_FORGET = delete(_ELECTORS).where(_HERE)


def enrol(connection: Connection, round: Round, roles: Mapping[PersonId, str], *, listed: bool = True) -> None:
    """Writes the list of voters, each with the role they are counted under; or people known beside it."""
    if roles:
        connection.execute(_NEW, [_row(round, person, listed=listed, role=roles[person]) for person in sorted(roles)])


def excuse(connection: Connection, round: Round, person: PersonId) -> None:
    """Takes somebody who did not vote off the list, and out of the count of who may; they may still vote."""
    if connection.execute(_EXCUSE, {**_where(round), "who": person}).rowcount:
        grow(connection, round, -1)


def listed(connection: Connection, round: Round) -> frozenset[PersonId]:
    """The list of voters; empty once the round is closed."""
    return frozenset(connection.execute(_LISTED, _where(round)).scalars())


def elector(connection: Connection, round: Round, person: PersonId) -> Elector:
    """Where a person stands; somebody never seen is not listed."""
    row = _ONE.first(connection, {**_where(round), "who": person})
    if row is None:
        return Elector()
    return Elector(True, bool(row.listed), bool(row.declined), bool(row.done), bool(row.paper), row.role)


def admit(connection: Connection, round: Round, person: PersonId, role: str) -> None:
    """Adds one person to the list (and to the count of who may vote, where their paper is not in it), once."""
    added = connection.execute(_ADMIT, _row(round, person, listed=True, role=role)).first()
    if added is not None and not added.paper:
        grow(connection, round, 1)


def grow(connection: Connection, round: Round, more: int) -> None:
    """So many more people may vote."""
    connection.execute(_MORE, {**_where(round), "more": more})


def decline(connection: Connection, round: Round, person: PersonId, *, declined: bool) -> None:
    """Says "not this time", or takes it back."""
    connection.execute(_DECLINE, _row(round, person, declined=declined))


def finish(connection: Connection, round: Round, person: PersonId, *, done: bool) -> None:
    """Says that the person validated their ballot, or takes it back."""
    connection.execute(_FINISH, _row(round, person, done=done))


def claim(connection: Connection, round: Round, person: PersonId) -> bool:
    """Marks that the person casts their only ballot now; False when it was cast before, or is on paper."""
    return connection.execute(_CLAIM, _row(round, person, done=True)).first() is not None


def strike(connection: Connection, round: Round, person: PersonId) -> bool | None:
    """Marks that the person's ballot is on paper, in a batch numbered later: whether they were listed.

    None when they have a ballot already.
    """
    row = _row(round, person, paper=_UNNUMBERED)
    struck = connection.execute(_ON_PAPER, {**row, "sealed": not round.detached}).first()
    return None if struck is None else bool(struck.listed)


def number(connection: Connection, round: Round, struck: Iterable[PersonId], batch: int) -> None:
    """Says in which batch the ballots of those struck are."""
    mark = batch_mark(connection, round, batch)
    marks = [{**_where(round), "who": person, "batch": mark} for person in struck]
    if marks:
        connection.execute(_NUMBER, marks)


def restore(connection: Connection, round: Round, batch: int) -> int:
    """Gives those struck with a batch their vote back; returns how many of them were listed."""
    where = {**_where(round), "batch": batch_mark(connection, round, batch)}
    among = connection.execute(_OF_BATCH, where).scalar_one()
    connection.execute(_OFF_PAPER, where)
    return among


def roles(connection: Connection, round: Round) -> Iterable[tuple[PersonId, str, bool]]:
    """Everybody who may vote or did, but on paper: the person, their role, whether they are done."""
    return ((row.person, row.role, bool(row.done)) for row in connection.execute(_ROLES, _where(round)))


def forget(connection: Connection, round: Round) -> None:
    """Deletes the list: after the close nobody needs to know who voted."""
    connection.execute(_FORGET, _where(round))


def _row(round: Round, person: PersonId, **said: object) -> dict[str, Any]:
    keys = {"tenant": round.tenant, "hunt": round.hunt, "round": round.number, "person": person}
    return {**keys, "listed": False, "declined": False, "done": False, "role": "", "paper": "", **said}


def _where(round: Round) -> dict[str, Any]:
    return {"of": round.tenant, "in": round.hunt, "which": round.number}
