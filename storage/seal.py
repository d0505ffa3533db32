"""Closing a round: counted, compared, sealed, made unlinkable; and checking a sealed one."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from hashlib import sha256
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, select, update

from bot.domain.ballot import Round
from bot.domain.names import IdeaNumber
from bot.domain.tally import Rank, Score, Tally, count, coverage
from bot.failpoint import failpoint
from storage.columns import Rows
from storage.problems import Inconsistent
from storage.rows import in_round, insert, table
from storage.rows_vote import (
    BallotRow,
    DotRow,
    RoundCountRow,
    RoundKeyRow,
    RoundOptionRow,
    RoundRow,
    VoteLedgerRow,
)

_ROUNDS = table(RoundRow)
_COUNTS = table(RoundCountRow)
_OPTIONS = table(RoundOptionRow)
_KEYS = table(RoundKeyRow)
_BALLOTS = table(BallotRow)
_DOTS = table(DotRow)
_LEDGER = table(VoteLedgerRow)


_END = (
    update(_ROUNDS)
    .where(in_round(_ROUNDS, "number"), _ROUNDS.c.closed_at.is_(None))
    .values(closed_at=bindparam("now", type_=_ROUNDS.c.closed_at.type))
)
_SEAL = (
    update(_ROUNDS).where(in_round(_ROUNDS, "number")).values(tally=bindparam("words"), tally_sha256=bindparam("seal"))
)
_SEALED = select(_ROUNDS.c.tally, _ROUNDS.c.tally_sha256).where(in_round(_ROUNDS, "number"))
_COUNTED = select(_COUNTS.c.voters, _COUNTS.c.eligible).where(in_round(_COUNTS))
_ALL_OPTIONS = select(_OPTIONS.c.number).where(in_round(_OPTIONS)).order_by(_OPTIONS.c.number)
_BY_BALLOT = (
    select(_DOTS.c.voter, _DOTS.c.option, func.count().label("dots"))
    .where(in_round(_DOTS))
    .group_by(_DOTS.c.voter, _DOTS.c.option)
)
_SUMS = (
    select(_LEDGER.c.option, func.sum(_LEDGER.c.delta).label("dots"))
    .where(in_round(_LEDGER))
    .group_by(_LEDGER.c.option)
)
_VOTERS = select(_BALLOTS.c.voter).where(in_round(_BALLOTS))
_EVERY_DOT = select(_DOTS.c.voter, _DOTS.c.slot, _DOTS.c.option, _DOTS.c.nth).where(in_round(_DOTS))
_EVERY_ENTRY = select(_LEDGER.c.voter, _LEDGER.c.option, _LEDGER.c.delta).where(in_round(_LEDGER))

SECRETS_GONE = "secrets_gone"
"""Marks a connection that deleted a key: on SQLite the log still holds it until the next full checkpoint."""

Ballots = Mapping[str, Mapping[IdeaNumber, int]]


def close_round(connection: Connection, round: Round, now: datetime) -> Tally | None:
    """The tally of a round that this call closed; None when it was closed before.

    Ending it waits for whoever is voting; what they commit is counted. Raises Inconsistent when dots, ledger and
    counter differ, and then nothing is closed.
    """
    where = _where(round)
    if not connection.execute(_END, {**where, "now": now}).rowcount:
        return None
    ballots = _ballots(connection, where)
    if found := _unlike(connection, where, ballots):
        raise Inconsistent("; ".join(found))
    tally = _count(connection, round, ballots)
    words = _words(tally)
    connection.execute(_SEAL, {**where, "words": words, "seal": _digest(words)})
    failpoint("round.close.counted")
    connection.execute(delete(_KEYS).where(in_round(_KEYS)), where)
    _unlink(connection, round)
    connection.info[SECRETS_GONE] = True
    return tally


def sealed_tally(connection: Connection, round: Round) -> Tally:
    """The tally that was sealed at the close. Raises Inconsistent when its words were changed since."""
    words, seal = connection.execute(_SEALED, _where(round)).one()
    if words is None or _digest(words) != seal:
        raise Inconsistent("the sealed tally and its SHA-256")
    return _tally(json.loads(words))


def sealed_papers(connection: Connection, round: Round) -> tuple[Mapping[IdeaNumber, int], ...]:
    """The ballots of a closed round, in the order of their random names."""
    return tuple(placed for _, placed in sorted(_ballots(connection, _where(round)).items()))


def differences(connection: Connection, round: Round) -> tuple[str, ...]:
    """What differs between dots, ledger, counter and the sealed tally, in plain English; no figure is told."""
    where = _where(round)
    ballots = _ballots(connection, where)
    found = _unlike(connection, where, ballots)
    if round.open:
        return tuple(found)
    words, seal = connection.execute(_SEALED, where).one()
    if words is None or _digest(words) != seal:
        found.append("the sealed tally does not match its SHA-256")
    elif _tally(json.loads(words)) != _count(connection, round, ballots):
        found.append("the dots do not give the sealed tally")
    return tuple(found)


def _ballots(connection: Connection, where: Mapping[str, Any]) -> Ballots:
    ballots: dict[str, dict[IdeaNumber, int]] = {}
    for voter, option, dots in connection.execute(_BY_BALLOT, where):
        ballots.setdefault(voter, {})[IdeaNumber(option)] = dots
    return ballots


def _unlike(connection: Connection, where: Mapping[str, Any], ballots: Ballots) -> list[str]:
    dots: dict[int, int] = {}
    for placed in ballots.values():
        for option, number in placed.items():
            dots[option] = dots.get(option, 0) + number
    ledger = {option: int(total) for option, total in connection.execute(_SUMS, where) if total}
    voters = connection.execute(_COUNTED, where).one().voters
    found = []
    if dots != ledger:
        found.append("the dots and the ledger differ")
    if voters != len(ballots):
        found.append("the number of voters and the ballots with dots differ")
    return found


def _count(connection: Connection, round: Round, ballots: Ballots) -> Tally:
    placed: dict[int, list[int]] = {option: [] for option in connection.execute(_ALL_OPTIONS, _where(round)).scalars()}
    for ballot in ballots.values():
        for option, dots in ballot.items():
            placed[option].append(dots)
    scores = [Score(IdeaNumber(option), sum(dots), len(dots)) for option, dots in placed.items()]
    eligible = connection.execute(_COUNTED, _where(round)).one().eligible
    tally = count(scores, round.places, len(ballots), eligible, round.dots)
    return replace(tally, covered=coverage(ballots.values(), tally.winners))


def _unlink(connection: Connection, round: Round) -> None:
    """Gives every ballot a random name and writes all rows anew in the order of those names.

    Neither a key, nor a time, nor the order of the rows tells any more who voted what, or when.
    """
    where = _where(round)
    names = {voter: secrets.token_hex(16) for voter in connection.execute(_VOTERS, where).scalars()}
    dots = [_renamed(names, dict(row)) for row in connection.execute(_EVERY_DOT, where).mappings()]
    entries = [
        {**_renamed(names, dict(row)), "action": secrets.token_hex(32)}
        for row in connection.execute(_EVERY_ENTRY, where).mappings()
    ]
    for rows in (_DOTS, _LEDGER, _BALLOTS):
        connection.execute(delete(rows).where(in_round(rows)), where)
    keys = {"tenant": round.tenant, "hunt": round.hunt, "round": round.number}
    ballots: list[dict[str, Any]] = [{"voter": name, "version": 0} for name in sorted(names.values())]
    _write(connection, BallotRow, keys, ballots)
    _write(connection, DotRow, keys, _in_order(dots))
    _write(connection, VoteLedgerRow, keys, sorted(entries, key=lambda entry: entry["action"]))


def _in_order(dots: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Dots by ballot and option, each ballot's slots numbered anew: they were taken in the order of voting."""
    by_ballot = groupby(
        sorted(dots, key=lambda dot: (dot["voter"], dot["option"], dot["nth"])), key=lambda dot: dot["voter"]
    )
    return [{**dot, "slot": slot} for _, ballot in by_ballot for slot, dot in enumerate(ballot, 1)]


def _renamed(names: Mapping[str, str], row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "voter": names[row["voter"]]}


def _write(connection: Connection, row: type[Rows], keys: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        connection.execute(insert(row), [{**keys, **one} for one in rows])


def _where(round: Round) -> dict[str, Any]:
    return {"of": round.tenant, "in": round.hunt, "which": round.number}


def _words(tally: Tally) -> str:
    return json.dumps(asdict(tally), sort_keys=True, separators=(",", ":"))


def _digest(words: str) -> str:
    return sha256(words.encode()).hexdigest()


def _tally(fields: dict[str, Any]) -> Tally:
    ranks = tuple(Rank(**rank) for rank in fields.pop("ranks"))
    return Tally(ranks=ranks, **fields)
