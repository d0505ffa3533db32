"""The weekly letter of a room: when it is due and what it holds; silent when nothing changed."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from bot.domain.cadence import Weekly, local_day
from bot.domain.hunt import Hunt, Names, Standing
from bot.domain.letters import Letter, LetterKind
from bot.domain.names import RoomId, TenantId
from bot.failpoint import failpoint
from bot.ports import Schedule, Unit
from bot.screens import Digest, DigestHunt
from bot.usecases.lines import idea_line, themes_by_id

DIGEST = "digest"
NEWEST = 3
KEPT_FOR = timedelta(hours=12)
"""A letter of the week that could not leave for this long is dropped: the next one tells it."""


def weekly(zone: str) -> Weekly:
    """Mondays at 09:30 in the room's zone (Slack's own guideline: working hours, one message)."""
    return Weekly(0, time(9, 30), zone)


def send_digest(unit: Unit, schedule: Schedule, now: datetime) -> bool:
    """Moves the schedule on and writes the letter if something changed; False when another instance did.

    After three weeks of silence one letter is written, not three: the next date is computed from now.
    """
    since = schedule.last_sent or schedule.next_due - timedelta(days=7)
    room = unit.people.room(schedule.tenant, schedule.room)
    changed = room.digest and any(_changed(unit, hunt, since) for hunt in _hunts(unit, schedule.tenant, room.id))
    if not unit.calendar.move(schedule, weekly(schedule.zone).first_after(now), now if changed else None):
        return False
    failpoint("digest.moved")
    if changed:
        unit.letters.announce(
            Letter(
                tenant=schedule.tenant,
                kind=LetterKind.DIGEST,
                key=f"digest:{schedule.tenant}:{schedule.room}:{local_day(schedule.next_due, schedule.zone)}",
                due_at=now,
                expires_at=now + KEPT_FOR,
                room=schedule.room,
                facts={"since": since.isoformat(), "until": now.isoformat()},
            )
        )
    return True


def digest(unit: Unit, tenant: TenantId, room: RoomId, since: datetime, now: datetime) -> Digest | None:
    """The letter's content from the present state, or None when nothing is left to tell."""
    hunts = tuple(_digest_hunt(unit, hunt, since) for hunt in _hunts(unit, tenant, room) if _changed(unit, hunt, since))
    return Digest(now, hunts) if hunts else None


def _hunts(unit: Unit, tenant: TenantId, room: RoomId) -> tuple[Hunt, ...]:
    """The newest hunt of a room, unless the room is lost to us."""
    latest = unit.hunts.latest_in(tenant, room)
    if latest is None:
        return ()
    places = unit.hunts.rooms(tenant, latest.id)
    return (latest,) if any(p.room == room and p.standing is Standing.LIVE for p in places) else ()


def _changed(unit: Unit, hunt: Hunt, since: datetime) -> bool:
    if unit.ideas.since(hunt.tenant, hunt.id, since, 0).ideas:
        return True
    if hunt.closed_at is not None and hunt.closed_at > since:
        return True
    round = unit.rounds.latest(hunt.tenant, hunt.id)
    return round is not None and round.open and round.opened_at > since


def _digest_hunt(unit: Unit, hunt: Hunt, since: datetime) -> DigestHunt:
    week = unit.ideas.since(hunt.tenant, hunt.id, since, NEWEST)
    themes = themes_by_id(unit, hunt)
    newest = tuple(idea_line(i, hunt, themes) for i in week.newest) if hunt.shows_ideas else ()
    round = unit.rounds.latest(hunt.tenant, hunt.id)
    voices = week.voices if hunt.names is Names.SHOWN else week.ideas
    return DigestHunt(hunt, week.ideas, voices, newest, round)
