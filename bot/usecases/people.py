"""People, rooms and tenants: who is seen, in which language to answer, what they chose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import product

from bot.domain.errors import VoteHalted
from bot.domain.hunt import Capture, Hunt, Phase, Standing
from bot.domain.names import MessageId, PersonId, RoomId, TenantId
from bot.domain.people import LANGUAGES, Asker, Person, Room, Tenant
from bot.ports import Storage, Unit
from bot.screens import Home, HomeHunt, Note, Settings
from bot.usecases.announcements import redraw_in, room_lost
from bot.usecases.requests import SettingsRequest, Voice, Watch

FRESH = timedelta(hours=24)
HOME_PAST = 5


@dataclass(frozen=True, slots=True)
class People:
    """Use cases about people and rooms."""

    storage: Storage

    def voice(self, asker: Asker, now: datetime) -> Voice:
        """How to speak to somebody; `fresh` False asks the platform for their locale and zone."""
        with self.storage.look() as unit:
            person = unit.people.person(asker.tenant, asker.person)
            language, zone = speech(unit, asker.tenant, asker.person)
        fresh = person.seen_at is not None and now - person.seen_at < FRESH
        return Voice(language, zone, fresh)

    def keep(self, person: Person) -> None:
        """Keeps what the platform says of a person; their own choices, and the role they were given, stay."""
        with self.storage.begin() as unit:
            known = unit.people.person(person.tenant, person.id)
            unit.people.keep_person(
                replace(
                    person,
                    language=known.language,
                    muted=known.muted,
                    plain_ballot=known.plain_ballot,
                    role=known.role,
                )
            )

    def keep_told(self, people: Iterable[Person]) -> None:
        """Keeps what a platform tells in passing: what it does not tell ("") stays as it was known.

        Somebody without `seen_at` is known from a list of members: only that says whether they are a guest.
        """
        with self.storage.begin() as unit:
            for told in people:
                unit.people.keep_person(_with(unit.people.person(told.tenant, told.id), told))

    def named(self, tenant: TenantId, people: Iterable[PersonId]) -> Mapping[PersonId, str]:
        """The names of people as their platform tells them; nobody without one is in it."""
        with self.storage.look() as unit:
            return {who: name for who in people if (name := unit.people.person(tenant, who).name)}

    def tenant(self, id: TenantId) -> Tenant:
        """The tenant, with defaults when never seen."""
        with self.storage.look() as unit:
            return unit.people.tenant(id)

    def keep_tenant(self, tenant: Tenant) -> None:
        """Keeps a tenant; a tenant kept as active is served again."""
        with self.storage.begin() as unit:
            unit.people.keep_tenant(tenant)

    def suspend(self, tenant: TenantId, now: datetime) -> None:
        """Its token is dead: nothing is sent until it is kept as active again."""
        with self.storage.begin() as unit:
            unit.people.keep_tenant(replace(unit.people.tenant(tenant), active=False))
            unit.calendar.note(tenant, None, "suspend", str(tenant), now)

    def room(self, tenant: TenantId, id: RoomId) -> Room:
        """The room, with defaults when never seen."""
        with self.storage.look() as unit:
            return unit.people.room(tenant, id)

    def keep_room(self, room: Room, members: Iterable[PersonId] | None = None) -> None:
        """Keeps what the platform says of a room; its language and digest stay as chosen here."""
        with self.storage.begin() as unit:
            known = unit.people.room(room.tenant, room.id)
            unit.people.keep_room(replace(room, language=known.language, digest=known.digest, zone=known.zone))
            if members is not None:
                unit.people.keep_members(room.tenant, room.id, members)

    def bot_joined(self, tenant: TenantId, room: RoomId, now: datetime) -> None:
        """The bot was invited: hunts that waited for it are shown at once."""
        with self.storage.begin() as unit:
            unit.people.keep_room(replace(unit.people.room(tenant, room), present=True))
            for hunt in unit.hunts.uninvited_in(tenant, room):
                show_again(unit, hunt, room, now)

    def bot_left(self, tenant: TenantId, room: RoomId, now: datetime) -> None:
        """The bot was removed: what waits for the room is cancelled, hunts there rest."""
        self.room_gone(tenant, room, now)

    def room_gone(self, tenant: TenantId, room: RoomId, now: datetime) -> None:
        """Archived, deleted or left: letters cancelled, its hunt's place rests until the bot is back."""
        with self.storage.begin() as unit:
            unit.people.keep_room(replace(unit.people.room(tenant, room), present=False))
            unit.letters.cancel(tenant, room)
            hunt = unit.hunts.open_in(tenant, room)
            if hunt:
                for place in unit.hunts.rooms(tenant, hunt.id):
                    if place.room == room:
                        unit.hunts.keep_room(replace(place, standing=Standing.UNINVITED))
                room_lost(unit, hunt, room, now)

    def member_joined(self, tenant: TenantId, room: RoomId, person: PersonId) -> None:
        """Somebody joined a room."""
        self.members_joined(tenant, (room,), (person,))

    def member_left(self, tenant: TenantId, room: RoomId, person: PersonId) -> None:
        """Somebody left a room."""
        self.members_left(tenant, (room,), (person,))

    def members_joined(self, tenant: TenantId, rooms: Iterable[RoomId], people: Iterable[PersonId]) -> None:
        """People joined rooms. Where a room's members may not be read, one of them is not taken for all of them."""
        with self.storage.begin() as unit:
            for room, person in product(rooms, people):
                if unit.people.is_member(tenant, room, person) is False:
                    unit.people.add_member(tenant, room, person)

    def members_left(self, tenant: TenantId, rooms: Iterable[RoomId], people: Iterable[PersonId]) -> None:
        """People left rooms."""
        with self.storage.begin() as unit:
            for room, person in product(rooms, people):
                unit.people.drop_member(tenant, room, person)

    def keep_rosters(self, tenant: TenantId, rooms: Iterable[RoomId], members: Iterable[PersonId]) -> None:
        """Who is in each of these rooms now, where anybody is known to be."""
        wanted = frozenset(members)
        with self.storage.begin() as unit:
            for room in rooms:
                if unit.people.members(tenant, room):
                    unit.people.keep_members(tenant, room, wanted)

    def is_missing(self, tenant: TenantId, room: RoomId, person: PersonId) -> bool:
        """Whether somebody is in none of the lists of a room whose members are known."""
        with self.storage.look() as unit:
            return unit.people.is_member(tenant, room, person) is False

    def settings(self, asker: Asker, room: RoomId | None) -> Settings:
        """The person's settings, and the room's where they lead its open hunt."""
        with self.storage.look() as unit:
            person = unit.people.person(asker.tenant, asker.person)
            hunt = unit.hunts.open_in(asker.tenant, room) if room else None
            mine = Settings(person.language, person.muted, person.plain_ballot)
            if room is None or hunt is None or not hunt.led_by(asker.person):
                return mine
            kept = unit.people.room(asker.tenant, room)
            return replace(mine, room=room, room_language=kept.language, digest=kept.digest)

    def keep_settings(self, asker: Asker, wanted: SettingsRequest, now: datetime) -> Note:
        """Keeps the person's choices; the room's only where the person leads its open hunt."""
        language = wanted.language if wanted.language in LANGUAGES else None
        with self.storage.begin() as unit:
            person = unit.people.person(asker.tenant, asker.person)
            unit.people.keep_person(
                replace(person, language=language, muted=wanted.muted, plain_ballot=wanted.plain_ballot)
            )
            if wanted.room is not None:
                self._keep_room_settings(unit, asker, wanted, now)
        return Note("settings.kept")

    def _keep_room_settings(self, unit: Unit, asker: Asker, wanted: SettingsRequest, now: datetime) -> None:
        assert wanted.room is not None
        hunt = unit.hunts.open_in(asker.tenant, wanted.room)
        if hunt is None:
            return
        hunt.expect_leader(asker.person, "settings")
        kept = unit.people.room(asker.tenant, wanted.room)
        language = wanted.room_language if wanted.room_language in LANGUAGES else kept.language
        digest = kept.digest if wanted.digest is None else wanted.digest
        unit.people.keep_room(replace(kept, language=language, digest=digest))
        unit.hunts.keep(replace(hunt, language=language))
        unit.calendar.note(asker.tenant, asker.person, "settings", str(wanted.room), now)

    def mute(self, asker: Asker, now: datetime) -> Note:
        """No more reminders to this person."""
        with self.storage.begin() as unit:
            person = unit.people.person(asker.tenant, asker.person)
            unit.people.keep_person(replace(person, muted=True))
        return Note("settings.muted")

    def home(self, asker: Asker, now: datetime) -> Home:
        """What this person can do, their open hunts, and the last closed ones of their rooms."""
        with self.storage.look() as unit:
            open_ones = [self._home_hunt(unit, asker, hunt) for hunt in unit.hunts.open(asker.tenant)]
            past = [self._home_hunt(unit, asker, hunt) for hunt in unit.hunts.recent(asker.tenant, HOME_PAST)]
            first = unit.people.person(asker.tenant, asker.person).seen_at is None
        shown = tuple(one for one in open_ones if one)
        return Home(shown, tuple(one for one in past if one), first and not shown)

    def _home_hunt(self, unit: Unit, asker: Asker, hunt: Hunt) -> HomeHunt | None:
        room = room_for(unit, asker, hunt)
        if room is None and not hunt.led_by(asker.person):
            return None
        mine = len(unit.ideas.by(asker.tenant, hunt.id, asker.person))
        return HomeHunt(hunt, room, hunt.led_by(asker.person), mine, dots_left(unit, hunt, asker.person))

    def watched(self, tenant: TenantId) -> tuple[Watch, ...]:
        """Every place whose messages may be ideas now, with what was read of it already."""
        with self.storage.look() as unit:
            return tuple(
                Watch(
                    hunt.id,
                    place.room,
                    place.board,
                    hunt.capture is Capture.CHANNEL,
                    unit.people.cursor(tenant, place.room, place.board),
                    unit.people.cursor(tenant, place.room, ""),
                )
                for hunt in unit.hunts.open(tenant)
                if hunt.takes_ideas and hunt.capture is not Capture.FORM
                for place in unit.hunts.rooms(tenant, hunt.id)
                if place.board is not None and place.standing is Standing.LIVE
            )

    def moved(self, tenant: TenantId, room: RoomId, thread: str, to: MessageId) -> None:
        """Everything up to this message was read."""
        with self.storage.begin() as unit:
            unit.people.move_cursor(tenant, room, thread, to)


