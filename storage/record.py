"""The record of a closed round: digests of everything it was counted from, and what differs when counted again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from hashlib import sha256
from typing import Any

from sqlalchemy import Column, Connection, Table, bindparam, func, select, update

from bot.domain.ballot import Round
from bot.domain.names import IdeaNumber
from bot.domain.readings import read
from bot.domain.tally import Coverage, Group, Rank, Score, Tally, count
from storage.problems import Inconsistent
from storage.rows import in_round, table
from storage.rows_vote import (
    BallotRow,
    DotRow,
    RoundCountRow,
    RoundElectorRow,
    RoundKeyRow,
    RoundNthRow,
    RoundOptionRow,
    RoundRow,
    RoundSlotRow,
    VoteLedgerRow,
)

_ROUNDS = table(RoundRow)
_COUNTS = table(RoundCountRow)
_OPTIONS = table(RoundOptionRow)
_DOTS = table(DotRow)
_LEDGER = table(VoteLedgerRow)

_SEALED = select(_ROUNDS.c.tally, _ROUNDS.c.tally_sha256, _ROUNDS.c.record, _ROUNDS.c.purged_at).where(
    in_round(_ROUNDS, "number")
)
_BY_BALLOT = (
    select(_DOTS.c.voter, _DOTS.c.option, func.count().label("dots"))
    .where(in_round(_DOTS))
    .group_by(_DOTS.c.voter, _DOTS.c.option)
)
_SUMS = (
    select(_LEDGER.c.option, func.sum(_LEDGER.c.delta).label("dots"))
    .where(in_round(_LEDGER))
    .group_by(_LEDGER.c.option)
    .order_by(_LEDGER.c.option)
)
_VOTERS = select(_COUNTS.c.voters).where(in_round(_COUNTS))
_NUMBERS = select(_OPTIONS.c.number).where(in_round(_OPTIONS)).order_by(_OPTIONS.c.number)

PARTS: Mapping[str, tuple[Table, ...]] = {
    "rules": (_ROUNDS, _COUNTS, table(RoundSlotRow), table(RoundNthRow)),
    "options": (_OPTIONS,),
    "ballots": (table(BallotRow), _DOTS),
    "ledger": (_LEDGER,),
}
"""What each digest of a record covers, beside `tally`."""
LEFT = "left"
"""The digest of what is left of ballots and ledger, and of when they were deleted; changes when they are."""
_RECORDED_SINCE = "coverages"
"""A field of every tally that was sealed together with a record."""
_RECORD = update(_ROUNDS).where(in_round(_ROUNDS, "number")).values(record=bindparam("digests"))
_OUTSIDE = frozenset({"tally", "tally_sha256", "record", "purged_at"})
"""Columns sealed apart, or written after the seal."""
_CHANGED = {LEFT: "what is left of the ballots was changed", "tally": "the tally was changed since the close"}
_EMPTY_AFTER_CLOSE = {
    "somebody is still on the list of voters": table(RoundElectorRow),
    "the key of the ballots is still there": table(RoundKeyRow),
}

Ballots = Mapping[str, Mapping[IdeaNumber, int]]


def ballots_of(connection: Connection, where: Mapping[str, Any]) -> Ballots:
    """Ballot -> option -> dots; ballots without dots are none."""
    ballots: dict[str, dict[IdeaNumber, int]] = {}
    for voter, option, dots in connection.execute(_BY_BALLOT, where):
        ballots.setdefault(voter, {})[IdeaNumber(option)] = dots
    return ballots


def ledger_of(connection: Connection, where: Mapping[str, Any]) -> dict[int, int]:
    """Option -> dots, by the ledger; options without dots are left out."""
    return {option: int(total) for option, total in connection.execute(_SUMS, where) if total}


def unlike(connection: Connection, where: Mapping[str, Any], ballots: Ballots) -> list[str]:
    """What differs between ballots, ledger and counter, in plain English; no figure is told."""
    dots: dict[int, int] = {}
    for placed in ballots.values():
        for option, number in placed.items():
            dots[option] = dots.get(option, 0) + number
    found = []
    if dots != ledger_of(connection, where):
        found.append("the dots and the ledger differ")
    if connection.execute(_VOTERS, where).scalar_one() != len(ballots):
        found.append("the number of voters and the ballots with dots differ")
    return found


def record_of(connection: Connection, where: Mapping[str, Any]) -> dict[str, str]:
    """The digest (SHA-256, hexadecimal) of each part of a closed round as it is now."""
    digests = {name: _digest(_lines(connection, rows, where) for rows in of_part) for name, of_part in PARTS.items()}
    sealed = connection.execute(_SEALED, where).one()
    left = json.dumps([str(sealed.purged_at), digests["ballots"], digests["ledger"]])
    return {**digests, "tally": tally_seal(sealed.tally or ""), LEFT: sha256(left.encode()).hexdigest()}


def keep_record(connection: Connection, where: Mapping[str, Any]) -> None:
    """Seals a round that closes now; or says what is left of a sealed one, once its ballots were deleted in time."""
    record = connection.execute(_SEALED, where).one().record
    digests = record_of(connection, where)
    if record is not None:
        sealed = _read(record)
        if not sealed:
            return  # unreadable: it stays as it was found
        digests = {**sealed, LEFT: digests[LEFT]}
    connection.execute(_RECORD, {**where, "digests": json.dumps(digests, sort_keys=True)})


def fingerprint(connection: Connection, round: Round) -> str:
    """SHA-256, in hexadecimal, of the record's digests in the order of their names, a line each; "" without a record.

    Not of what is left after ballots were deleted: it stays the same as long as the round is kept.

    Published at the close. Whoever changes a row of a closed round changes it, and so cannot go unnoticed by anybody
    who kept it.
    """
    record = connection.execute(_SEALED, _where(round)).one().record
    if record is None:
        return ""
    digests = _read(record) or {"unreadable": record}
    told = sorted((name, digest) for name, digest in digests.items() if name != LEFT)
    return sha256("\n".join(f"{name}:{digest}" for name, digest in told).encode()).hexdigest()


def differences(connection: Connection, round: Round) -> tuple[str, ...]:
    """What differs from what was sealed, counted again from the ledger and the ballots; no figure is told."""
    where = _where(round)
    ballots = ballots_of(connection, where)
    sealed = connection.execute(_SEALED, where).one()
    if round.open:
        again = ["the round was opened again after its close"] if sealed.tally is not None else []
        return (*again, *unlike(connection, where, ballots))
    if sealed.tally is None or tally_seal(sealed.tally) != sealed.tally_sha256:
        return ("the sealed tally does not match its SHA-256",)
    tally = _parsed(sealed.tally)
    found = _leftovers(connection, where) + _altered(connection, where, sealed, closed_at=round.closed_at)
    if sealed.purged_at is not None:
        return (*found, *_pooled_unlike(connection, where, tally))
    found += unlike(connection, where, ballots)
    if _recounted(connection, round, ballots) != (tally.ranks, tally.voters, tally.dots_placed, tally.covered):
        found.append("the dots do not give the sealed tally")
    return tuple(found)


def _leftovers(connection: Connection, where: Mapping[str, Any]) -> list[str]:
    return [
        told
        for told, rows in _EMPTY_AFTER_CLOSE.items()
        if connection.execute(select(func.count()).select_from(rows).where(in_round(rows)), where).scalar()
    ]


def _altered(connection: Connection, where: Mapping[str, Any], sealed: Any, *, closed_at: object) -> list[str]:  # noqa: ANN401 - a row
    """Parts whose digest is another now; ballots and ledger deleted since, as announced, are not compared."""
    if sealed.record is None:
        return ["the record of the close is gone"] if _RECORDED_SINCE in json.loads(sealed.tally) else []
    deleted = {"ballots", "ledger"} if sealed.purged_at not in {None, closed_at} else set()
    now, then = record_of(connection, where), _read(sealed.record)
    if set(then) != set(now):
        return ["the record of the close was changed since"]
    return [
        _CHANGED.get(name, f"the {name} were changed since the close")
        for name, digest in then.items()
        if name not in deleted and now[name] != digest
    ]


def _read(record: str) -> dict[str, str]:
    """The digests of a record; none where somebody made it unreadable."""
    try:
        digests = json.loads(record)
    except ValueError:
        return {}
    return digests if isinstance(digests, dict) else {}


def _pooled_unlike(connection: Connection, where: Mapping[str, Any], tally: Tally) -> list[str]:
    """Where no ballot was kept, the ledger still has a sum for each option."""
    told = {int(rank.option): rank.dots for rank in tally.ranks if rank.dots}
    return [] if told == ledger_of(connection, where) else ["the ledger does not give the sealed tally"]


def _recounted(connection: Connection, round: Round, ballots: Ballots) -> tuple[object, ...]:
    placed: dict[int, list[int]] = {n: [] for n in connection.execute(_NUMBERS, _where(round)).scalars()}
    for ballot in ballots.values():
        for option, dots in ballot.items():
            placed.setdefault(option, []).append(dots)
    scores = [Score(IdeaNumber(option), sum(dots), len(dots)) for option, dots in placed.items()]
    tally = count(scores, round.places, len(ballots), round.eligible, round.dots)
    tally = read(tally, list(ballots.values()), balance=False)
    return tally.ranks, tally.voters, tally.dots_placed, tally.covered


def tally_of(connection: Connection, round: Round) -> Tally:
    """The tally that was sealed at the close. Raises Inconsistent when its words were changed since."""
    sealed = connection.execute(_SEALED, _where(round)).one()
    if sealed.tally is None or tally_seal(sealed.tally) != sealed.tally_sha256:
        raise Inconsistent("the sealed tally and its SHA-256")
    return _parsed(sealed.tally)


def tally_words(tally: Tally) -> str:
    """A tally as the words that are sealed."""
    return json.dumps(asdict(tally), sort_keys=True, separators=(",", ":"))


def tally_seal(words: str) -> str:
    """SHA-256 of a tally's words, in hexadecimal."""
    return sha256(words.encode()).hexdigest()


