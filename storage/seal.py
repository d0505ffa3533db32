"""Closing a round: counted, compared, sealed, made unlinkable; later, what was kept for recounts is deleted."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import BigInteger, Connection, bindparam, delete, literal, select, type_coerce, update

from bot.domain.ballot import Round
from bot.domain.errors import VoteHalted
from bot.domain.names import IdeaNumber
from bot.domain.readings import read
from bot.domain.roles import OTHERS, told_apart
from bot.domain.rules import LEAST_VOTERS, RoundKind
from bot.domain.tally import Group, Score, Tally, count
from bot.failpoint import failpoint
from storage import electors
from storage.columns import Rows, microseconds
from storage.problems import Inconsistent
from storage.record import (
    Ballots,
    ballots_of,
    keep_record,
    ledger_of,
    tally_seal,
    tally_words,
    unlike,
)
from storage.record import tally_of as sealed_tally
from storage.rows import in_round, insert, table
from storage.rows_vote import BallotRow, DotRow, RoundCountRow, RoundKeyRow, RoundOptionRow, RoundRow, VoteLedgerRow
from storage.voters import unwrapped, voter_key

_ROUNDS = table(RoundRow)
_COUNTS = table(RoundCountRow)
_OPTIONS = table(RoundOptionRow)
_KEYS = table(RoundKeyRow)
_BALLOTS = table(BallotRow)
_DOTS = table(DotRow)
_LEDGER = table(VoteLedgerRow)

_HERE = in_round(_ROUNDS, "number")
_END = (
    update(_ROUNDS)
    .where(_HERE, _ROUNDS.c.closed_at.is_(None))
    .values(closed_at=bindparam("now", type_=_ROUNDS.c.closed_at.type))
)
_SEAL = update(_ROUNDS).where(_HERE).values(tally=bindparam("words"), tally_sha256=bindparam("seal"))
_PURGED = update(_ROUNDS).where(_HERE).values(purged_at=bindparam("now", type_=_ROUNDS.c.purged_at.type))
_COUNTED = select(_COUNTS.c.voters, _COUNTS.c.eligible, _COUNTS.c.papers).where(in_round(_COUNTS))
_ALL_OPTIONS = select(_OPTIONS.c.number).where(in_round(_OPTIONS)).order_by(_OPTIONS.c.number)
_KEY = select(_KEYS.c.key, _KEYS.c.proof).where(in_round(_KEYS))
_NAMES = select(_BALLOTS.c.voter).where(in_round(_BALLOTS)).union(select(_LEDGER.c.voter).where(in_round(_LEDGER)))
_PAPERS = select(_BALLOTS.c.voter).where(in_round(_BALLOTS), _BALLOTS.c.paper > 0)
_VOTED = select(_DOTS.c.voter).where(in_round(_DOTS)).distinct()
_EVERY_DOT = select(_DOTS.c.voter, _DOTS.c.option, _DOTS.c.nth).where(in_round(_DOTS))
_EVERY_ENTRY = select(_LEDGER.c.voter, _LEDGER.c.option, _LEDGER.c.delta).where(in_round(_LEDGER))
_DAY = timedelta(days=1) // timedelta(microseconds=1)
_OUTLIVED = select(_ROUNDS.c.tenant, _ROUNDS.c.hunt, _ROUNDS.c.number, _ROUNDS.c.record).where(
    _ROUNDS.c.purged_at.is_(None),
    type_coerce(_ROUNDS.c.closed_at, BigInteger) <= bindparam("now", type_=BigInteger),  # finds its index by this
    type_coerce(_ROUNDS.c.closed_at, BigInteger) + _ROUNDS.c.keep_days * literal(_DAY, BigInteger)
    <= bindparam("now", type_=BigInteger),
)

SECRETS_GONE = "secrets_gone"
"""Marks a connection that deleted a key: on SQLite the log still holds it until the next full checkpoint."""


def close_round(connection: Connection, round: Round, now: datetime) -> Tally | None:
    """The tally of a round that this call closed; None when it was closed before.

    Ending it waits for whoever is voting; what they commit is counted. Raises Inconsistent when dots, ledger and
    counter differ, and then nothing is closed.
    """
    where = _where(round)
    if not connection.execute(_END, {**where, "now": now}).rowcount:
        return None
    ballots = ballots_of(connection, where)
    if found := unlike(connection, where, ballots):
        raise Inconsistent("; ".join(found))
    tally = _count(connection, round, ballots)
    words = tally_words(tally)
    connection.execute(_SEAL, {**where, "words": words, "seal": tally_seal(words)})
    failpoint("round.close.counted")
    connection.execute(delete(_KEYS).where(in_round(_KEYS)), where)
    electors.forget(connection, round)
    failpoint("round.close.keyless")
    if tally.voters - tally.papers < LEAST_VOTERS or not round.keep_days:
        _pool(connection, round, now)
    else:
        _unlink(connection, round)
    keep_record(connection, where)
    failpoint("round.close.sealed")
    connection.info[SECRETS_GONE] = True
    return tally


def sealed_papers(connection: Connection, round: Round) -> tuple[Mapping[IdeaNumber, int], ...]:
    """The ballots of a closed round, in the order of their random names; none where they were not kept."""
    return tuple(placed for _, placed in sorted(ballots_of(connection, _where(round)).items()))


def purge(connection: Connection, now: datetime) -> int:
    """Deletes the ballots of rounds that outlived the days their rules keep them for; returns how many rounds."""
    outlived = connection.execute(_OUTLIVED, {"now": microseconds(now)}).all()
    for tenant, hunt, number, recorded in outlived:
        where = {"of": tenant, "in": hunt, "which": number}
        _pool_at(connection, where, now)
        if recorded:  # a round closed before there was a record gets none now
            keep_record(connection, where)
    if outlived:
        connection.info[SECRETS_GONE] = True
    return len(outlived)


def _count(connection: Connection, round: Round, ballots: Ballots) -> Tally:
    placed: dict[int, list[int]] = {n: [] for n in connection.execute(_ALL_OPTIONS, _where(round)).scalars()}
    for ballot in ballots.values():
        for option, dots in ballot.items():
            placed[option].append(dots)
    scores = [Score(IdeaNumber(option), sum(dots), len(dots)) for option, dots in placed.items()]
    counted = connection.execute(_COUNTED, _where(round)).one()
    tally = count(scores, round.places, len(ballots), counted.eligible, round.dots)
    tally = replace(
        tally,
        papers=counted.papers,
        quorum=round.quorum.of(counted.eligible),
        groups=_groups_or_none(connection, round, ballots) if round.by_role else (),
    )
    return read(tally, [placed for _, placed in sorted(ballots.items())], balance=round.kind is RoundKind.MAIN)


def _groups_or_none(connection: Connection, round: Round, ballots: Ballots) -> tuple[Group, ...]:
    """No groups where the secret was lost: the vote closes all the same, and nothing ties a role to a ballot."""
    try:
        return _groups(connection, round, ballots)
    except VoteHalted:
        return ()


def _groups(connection: Connection, round: Round, ballots: Ballots) -> tuple[Group, ...]:
    """What groups of five or more voters chose; the last time that a role and a ballot are seen together.

    Paper ballots are left out, and those who filled them: a facilitator knows what was typed, and the total less that
    would point at the others.
    """
    key = _key_of(connection, round)
    eligible: dict[str, int] = {}
    whose: dict[str, str] = {}
    cast: dict[str, int] = {}
    for person, role, done in electors.roles(connection, round):
        eligible[role] = eligible.get(role, 0) + 1
        if key is not None:
            whose[voter_key(key, round.tenant, person)] = role
        elif done:
            cast[role] = cast.get(role, 0) + 1
    on_paper = set(connection.execute(_PAPERS, _where(round)).scalars())
    by_role = _by_role({voter: ballot for voter, ballot in ballots.items() if voter not in on_paper}, whose)
    voters = cast if key is None else {role: len(theirs) for role, theirs in by_role.items()}
    if key is None:
        voters[OTHERS] = voters.get(OTHERS, 0) + len(ballots) - len(on_paper) - sum(voters.values())
    voters = {**dict.fromkeys(eligible, 0), **voters}  # who did not vote counts among those who might
    names = told_apart(voters)
    told = (
        Group(
            name,
            sum(voters.get(role, 0) for role in roles),
            sum(eligible.get(role, 0) for role in roles),
            _sums(ballot for role in roles for ballot in by_role.get(role, ())) if key is not None else {},
        )
        for name, roles in _members(names).items()
    )
    return tuple(group for group in told if group.voters)


def _key_of(connection: Connection, round: Round) -> bytes | None:
    """The round's key; none for detached ballots. Raises VoteHalted."""
    row = connection.execute(_KEY, _where(round)).first()
    return None if row is None else unwrapped(connection, row.key, row.proof)