def show_again(unit: Unit, hunt: Hunt, room: RoomId, now: datetime) -> None:
    """A place that waited is new again, and its board is written at once."""
    for place in unit.hunts.rooms(hunt.tenant, hunt.id):
        if place.room == room:
            back = replace(place, standing=Standing.LIVE if place.board else Standing.NEW)
            unit.hunts.keep_room(back)
            redraw_in(unit, hunt, back, now)


def room_for(unit: Unit, asker: Asker, hunt: Hunt) -> RoomId | None:
    """A room of the hunt that this person can see: one they are a member of, or a public one."""
    for place in unit.hunts.rooms(hunt.tenant, hunt.id):
        public = not unit.people.room(hunt.tenant, place.room).private
        if public or unit.people.is_member(hunt.tenant, place.room, asker.person):
            return place.room
    return None


def dots_left(unit: Unit, hunt: Hunt, person: PersonId) -> int | None:
    """Dots this person may still place in the open round; None when none is open to them."""
    if hunt.phase is not Phase.VOTING:
        return None
    round = unit.rounds.latest(hunt.tenant, hunt.id)
    if round is None or not round.open:
        return None
    elector = unit.rounds.elector(round, person)
    if elector.on_paper or (round.detached and elector.done) or person in hunt.observers:
        return None
    try:
        return round.dots - unit.rounds.ballot(round, person).used
    except VoteHalted:  # nobody can vote in it; a facilitator finds the way to close it here
        return None


