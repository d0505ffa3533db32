"""Whole ballots under random names: cast once where ballots are detached, or entered from paper in batches."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, select, update
from sqlalchemy.exc import IntegrityError

from bot.domain.ballot import Round
from bot.domain.errors import AlreadyVoted, VoteOver, VoteRefused
from bot.domain.names import IdeaNumber, PersonId
from storage import electors
from storage.hot import attempt
from storage.rows import in_round, insert, table
from storage.rows_vote import BallotRow, DotRow, RoundCountRow, RoundRow, VoteLedgerRow
from storage.voters import voter_key
from storage.wishes import hold

_ROUNDS = table(RoundRow)
_BALLOTS = table(BallotRow)
_DOTS = table(DotRow)
_COUNTS = table(RoundCountRow)

Placed = Mapping[IdeaNumber, int]

# Whoever casts holds the round for reading, so that a close waits for this transaction.
_OPEN = (
    select(_ROUNDS.c.closes_at)
    .where(in_round(_ROUNDS, "number"), _ROUNDS.c.closed_at.is_(None))
    .with_for_update(read=True, of=_ROUNDS)
)
_COUNT = (
    update(_COUNTS)
    .where(in_round(_COUNTS))
    .values(voters=_COUNTS.c.voters + bindparam("more"), papers=_COUNTS.c.papers + bindparam("written"), started=True)
)
_OF_BATCH = in_round(_BALLOTS) & (_BALLOTS.c.paper == bindparam("batch"))
_ITS_DOTS = (
    select(_DOTS.c.voter, _DOTS.c.option, func.count().label("dots"))
    .join(
        _BALLOTS,
        (_BALLOTS.c.tenant == _DOTS.c.tenant)
        & (_BALLOTS.c.hunt == _DOTS.c.hunt)
        & (_BALLOTS.c.round == _DOTS.c.round)
        & (_BALLOTS.c.voter == _DOTS.c.voter),
    )
    .where(_OF_BATCH)
    .group_by(_DOTS.c.voter, _DOTS.c.option)
)
_BATCHES = (
    select(_BALLOTS.c.paper, func.count())
    .where(in_round(_BALLOTS), _BALLOTS.c.paper > 0)
    .group_by(_BALLOTS.c.paper)
    .order_by(_BALLOTS.c.paper)
)
# A number is never given twice: a button that takes a batch back must not find another one under its number.
_NEXT = update(_COUNTS).where(in_round(_COUNTS)).values(batches=_COUNTS.c.batches + 1).returning(_COUNTS.c.batches)
_HOLD_BATCH = select(_BALLOTS.c.voter).where(_OF_BATCH).order_by(_BALLOTS.c.voter).with_for_update()
_HAS_DOTS = select(_DOTS.c.voter).where(in_round(_DOTS), _DOTS.c.voter == bindparam("by")).limit(1)


def cast(connection: Connection, round: Round, person: PersonId, placed: Placed, now: datetime) -> None:
    """Casts a person's only ballot. Raises AlreadyVoted, VoteOver; VoteRefused where the schema refuses it."""
    _expect_open(connection, round, now)
    if not electors.claim(connection, round, person):
        raise AlreadyVoted
    _write(connection, round, [placed], 0)


def enter(
    connection: Connection,
    round: Round,
    papers: Sequence[Placed],
    struck: Sequence[PersonId],
    key: bytes | None,
    now: datetime,
) -> int:
    """Keeps paper ballots and strikes people whose ballots are among them; returns the batch.

    Raises AlreadyVoted where one of `struck` has dots or a ballot in the chat already, VoteOver, VoteRefused.
    """
    _expect_open(connection, round, now)
    known = 0
    for person in sorted(struck):
        if key is not None and _placed_some(connection, round, voter_key(key, round.tenant, person)):
            raise AlreadyVoted(person)
        was_listed = electors.strike(connection, round, person)
        if was_listed is None:
            raise AlreadyVoted(person)
        known += was_listed
    # Numbered last: voters hold their own rows before the counters, and so must we, or we wait for each other.
    batch = int(connection.execute(_NEXT, _where(round)).scalar_one())
    electors.number(connection, round, struck, batch)
    _write(connection, round, papers, batch)
    if round.eligible:  # where members are not known, how many may vote is not known either
        electors.grow(connection, round, len(papers) - known)
    return batch