def _members(names: Mapping[str, str]) -> dict[str, list[str]]:
    """Group -> its roles, the joined ones last."""
    found: dict[str, list[str]] = {}
    for role, name in sorted(names.items(), key=lambda one: (one[1] == OTHERS, one)):
        found.setdefault(name, []).append(role)
    return found


def _by_role(ballots: Ballots, whose: Mapping[str, str]) -> dict[str, list[Mapping[IdeaNumber, int]]]:
    found: dict[str, list[Mapping[IdeaNumber, int]]] = {}
    for voter, ballot in ballots.items():
        found.setdefault(whose.get(voter, OTHERS), []).append(ballot)
    return found


def _sums(ballots: Iterable[Mapping[IdeaNumber, int]]) -> dict[IdeaNumber, int]:
    sums: dict[IdeaNumber, int] = {}
    for ballot in ballots:
        for option, dots in ballot.items():
            sums[option] = sums.get(option, 0) + dots
    return dict(sorted(sums.items()))


def _unlink(connection: Connection, round: Round) -> None:
    """Gives every ballot a random name and writes all rows anew in the order of those names.

    Neither a key, nor a time, nor the order of the rows tells any more who voted what, or when, or on paper.
    """
    where, keys = _where(round), _keys(round)
    names = {voter: secrets.token_hex(16) for voter in connection.execute(_NAMES, where).scalars()}
    kept = sorted(names[voter] for voter in connection.execute(_VOTED, where).scalars())
    dots = [_renamed(names, dict(row)) for row in connection.execute(_EVERY_DOT, where).mappings()]
    entries = [
        {**_renamed(names, dict(row)), "action": secrets.token_hex(32)}
        for row in connection.execute(_EVERY_ENTRY, where).mappings()
    ]
    _clear(connection, where)
    _write(connection, BallotRow, keys, [{"voter": name, "version": 0, "paper": 0} for name in kept])
    _write(connection, DotRow, keys, _in_order(dots))
    _write(connection, VoteLedgerRow, keys, sorted(entries, key=lambda entry: str(entry["action"])))


