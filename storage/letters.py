"""The outbox: letters written in a transaction, claimed once, settled once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Select, Update, bindparam, func, select, update
from sqlalchemy.exc import IntegrityError

from bot.domain.letters import Claimed, Letter
from bot.domain.names import MessageId, RoomId, TenantId
from bot.failpoint import failpoint
from storage.claims import claim_letters
from storage.columns import EPOCH
from storage.hot import Hot
from storage.rows import insert, table
from storage.rows_letters import IS_DEAD, IS_PENDING, IS_SENDING, LETTER_IDS, GateRow, LetterRow

_LETTERS = table(LetterRow)
_GATES = table(GateRow)
_TRIES = 5
_FIELDS = ("tenant", "kind", "key", "due_at", "hunt", "room", "person", "message", "topic", "expires_at", "facts")
_NEW: dict[str, Any] = {"state": "pending", "fence": 0, "attempts": 0, "maybe_sent": False}


_EARLIER = _LETTERS.alias("earlier")
_NEXT_ID = (
    select(func.coalesce(func.max(_EARLIER.c.id), 0) + 1).where(_EARLIER.c.tenant == bindparam("of")).scalar_subquery()
)
_ANNOUNCE_NEXT = Hot(insert(LetterRow).values(id=_NEXT_ID).on_conflict_do_nothing().returning(_LETTERS.c.id))
_ANNOUNCE_NUMBERED = (
    insert(LetterRow).values(id=LETTER_IDS.next_value()).on_conflict_do_nothing().returning(_LETTERS.c.id)
)

_THIS = (_LETTERS.c.tenant == bindparam("of")) & (_LETTERS.c.id == bindparam("which"))
_MINE = update(_LETTERS).where(_THIS, _LETTERS.c.fence == bindparam("mine"), _LETTERS.c.state == IS_SENDING)
_UNTIL = bindparam("then", type_=_LETTERS.c.due_at.type)
_SETTLE = Hot(
    _MINE.values(
        state="sent",
        lease_until=None,
        settled_at=_LETTERS.c.lease_until,
        sent_as=bindparam("as"),
        error=None,
    )
)
_BURY = _MINE.values(state="dead", lease_until=None, settled_at=_LETTERS.c.lease_until, error=bindparam("why"))
_POSTPONE = _MINE.values(
    state="pending",
    lease_until=None,
    due_at=_UNTIL,
    error=bindparam("why"),
    attempts=_LETTERS.c.attempts - bindparam("back"),
)
_POSTPONE_AMBIGUOUS = _POSTPONE.values(maybe_sent=True)
_ABSORB = (
    update(_LETTERS)
    .where(
        _LETTERS.c.tenant == bindparam("of"),
        _LETTERS.c.topic == bindparam("about"),
        _LETTERS.c.state == IS_PENDING,
    )
    .values(state="cancelled", settled_at=_LETTERS.c.due_at)
)
_SHUT = insert(GateRow)
_SHUT_GATE = Hot(
    _SHUT.on_conflict_do_update(
        index_elements=["tenant", "gate"],
        set_={"until": _SHUT.excluded.until},
        where=_GATES.c.until < _SHUT.excluded.until,
    )
)
_CANCEL = (
    update(_LETTERS)
    .where(
        _LETTERS.c.tenant == bindparam("of"),
        _LETTERS.c.room == bindparam("where"),
        _LETTERS.c.state == IS_PENDING,
    )
    .values(state="cancelled", settled_at=_LETTERS.c.due_at)
)


def _first(column: Column[datetime], state: ColumnElement[str]) -> Select[datetime]:
    return select(column).where(_LETTERS.c.state == state).order_by(column).limit(1)


_NEXT_PENDING = _first(_LETTERS.c.due_at, IS_PENDING)
_NEXT_LAPSE = _first(_LETTERS.c.lease_until, IS_SENDING)
# Each begins in the index of its own letters (the second condition, always true, leads there): what was sent, which is
# most of them, is not looked at.
_COUNT = select(func.count()).select_from(_LETTERS)
_WAITING = _COUNT.where(_LETTERS.c.state == IS_PENDING, _LETTERS.c.due_at > EPOCH)
_ON_THEIR_WAY = _COUNT.where(_LETTERS.c.state == IS_SENDING, _LETTERS.c.lease_until > EPOCH)
_GIVEN_UP = _COUNT.where(_LETTERS.c.state == IS_DEAD, _LETTERS.c.id > 0)
_UNDONE = {"pending": _WAITING, "sending": _ON_THEIR_WAY, "dead": _GIVEN_UP}
_STATES = select(_LETTERS.c.state, func.count().label("letters")).group_by(_LETTERS.c.state)


@dataclass(frozen=True, slots=True)
class SqlLetters:
    """LetterStore on a connection."""

    connection: Connection

    def announce(self, letter: Letter) -> bool:
        row = {name: getattr(letter, name) for name in _FIELDS}
        if self.connection.dialect.name == "sqlite":
            return _ANNOUNCE_NEXT.first(self.connection, {**row, **_NEW, "of": letter.tenant}) is not None
        return self.connection.execute(_ANNOUNCE_NUMBERED, {**row, **_NEW}).first() is not None

    def claim(self, now: datetime, limit: int, lease_seconds: int) -> tuple[Claimed, ...]:
        claimed = claim_letters(self.connection, now, limit, lease_seconds)
        failpoint("letters.claimed")
        return claimed

    def settle(self, claimed: Claimed, message: MessageId | None) -> bool:
        settled = _SETTLE.touched(self.connection, {**_where(claimed), "as": message}) == 1
        failpoint("letters.settled")
        return settled

    def postpone(self, claimed: Claimed, until: datetime, error: str, *, counted: bool, ambiguous: bool) -> None:
        how = _POSTPONE_AMBIGUOUS if ambiguous else _POSTPONE
        values = {**_where(claimed), "then": until, "why": error, "back": 0 if counted else 1}
        self._back_to_pending(claimed, how, values)

    def _back_to_pending(self, claimed: Claimed, how: Update, values: Mapping[str, Any]) -> None:
        """The elder letter waits again; a younger one of the same topic, written meanwhile, is part of it.

        The elder stays because it alone knows what may have been sent already.
        """
        for left in reversed(range(_TRIES)):
            try:
                with self.connection.begin_nested():
                    if claimed.letter.topic is not None and self._still_mine(claimed):
                        about = {"of": claimed.letter.tenant, "about": claimed.letter.topic}
                        self.connection.execute(_ABSORB, about)
                    self.connection.execute(how, values)
            except IntegrityError:
                if not left:
                    raise
            else:
                return

    def _still_mine(self, claimed: Claimed) -> bool:
        mine = select(_LETTERS.c.id).where(_THIS, _LETTERS.c.fence == bindparam("mine"), _LETTERS.c.state == IS_SENDING)
        return self.connection.execute(mine.with_for_update(), _where(claimed)).first() is not None

    def bury(self, claimed: Claimed, error: str) -> None:
        self.connection.execute(_BURY, {**_where(claimed), "why": error})

    def shut_gate(self, tenant: TenantId, gate: str, until: datetime) -> None:
        _SHUT_GATE.touched(self.connection, {"tenant": tenant, "gate": gate, "until": until})

    def cancel(self, tenant: TenantId, room: RoomId) -> int:
        return self.connection.execute(_CANCEL, {"of": tenant, "where": room}).rowcount

    def next_due(self) -> datetime | None:
        found = [self.connection.execute(first).scalar() for first in (_NEXT_PENDING, _NEXT_LAPSE)]
        return min((moment for moment in found if moment is not None), default=None)

    def counts(self) -> Mapping[str, int]:
        return {row.state: row.letters for row in self.connection.execute(_STATES)}

    def undone(self) -> Mapping[str, int]:
        return {state: self.connection.execute(count).scalar_one() for state, count in _UNDONE.items()}


def _where(claimed: Claimed) -> dict[str, Any]:
    return {"of": claimed.letter.tenant, "which": claimed.id, "mine": claimed.fence}
