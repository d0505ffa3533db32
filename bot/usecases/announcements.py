"""Which letters a change writes: the board everywhere it is shown, receipts, notices; never the content itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from bot.domain.hunt import Hunt, HuntRoom, Standing
from bot.domain.letters import Letter, LetterKind
from bot.domain.names import MessageId, PersonId, RoomId
from bot.ports import Unit

DEBOUNCE = timedelta(seconds=2)
"""A busy board is drawn at most this often: whatever changes meanwhile is in the next drawing."""
RECEIPT = "bulb"
"""The reaction that says "kept as an idea"."""


def redraw(unit: Unit, hunt: Hunt, now: datetime, *, at_once: bool = False) -> None:
    """Writes (or lets wait) one letter per board, and per table once ideas may be seen."""
    due = now if at_once else now + DEBOUNCE
    for place in unit.hunts.rooms(hunt.tenant, hunt.id):
        if place.standing in {Standing.NEW, Standing.LIVE}:
            redraw_in(unit, hunt, place, due)


def redraw_in(unit: Unit, hunt: Hunt, place: HuntRoom, due: datetime) -> None:
    """The letters for one room."""
    unit.letters.announce(_topical(hunt, LetterKind.BOARD, place.room, due))
    if hunt.shows_ideas and place.board is not None and hunt.ideas:
        unit.letters.announce(_topical(hunt, LetterKind.TABLE, place.room, due))


def _topical(hunt: Hunt, kind: LetterKind, room: RoomId, due: datetime) -> Letter:
    return Letter(
        tenant=hunt.tenant,
        kind=kind,
        key=f"{kind}:{uuid4().hex}",
        topic=f"{kind}:{hunt.id}:{room}",
        due_at=due,
        hunt=hunt.id,
        room=room,
    )


def receipt(unit: Unit, hunt: Hunt, room: RoomId, message: MessageId, now: datetime) -> None:
    """A reaction under the message that became an idea; an idea that was withdrawn and restored gets it again."""
    unit.letters.announce(
        Letter(
            tenant=hunt.tenant,
            kind=LetterKind.RECEIPT,
            key=f"receipt:{room}:{message}:{int(now.timestamp())}",
            due_at=now,
            expires_at=now + timedelta(hours=1),
            hunt=hunt.id,
            room=room,
            message=message,
            facts={"reaction": RECEIPT},
        )
    )


def unreceipt(unit: Unit, hunt: Hunt, room: RoomId, message: MessageId, now: datetime) -> None:
    """The reaction taken away again; a message may be kept and dropped more than once."""
    unit.letters.announce(
        Letter(
            tenant=hunt.tenant,
            kind=LetterKind.UNRECEIPT,
            key=f"unreceipt:{room}:{message}:{int(now.timestamp())}",
            due_at=now,
            expires_at=now + timedelta(hours=1),
            hunt=hunt.id,
            room=room,
            message=message,
            facts={"reaction": RECEIPT},
        )
    )


def notice(
    unit: Unit,
    hunt: Hunt,
    person: PersonId,
    key: str,
    now: datetime,
    *,
    once: str,
    **facts: str | int,
) -> None:
    """One sentence to one person, once for ever for each `once`.

    Among the facts, `who` is drawn as a mention, `until` (ISO 8601) as a moment, and `buttons` holds the next steps
    as `deed:target` with `;` between.
    """
    unit.letters.announce(
        Letter(
            tenant=hunt.tenant,
            kind=LetterKind.NOTICE,
            key=f"notice:{hunt.id}:{person}:{once}",
            due_at=now,
            hunt=hunt.id,
            person=person,
            facts={"key": key, **facts},
        )
    )


def bring_file(unit: Unit, hunt: Hunt, person: PersonId, now: datetime, **facts: str | int) -> None:
    """A file for one person, made when it leaves: `format` and what else it needs to know."""
    said = ":".join(str(value) for _, value in sorted(facts.items()))
    unit.letters.announce(
        Letter(
            tenant=hunt.tenant,
            kind=LetterKind.EXPORT,
            key=f"export:{hunt.id}:{person}:{said}:{now.isoformat(timespec='seconds')}",
            due_at=now,
            expires_at=now + timedelta(hours=1),
            hunt=hunt.id,
            person=person,
            facts=facts,
        )
    )


def room_lost(unit: Unit, hunt: Hunt, room: RoomId, now: datetime) -> None:
    """The facilitator hears once that the bot can no longer write in a room of the hunt."""
    unit.letters.announce(
        Letter(
            tenant=hunt.tenant,
            kind=LetterKind.NOTICE,
            key=f"gone:{hunt.id}:{room}",
            due_at=now,
            hunt=hunt.id,
            person=hunt.facilitator,
            facts={"key": "room.gone", "question": hunt.question},
        )
    )


def results(unit: Unit, hunt: Hunt, now: datetime) -> None:
    """The results of the round that just closed, once per room."""
    for place in unit.hunts.rooms(hunt.tenant, hunt.id):
        unit.letters.announce(
            Letter(
                tenant=hunt.tenant,
                kind=LetterKind.RESULTS,
                key=f"results:{hunt.id}:{hunt.round}:{place.room}",
                due_at=now,
                hunt=hunt.id,
                room=place.room,
                facts={"round": int(hunt.round or 0)},
            )
        )


def session_reminder(unit: Unit, hunt: Hunt, now: datetime) -> None:
    """A reminder a day before the next session, in every room of the hunt; nothing when that moment is past."""
    if hunt.next_session is None or hunt.next_session <= now:
        return
    for place in unit.hunts.rooms(hunt.tenant, hunt.id):
        unit.letters.announce(
            Letter(
                tenant=hunt.tenant,
                kind=LetterKind.SESSION,
                key=f"session:{hunt.id}:{place.room}:{hunt.next_session.isoformat()}",
                due_at=max(now, hunt.next_session - timedelta(days=1)),
                expires_at=hunt.next_session,
                hunt=hunt.id,
                room=place.room,
            )
        )