def _parsed(words: str) -> Tally:
    """Fields that an older version did not seal keep their defaults."""
    fields = json.loads(words)
    listed = fields.pop("balanced", None)
    return Tally(
        ranks=tuple(Rank(**rank) for rank in fields.pop("ranks")),
        coverages=tuple(map(_covered, fields.pop("coverages", ()))),
        balanced=_covered(listed) if listed else None,
        groups=tuple(map(_group, fields.pop("groups", ()))),
        **fields,
    )


def _covered(fields: Mapping[str, Any]) -> Coverage:
    return Coverage(tuple(fields["chosen"]), fields["voters"])


def _group(fields: Mapping[str, Any]) -> Group:
    dots = {IdeaNumber(int(option)): number for option, number in fields["dots"].items()}
    return Group(fields["role"], fields["voters"], fields["eligible"], dots)


def _lines(connection: Connection, rows: Table, where: Mapping[str, Any]) -> Iterable[str]:
    """Every row of the round as a line, in the order of its key."""
    number = "number" if rows is _ROUNDS else "round"
    columns = [column for column in rows.columns if column.name not in _OUTSIDE]
    order: Sequence[Column[Any]] = list(rows.primary_key)
    for row in connection.execute(select(*columns).where(in_round(rows, number)).order_by(*order), where):
        yield json.dumps([rows.name, *row], default=str, ensure_ascii=True)


def _digest(parts: Iterable[Iterable[str]]) -> str:
    """SHA-256 over every line, in hexadecimal. Lines are sorted: databases compare text differently."""
    digest = sha256()
    for lines in parts:
        for line in sorted(lines):
            digest.update(line.encode() + b"\n")
    return digest.hexdigest()


def _where(round: Round) -> dict[str, Any]:
    return {"of": round.tenant, "in": round.hunt, "which": round.number}


__all__ = [
    "Ballots",
    "ballots_of",
    "differences",
    "fingerprint",
    "keep_record",
    "ledger_of",
    "record_of",
    "tally_of",
    "tally_seal",
    "tally_words",
    "unlike",
]