def speech(unit: Unit, tenant: TenantId, id: PersonId) -> tuple[str, str]:
    """Language and zone for one person: their own choice, what the platform says of them, else the tenant's."""
    person = unit.people.person(tenant, id)
    chosen = person.language or unit.people.person(tenant, unit.links.itself(tenant, id)).language
    if person.seen_at is not None and person.locale and person.zone:
        return chosen or person.speaks, person.zone
    home = unit.people.tenant(tenant)
    language = chosen or (person.speaks if person.locale else home.language)
    return language, (person.zone if person.seen_at is not None else "") or home.zone


def _with(known: Person, told: Person) -> Person:
    from_list = told.seen_at is None
    return replace(
        known,
        name=told.name or known.name,
        locale=told.locale or known.locale,
        zone=told.zone or (known.zone if known.seen_at is not None or known.locale else ""),
        outsider=told.outsider if from_list else known.outsider,
        seen_at=told.seen_at or known.seen_at,
    )


def reachable(unit: Unit, asker: Asker) -> tuple[Hunt, ...]:
    """Hunts that take ideas from this person now, newest first."""
    return tuple(
        hunt
        for hunt in unit.hunts.open(asker.tenant)
        if hunt.takes_ideas and (hunt.led_by(asker.person) or room_for(unit, asker, hunt))
    )


def themselves(unit: Unit, tenant: TenantId, chosen: Iterable[PersonId]) -> tuple[PersonId, ...]:
    """People under the accounts they are known under, each once: a form names them by those of its own platform."""
    return tuple(dict.fromkeys(unit.links.itself(tenant, person) for person in chosen))
