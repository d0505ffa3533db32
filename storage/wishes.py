"""Granting a wish ("2 dots here"): dots, ledger and the number of voters, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update
from sqlalchemy.exc import IntegrityError

from bot.domain.ballot import Round
from bot.domain.errors import AlreadyVoted, BadDots, CapReached, NoDotsLeft, NotAnOption, VoteOver
from bot.domain.names import IdeaNumber, PersonId
from storage.hot import Hot, attempt
from storage.rows import in_round, insert, table
from storage.rows_vote import (
    BallotRow,
    DotRow,
    RoundCountRow,
    RoundElectorRow,
    RoundKeyRow,
    RoundOptionRow,
    RoundRow,
    VoteLedgerRow,
)
from storage.voters import action_key, unwrapped, voter_key

_TRIES = 5

_ROUNDS = table(RoundRow)
_KEYS = table(RoundKeyRow)
_COUNTS = table(RoundCountRow)
_OPTIONS = table(RoundOptionRow)
_BALLOTS = table(BallotRow)
_DOTS = table(DotRow)
_LEDGER = table(VoteLedgerRow)
_ELECTORS = table(RoundElectorRow)

# Whoever votes holds the round for reading, so that a close waits for this transaction.
_OPEN_KEY = Hot(
    select(_KEYS.c.key, _KEYS.c.proof, _ROUNDS.c.dots, _ROUNDS.c.cap, _ROUNDS.c.closes_at)
    .join(
        _ROUNDS,
        (_ROUNDS.c.tenant == _KEYS.c.tenant) & (_ROUNDS.c.hunt == _KEYS.c.hunt) & (_ROUNDS.c.number == _KEYS.c.round),
    )
    .where(
        in_round(_ROUNDS, "number"),
        _ROUNDS.c.closed_at.is_(None),
    )
    .with_for_update(read=True, of=_ROUNDS)
)
_HOLD = Hot(
    insert(BallotRow).on_conflict_do_update(
        index_elements=["tenant", "hunt", "round", "voter"], set_={"version": _BALLOTS.c.version + 1}
    )
)


# Struck because their ballot is on paper: looked at once the ballot is held, so that nobody has two.
_STRUCK = Hot(
    select(_ELECTORS.c.paper).where(
        in_round(_ELECTORS), _ELECTORS.c.person == bindparam("who"), _ELECTORS.c.paper != ""
    )
)
_MINE = in_round(_DOTS) & (_DOTS.c.voter == bindparam("by"))
_SEEN = Hot(select(_LEDGER.c.voter).where(in_round(_LEDGER), _LEDGER.c.action == bindparam("done")))
_PLACED = Hot(select(_DOTS.c.slot, _DOTS.c.option).where(_MINE))
_LIFT = Hot(delete(_DOTS).where(_MINE, _DOTS.c.option == bindparam("on"), _DOTS.c.nth > bindparam("most")))
_PLACE = insert(DotRow)
_WRITE = Hot(insert(VoteLedgerRow))
_VOTERS = Hot(
    update(_COUNTS).where(in_round(_COUNTS)).values(voters=_COUNTS.c.voters + bindparam("more"), started=True)
)
_IS_OPTION = select(_OPTIONS.c.number).where(in_round(_OPTIONS), _OPTIONS.c.number == bindparam("on"))


@dataclass(frozen=True, slots=True)
class Wish:
    """How many dots somebody wants on an option, from now on."""

    round: Round
    person: PersonId
    option: IdeaNumber
    dots: int
    action: str

    @property
    def keys(self) -> dict[str, Any]:
        """The round's key, for rows."""
        return {"tenant": self.round.tenant, "hunt": self.round.hunt, "round": self.round.number}

    @property
    def where(self) -> dict[str, Any]:
        """The round's key, for conditions."""
        return {"of": self.round.tenant, "in": self.round.hunt, "which": self.round.number}


def grant(connection: Connection, wish: Wish, now: datetime) -> None:
    """Writes exactly the wished dots; an action written before changes nothing.

    Raises VoteOver, VoteHalted, AlreadyVoted (on paper), BadDots, CapReached, NoDotsLeft or NotAnOption. Whatever was
    checked before, it is the constraints on `dot` that decide: a slot taken meanwhile is tried again, five times.
    """
    rules = _OPEN_KEY.first(connection, wish.where)
    if rules is None or (rules.closes_at is not None and now >= rules.closes_at):
        raise VoteOver(rules.closes_at if rules else wish.round.closed_at)
    if wish.dots < 0:
        raise BadDots
    key = unwrapped(connection, rules.key, rules.proof)
    voter = voter_key(key, wish.round.tenant, wish.person)
    action = action_key(key, wish.person, wish.action)
    hold(connection, wish.round, voter)
    if _STRUCK.first(connection, {**wish.where, "who": wish.person}) is not None:
        raise AlreadyVoted
    for _ in range(_TRIES):
        try:
            with attempt(connection):
                _place(connection, wish, voter, action, (rules.dots, rules.cap))
        except IntegrityError:
            if connection.execute(_IS_OPTION, {**wish.where, "on": wish.option}).first() is None:
                raise NotAnOption(wish.option) from None
        else:
            return
    raise NoDotsLeft(rules.dots, rules.dots)


def hold(connection: Connection, round: Round, voter: str) -> None:
    """Makes the other devices of this voter, and whoever strikes them, wait for our end."""
    keys = {"tenant": round.tenant, "hunt": round.hunt, "round": round.number}
    _HOLD.touched(connection, {**keys, "voter": voter, "version": 1, "paper": 0})


def _place(connection: Connection, wish: Wish, voter: str, action: str, rules: tuple[int, int]) -> None:
    if _SEEN.first(connection, {**wish.where, "done": action}) is not None:
        return
    taken = _PLACED.all(connection, {**wish.where, "by": voter})
    here = sum(1 for dot in taken if dot.option == wish.option)
    delta = wish.dots - here
    if delta < 0:
        lift = {**wish.where, "by": voter, "on": wish.option, "most": wish.dots}
        _LIFT.touched(connection, lift)
    elif delta > 0:
        _add_dots(connection, wish, voter, here, _free([dot.slot for dot in taken], wish, here, rules))
    entry = {"action": action, "voter": voter, "option": wish.option, "delta": delta}
    _WRITE.touched(connection, {**wish.keys, **entry})
    if more := bool(len(taken) + delta) - bool(taken):
        _VOTERS.touched(connection, {**wish.where, "more": more})


def _free(taken: Sequence[int], wish: Wish, here: int, rules: tuple[int, int]) -> list[int]:
    """Slots for the dots to add; raises CapReached or NoDotsLeft."""
    dots, cap = rules
    if wish.dots > cap:
        raise CapReached(here, cap)
    free = [slot for slot in range(1, dots + 1) if slot not in taken]
    if len(free) < wish.dots - here:
        raise NoDotsLeft(len(taken), dots)
    return free


def _add_dots(connection: Connection, wish: Wish, voter: str, here: int, free: Sequence[int]) -> None:
    new = zip(range(here + 1, wish.dots + 1), free, strict=False)
    rows = [{**wish.keys, "voter": voter, "slot": slot, "option": wish.option, "nth": nth} for nth, slot in new]
    connection.execute(_PLACE, rows)
