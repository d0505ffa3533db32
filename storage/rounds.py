"""Rounds of voting: opening, reading, and who may vote."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, select, update

from bot.domain.ballot import Ballot, Elector, Option, Round
from bot.domain.errors import UnknownRound, WrongPhase
from bot.domain.hunt import Phase
from bot.domain.names import HuntId, IdeaNumber, PersonId, RoundNumber, TenantId
from bot.domain.rules import Rules
from bot.domain.tally import Tally
from storage import casting, electors
from storage.electors import enrol
from storage.hot import Hot
from storage.record import differences, fingerprint
from storage.rows import in_round, insert, table
from storage.rows_vote import (
    BallotRow,
    DotRow,
    RoundCountRow,
    RoundKeyRow,
    RoundNthRow,
    RoundOptionRow,
    RoundRow,
    RoundSlotRow,
)
from storage.seal import close_round, purge, sealed_papers, sealed_tally
from storage.voters import new_proof, unwrapped, voter_key
from storage.wishes import Wish, grant

_ROUNDS = table(RoundRow)
_COUNTS = table(RoundCountRow)
_OPTIONS = table(RoundOptionRow)
_KEYS = table(RoundKeyRow)
_BALLOTS = table(BallotRow)
_DOTS = table(DotRow)

_SHOWN = (
    "tenant",
    "hunt",
    "number",
    "dots",
    "cap",
    "places",
    "opened_at",
    "closes_at",
    "closed_at",
    "kind",
    "seed",
    "who",
    "quorum",
    "tie",
    "secrecy",
    "by_role",
    "keep_days",
    "waved",
    "waved_by",
)
_COUNTED = ("eligible", "voters", "papers", "started")
_ROUND = select(*(_ROUNDS.c[name] for name in _SHOWN), *(_COUNTS.c[name] for name in _COUNTED)).join(
    _COUNTS,
    (_COUNTS.c.tenant == _ROUNDS.c.tenant) & (_COUNTS.c.hunt == _ROUNDS.c.hunt) & (_COUNTS.c.round == _ROUNDS.c.number),
)
_OF_HUNT = (_ROUNDS.c.tenant == bindparam("of")) & (_ROUNDS.c.hunt == bindparam("in"))
_LATEST = Hot(_ROUND.where(_OF_HUNT).order_by(_ROUNDS.c.number.desc()).limit(1))
_ONE = _ROUND.where(_OF_HUNT, _ROUNDS.c.number == bindparam("which"))
_GET = Hot(_ONE)
_PIN = Hot(_ONE.with_for_update(read=True, of=_ROUNDS))
_LOCK = Hot(select(_ROUNDS.c.number).where(_OF_HUNT, _ROUNDS.c.number == bindparam("which")).with_for_update())
_KEEP = update(_ROUNDS).where(in_round(_ROUNDS, "number"))


_ALL_OPTIONS = Hot(
    select(_OPTIONS.c.number, _OPTIONS.c.text, _OPTIONS.c.theme, _OPTIONS.c.title)
    .where(in_round(_OPTIONS))
    .order_by(_OPTIONS.c.position)
)
_KEY = Hot(select(_KEYS.c.key, _KEYS.c.proof).where(in_round(_KEYS)))
_PLACED = Hot(
    select(_DOTS.c.option, func.count())
    .where(in_round(_DOTS), _DOTS.c.voter == bindparam("voter"))
    .group_by(_DOTS.c.option)
    .order_by(_DOTS.c.option)
)
_VERSION = select(_BALLOTS.c.version).where(in_round(_BALLOTS), _BALLOTS.c.voter == bindparam("voter"))
_HOLD_BALLOT = Hot(_VERSION.with_for_update())
_GET_VERSION = Hot(_VERSION)


@dataclass(frozen=True, slots=True)
class SqlRounds:
    """RoundStore on a connection."""

    connection: Connection

    def open(self, round: Round, options: Sequence[Option], electors: Mapping[PersonId, str]) -> None:
        keys = _keys(round)
        fields = {name: getattr(round, name) for name in _SHOWN}
        run = self.connection.execute
        run(insert(RoundRow), {**fields, "tally": None, "tally_sha256": None, "record": None, "purged_at": None})
        counts = {"voters": 0, "eligible": len(electors), "papers": 0, "batches": 0, "started": False}
        run(insert(RoundCountRow), {**keys, **counts})
        if not round.detached:  # a detached ballot lies under no key, so there is none to steal
            self._make_key(round)
        self._lay_out(round)
        if options:
            run(insert(RoundOptionRow), [{**keys, **_option(p, o)} for p, o in enumerate(options, 1)])
        enrol(self.connection, round, electors)

    def _make_key(self, round: Round) -> None:
        key = secrets.token_bytes(32)
        row = {**_keys(round), "key": key, "proof": new_proof(self.connection, key)}
        self.connection.execute(insert(RoundKeyRow), row)

    def _lay_out(self, round: Round) -> None:
        """As many slots as dots, as many nths as the cap: the schema refuses a dot that finds none."""
        keys = _keys(round)
        self.connection.execute(insert(RoundSlotRow), [{**keys, "slot": slot} for slot in range(1, round.dots + 1)])
        self.connection.execute(insert(RoundNthRow), [{**keys, "nth": nth} for nth in range(1, round.cap + 1)])

    def keep(self, round: Round) -> None:
        before = self.locked(round.tenant, round.hunt, round.number)
        rules = {name: getattr(round, name) for name in Rules.__dataclass_fields__}
        self.connection.execute(_KEEP.values(rules), _where(round))
        if (before.dots, before.cap) != (round.dots, round.cap):
            for rows in (table(RoundSlotRow), table(RoundNthRow)):
                self.connection.execute(delete(rows).where(in_round(rows)), _where(round))
            self._lay_out(round)
        if before.detached != round.detached:
            self.connection.execute(delete(_KEYS).where(in_round(_KEYS)), _where(round))
            if not round.detached:
                self._make_key(round)

    def latest(self, tenant: TenantId, hunt: HuntId) -> Round | None:
        row = _LATEST.first(self.connection, {"of": tenant, "in": hunt})
        return Round(**row._asdict()) if row else None

    def get(self, tenant: TenantId, hunt: HuntId, number: RoundNumber) -> Round:
        return self._known(_GET, tenant, hunt, number)

    def pinned(self, tenant: TenantId, hunt: HuntId, number: RoundNumber) -> Round:
        return self._known(_PIN, tenant, hunt, number)

    def locked(self, tenant: TenantId, hunt: HuntId, number: RoundNumber) -> Round:
        # Waiting for those who vote comes first: one statement for both would tell the counters from before the wait.
        _LOCK.first(self.connection, {"of": tenant, "in": hunt, "which": number})
        return self._known(_GET, tenant, hunt, number)

    def _known(self, how: Hot, tenant: TenantId, hunt: HuntId, number: RoundNumber) -> Round:
        row = how.first(self.connection, {"of": tenant, "in": hunt, "which": number})
        if row is None:
            raise UnknownRound
        return Round(**row._asdict())

    def options(self, round: Round) -> tuple[Option, ...]:
        rows = _ALL_OPTIONS.all(self.connection, _where(round))
        return tuple(Option(**row._asdict()) for row in rows)

    def _key(self, round: Round) -> bytes | None:
        row = _KEY.first(self.connection, _where(round))
        return unwrapped(self.connection, row.key, row.proof) if row else None

    def ballot(self, round: Round, person: PersonId, lock: bool = False) -> Ballot:
        key = self._key(round)
        if key is None:
            return Ballot()  # closed: nobody can tell any more which dots were whose
        where = {**_where(round), "voter": voter_key(key, round.tenant, person)}
        held = (_HOLD_BALLOT if lock else _GET_VERSION).first(self.connection, where)
        placed = _PLACED.all(self.connection, where)
        return Ballot({IdeaNumber(option): dots for option, dots in placed}, held.version if held else 0)

    def wish(self, round: Round, person: PersonId, option: IdeaNumber, dots: int, action: str, now: datetime) -> None:
        grant(self.connection, Wish(round, person, option, dots, action), now)

    def electors(self, round: Round) -> frozenset[PersonId]:
        return electors.listed(self.connection, round)

    def elector(self, round: Round, person: PersonId) -> Elector:
        return electors.elector(self.connection, round, person)

    def admit(self, round: Round, person: PersonId, role: str) -> None:
        if self.pinned(round.tenant, round.hunt, round.number).open:
            electors.admit(self.connection, round, person, role)

    def enrol(self, round: Round, people: Mapping[PersonId, str]) -> None:
        enrol(self.connection, round, people, listed=False)

    def excuse(self, round: Round, person: PersonId) -> None:
        kept = self.pinned(round.tenant, round.hunt, round.number)
        if kept.open and kept.eligible and not self.ballot(round, person, lock=True).used:
            electors.excuse(self.connection, round, person)

    def decline(self, round: Round, person: PersonId, declined: bool) -> None:
        if self.pinned(round.tenant, round.hunt, round.number).open:
            electors.decline(self.connection, round, person, declined=declined)

    def finish(self, round: Round, person: PersonId, done: bool) -> None:
        if self.pinned(round.tenant, round.hunt, round.number).open:
            electors.finish(self.connection, round, person, done=done)

    def cast(self, round: Round, person: PersonId, placed: Mapping[IdeaNumber, int], now: datetime) -> None:
        casting.cast(self.connection, round, person, placed, now)

    def enter(
        self, round: Round, papers: Sequence[Mapping[IdeaNumber, int]], struck: Sequence[PersonId], now: datetime
    ) -> int:
        return casting.enter(self.connection, round, papers, struck, self._key(round), now)

    def take_back(self, round: Round, batch: int, now: datetime) -> int:
        return casting.take_back(self.connection, round, batch, now)

    def batches(self, round: Round) -> tuple[tuple[int, int], ...]:
        return casting.batches(self.connection, round)

    def close(self, round: Round, now: datetime) -> Tally | None:
        return close_round(self.connection, round, now)

    def tally(self, round: Round) -> Tally:
        kept = self.get(round.tenant, round.hunt, round.number)
        if kept.open:
            raise WrongPhase(Phase.VOTING.value, (Phase.CLOSED.value,))
        return sealed_tally(self.connection, kept)

    def papers(self, round: Round) -> tuple[Mapping[IdeaNumber, int], ...]:
        kept = self.get(round.tenant, round.hunt, round.number)
        if kept.open:
            raise WrongPhase(Phase.VOTING.value, (Phase.CLOSED.value,))
        return sealed_papers(self.connection, kept)

    def check(self, round: Round) -> tuple[str, ...]:
        kept = self.get(round.tenant, round.hunt, round.number)
        return differences(self.connection, kept)

    def fingerprint(self, round: Round) -> str:
        return fingerprint(self.connection, self.get(round.tenant, round.hunt, round.number))

    def purge(self, now: datetime) -> int:
        return purge(self.connection, now)


def _keys(round: Round) -> dict[str, Any]:
    return {"tenant": round.tenant, "hunt": round.hunt, "round": round.number}


def _where(round: Round) -> dict[str, Any]:
    return {"of": round.tenant, "in": round.hunt, "which": round.number}


def _option(position: int, option: Option) -> dict[str, Any]:
    return {
        "number": option.number,
        "position": position,
        "text": option.text,
        "theme": option.theme,
        "title": option.title,
    }
