"""Rounds of voting: opening, reading, and who may vote."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, bindparam, false, func, select, true, update

from bot.domain.ballot import Ballot, Option, Round
from bot.domain.errors import UnknownRound, WrongPhase
from bot.domain.hunt import Phase
from bot.domain.names import HuntId, IdeaNumber, PersonId, RoundNumber, TenantId
from bot.domain.tally import Tally
from storage.hot import Hot
from storage.rows import in_round, insert, table, upsert
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
)
from storage.seal import close_round, differences, sealed_papers, sealed_tally
from storage.voters import voter_key
from storage.wishes import Wish, grant

_ROUNDS = table(RoundRow)
_COUNTS = table(RoundCountRow)
_OPTIONS = table(RoundOptionRow)
_KEYS = table(RoundKeyRow)
_ELECTORS = table(RoundElectorRow)
_BALLOTS = table(BallotRow)
_DOTS = table(DotRow)

_SHOWN = ("tenant", "hunt", "number", "dots", "cap", "places", "opened_at", "closes_at", "closed_at")
_ROUND = select(
    *(_ROUNDS.c[name] for name in _SHOWN),
    _COUNTS.c.eligible,
    _COUNTS.c.voters,
    _ROUNDS.c.runoff,
    _ROUNDS.c.seed,
).join(
    _COUNTS,
    (_COUNTS.c.tenant == _ROUNDS.c.tenant) & (_COUNTS.c.hunt == _ROUNDS.c.hunt) & (_COUNTS.c.round == _ROUNDS.c.number),
)
_OF_HUNT = (_ROUNDS.c.tenant == bindparam("of")) & (_ROUNDS.c.hunt == bindparam("in"))
_LATEST = Hot(_ROUND.where(_OF_HUNT).order_by(_ROUNDS.c.number.desc()).limit(1))
_ONE = _ROUND.where(_OF_HUNT, _ROUNDS.c.number == bindparam("which"))
_GET = Hot(_ONE)
_PIN = Hot(_ONE.with_for_update(read=True, of=_ROUNDS))


_ALL_OPTIONS = Hot(
    select(_OPTIONS.c.number, _OPTIONS.c.text, _OPTIONS.c.theme, _OPTIONS.c.title)
    .where(in_round(_OPTIONS))
    .order_by(_OPTIONS.c.position)
)
_KEY = Hot(select(_KEYS.c.key).where(in_round(_KEYS)))
_PLACED = Hot(
    select(_DOTS.c.option, func.count())
    .where(in_round(_DOTS), _DOTS.c.voter == bindparam("voter"))
    .group_by(_DOTS.c.option)
    .order_by(_DOTS.c.option)
)
_HOLD_BALLOT = (
    select(_BALLOTS.c.version).where(in_round(_BALLOTS), _BALLOTS.c.voter == bindparam("voter")).with_for_update()
)
_USED = select(_DOTS.c.voter, func.count().label("dots")).where(in_round(_DOTS)).group_by(_DOTS.c.voter)
_LISTED = select(_ELECTORS.c.person).where(in_round(_ELECTORS), _ELECTORS.c.listed == true())
_WILLING = _LISTED.where(_ELECTORS.c.declined == false()).order_by(_ELECTORS.c.person)
_ELECTOR = Hot(
    select(_ELECTORS.c.listed, _ELECTORS.c.declined).where(in_round(_ELECTORS), _ELECTORS.c.person == bindparam("who"))
)
_ONE_MORE = update(_COUNTS).where(in_round(_COUNTS)).values(eligible=_COUNTS.c.eligible + 1)
_NEW_ELECTOR = insert(RoundElectorRow)
_ADMIT = _NEW_ELECTOR.on_conflict_do_update(
    index_elements=["tenant", "hunt", "round", "person"],
    set_={"listed": True},
    where=_ELECTORS.c.listed == false(),
).returning(_ELECTORS.c.person)
_DECLINE = upsert(RoundElectorRow, "listed")


@dataclass(frozen=True, slots=True)
class SqlRounds:
    """RoundStore on a connection."""

    connection: Connection

    def open(self, round: Round, options: Sequence[Option], electors: Iterable[PersonId]) -> None:
        voters = sorted(set(electors))
        keys = _keys(round)
        fields = {name: getattr(round, name) for name in (*_SHOWN, "runoff", "seed")}
        run = self.connection.execute
        run(insert(RoundRow), {**fields, "tally": None, "tally_sha256": None})
        run(insert(RoundCountRow), {**keys, "voters": 0, "eligible": len(voters)})
        run(insert(RoundKeyRow), {**keys, "key": secrets.token_bytes(32)})
        run(insert(RoundSlotRow), [{**keys, "slot": slot} for slot in range(1, round.dots + 1)])
        run(insert(RoundNthRow), [{**keys, "nth": nth} for nth in range(1, round.cap + 1)])
        if options:
            run(insert(RoundOptionRow), [{**keys, **_option(p, o)} for p, o in enumerate(options, 1)])
        if voters:
            listed = {"listed": True, "declined": False}
            run(_NEW_ELECTOR, [{**keys, "person": person, **listed} for person in voters])

    def latest(self, tenant: TenantId, hunt: HuntId) -> Round | None:
        row = _LATEST.first(self.connection, {"of": tenant, "in": hunt})
        return Round(**row._asdict()) if row else None

    def get(self, tenant: TenantId, hunt: HuntId, number: RoundNumber) -> Round:
        return self._known(_GET, tenant, hunt, number)

    def pinned(self, tenant: TenantId, hunt: HuntId, number: RoundNumber) -> Round:
        return self._known(_PIN, tenant, hunt, number)

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
        return row.key if row else None

    def ballot(self, round: Round, person: PersonId, lock: bool = False) -> Ballot:
        key = self._key(round)
        if key is None:
            return Ballot()  # closed: nobody can tell any more which dots were whose
        where = {**_where(round), "voter": voter_key(key, round.tenant, person)}
        if lock:
            self.connection.execute(_HOLD_BALLOT, where)
        placed = _PLACED.all(self.connection, where)
        return Ballot({IdeaNumber(option): dots for option, dots in placed})

    def order(self, round: Round, person: PersonId) -> str:
        return sha256(f"{round.seed}|{round.tenant}|{person}".encode()).hexdigest()

    def wish(self, round: Round, person: PersonId, option: IdeaNumber, dots: int, action: str, now: datetime) -> None:
        grant(self.connection, Wish(round, person, option, dots, action), now)

    def electors(self, round: Round) -> frozenset[PersonId]:
        return frozenset(self.connection.execute(_LISTED, _where(round)).scalars())

    def elects(self, round: Round, person: PersonId) -> bool:
        row = _ELECTOR.first(self.connection, {**_where(round), "who": person})
        return row is not None and bool(row.listed)

    def admit(self, round: Round, person: PersonId) -> None:
        row = {**_keys(round), "person": person, "listed": True, "declined": False}
        open_still = self.pinned(round.tenant, round.hunt, round.number).open
        if open_still and self.connection.execute(_ADMIT, row).first() is not None:
            self.connection.execute(_ONE_MORE, _where(round))

    def declined(self, round: Round, person: PersonId) -> bool:
        row = _ELECTOR.first(self.connection, {**_where(round), "who": person})
        return row is not None and bool(row.declined)

    def decline(self, round: Round, person: PersonId, declined: bool) -> None:
        row = {**_keys(round), "person": person, "listed": False, "declined": declined}
        self.connection.execute(_DECLINE, row)

    def with_dots_left(self, round: Round) -> tuple[tuple[PersonId, int], ...]:
        key = self._key(round)
        if key is None:
            return ()
        used = {row.voter: row.dots for row in self.connection.execute(_USED, _where(round))}
        willing = self.connection.execute(_WILLING, _where(round)).scalars()
        left = ((who, round.dots - used.get(voter_key(key, round.tenant, who), 0)) for who in willing)
        return tuple((who, dots) for who, dots in left if dots > 0)

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