def take_back(connection: Connection, round: Round, batch: int, now: datetime) -> int:
    """Takes a batch of paper ballots out again; returns how many they were. Raises VoteOver."""
    _expect_open(connection, round, now)
    if batch < 1:  # 0 are the ballots cast in the chat, and those stay
        return 0
    where = {**_where(round), "batch": batch}
    written = len(connection.execute(_HOLD_BATCH, where).all())  # who takes it back at the same time finds nothing
    if not written:
        return 0
    lifted = [_entry(round, row.voter, row.option, -row.dots) for row in connection.execute(_ITS_DOTS, where)]
    connection.execute(insert(VoteLedgerRow), lifted)
    connection.execute(delete(_BALLOTS).where(_OF_BATCH), where)  # its dots go with it
    connection.execute(_COUNT, {**_where(round), "more": -written, "written": -written})
    known = electors.restore(connection, round, batch)
    if round.eligible:
        electors.grow(connection, round, known - written)
    return written


def batches(connection: Connection, round: Round) -> tuple[tuple[int, int], ...]:
    """Every batch of paper ballots with how many it holds, oldest first."""
    return tuple((batch, number) for batch, number in connection.execute(_BATCHES, _where(round)))


def _placed_some(connection: Connection, round: Round, voter: str) -> bool:
    hold(connection, round, voter)
    return connection.execute(_HAS_DOTS, {**_where(round), "by": voter}).first() is not None


def _expect_open(connection: Connection, round: Round, now: datetime) -> None:
    found = connection.execute(_OPEN, _where(round)).first()
    if found is None or (found.closes_at is not None and now >= found.closes_at):
        raise VoteOver(found.closes_at if found else round.closed_at)


def _write(connection: Connection, round: Round, papers: Sequence[Placed], batch: int) -> None:
    """Ballots, dots and ledger; all the random names are drawn first, so that no row tells which came before which."""
    named = sorted((secrets.token_hex(32), paper) for paper in papers)
    ballots = [{**_keys(round), "voter": name, "version": 1, "paper": batch} for name, _ in named]
    dots = [row for name, paper in named for row in _dots(round, name, paper)]
    entries = [_entry(round, name, option, n) for name, paper in named for option, n in sorted(paper.items())]
    try:
        with attempt(connection):
            connection.execute(insert(BallotRow), ballots)
            connection.execute(insert(DotRow), dots)
            connection.execute(insert(VoteLedgerRow), sorted(entries, key=lambda entry: str(entry["action"])))
    except IntegrityError as error:
        raise VoteRefused from error
    more, written = len(papers), len(papers) if batch else 0
    connection.execute(_COUNT, {**_where(round), "more": more, "written": written})


def _dots(round: Round, name: str, paper: Placed) -> list[dict[str, Any]]:
    placed = [(option, nth) for option, dots in sorted(paper.items()) for nth in range(1, dots + 1)]
    return [
        {**_keys(round), "voter": name, "slot": slot, "option": option, "nth": nth}
        for slot, (option, nth) in enumerate(placed, 1)
    ]


def _entry(round: Round, voter: str, option: int, delta: int) -> dict[str, Any]:
    return {**_keys(round), "action": secrets.token_hex(32), "voter": voter, "option": option, "delta": delta}


def _keys(round: Round) -> dict[str, Any]:
    return {"tenant": round.tenant, "hunt": round.hunt, "round": round.number}


def _where(round: Round) -> dict[str, Any]:
    return {"of": round.tenant, "in": round.hunt, "which": round.number}