def _pool(connection: Connection, round: Round, now: datetime) -> None:
    """Keeps one entry an option, and no ballot: too few voters, or rules that keep none."""
    _pool_at(connection, _where(round), now)


def _pool_at(connection: Connection, where: Mapping[str, Any], now: datetime) -> None:
    sums = ledger_of(connection, where)
    _clear(connection, where)
    keys = {"tenant": where["of"], "hunt": where["in"], "round": where["which"]}
    entries = [
        {"voter": "", "option": option, "delta": dots, "action": secrets.token_hex(32)} for option, dots in sums.items()
    ]
    _write(connection, VoteLedgerRow, keys, sorted(entries, key=lambda entry: str(entry["action"])))
    connection.execute(_PURGED, {**where, "now": now})


def _clear(connection: Connection, where: Mapping[str, Any]) -> None:
    for rows in (_DOTS, _LEDGER, _BALLOTS):
        connection.execute(delete(rows).where(in_round(rows)), where)


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


def _keys(round: Round) -> dict[str, Any]:
    return {"tenant": round.tenant, "hunt": round.hunt, "round": round.number}


def _where(round: Round) -> dict[str, Any]:
    return {"of": round.tenant, "in": round.hunt, "which": round.number}


__all__ = ["SECRETS_GONE", "close_round", "purge", "sealed_papers", "sealed_tally"]
