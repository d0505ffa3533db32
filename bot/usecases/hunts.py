"""Launching a hunt and moving it through its phases: what its facilitator does."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.errors import BadForm, HuntOpenHere, NoHuntHere
from bot.domain.hunt import MAX_QUESTION, MAX_THEME, MAX_THEMES, Hunt, HuntRoom, Names, Phase
from bot.domain.ideas import IdeaState, Origin
from bot.domain.names import HuntId, MessageId, RoomId, TenantId
from bot.domain.people import LANGUAGES, Asker
from bot.domain.rules import beyond
from bot.ports import Schedule, Storage, Unit
from bot.screens import Browse, Button, Deed, Help, Hub, LaunchForm, Note
from bot.text import one_line
from bot.usecases.announcements import redraw, session_reminder
from bot.usecases.closing import close_round
from bot.usecases.digests import DIGEST, weekly
from bot.usecases.facilitation import leaderless
from bot.usecases.grouping import browse_page
from bot.usecases.people import dots_left, show_again, speech, themselves
from bot.usecases.requests import LaunchRequest, wrong_moment
from bot.usecases.results import themes_chosen, tied
from bot.words import RoomLink

STANDING = frozenset({IdeaState.STANDING})


@dataclass(frozen=True, slots=True)
class Hunts:
    """Use cases about a hunt as a whole. `outside`: the host that ideas' words are sent to, which the help tells."""

    storage: Storage
    outside: str = ""

    def hub(self, asker: Asker, room: RoomId, now: datetime) -> Hub | LaunchForm:
        """What this person can do here now; the launch form when no hunt was ever closed or open here."""
        with self.storage.look() as unit:
            hunt = unit.hunts.open_in(asker.tenant, room) or _awaiting(unit, asker.tenant, room)
            if hunt is None:
                return _blank_form(unit, asker, room)
            return _hub(unit, asker, hunt, room)

    def help(self, asker: Asker, room: RoomId) -> Help:
        """What one can type here."""
        with self.storage.look() as unit:
            hunt = unit.hunts.open_in(asker.tenant, room)
            return Help(hunt, hunt is not None and hunt.led_by(asker.person), self.outside)

    def launch_form(
        self, asker: Asker, room: RoomId | None, now: datetime, question: str = "", full: bool = False
    ) -> LaunchForm:
        """An empty launch form; where a hunt is open already it says so, and asks for another room."""
        with self.storage.look() as unit:
            form = replace(_blank_form(unit, asker, room), question=question[:MAX_QUESTION], full=full)
            if room is None or unit.hunts.open_in(asker.tenant, room) is None:
                return form
            return replace(form, room=None, problems={"room": "launch.problem.open_here"})

    def launch(self, asker: Asker, wanted: LaunchRequest, key: str, now: datetime) -> Note:
        """Opens a hunt; a letter shows it in its room.

        `key` is the request's natural key: the same form sent twice launches once. Raises BadForm, HuntOpenHere.
        """
        with self.storage.begin() as unit:
            if not unit.people.first_time(asker.tenant, f"launch:{key}", now):
                return _launched(unit, asker, unit.hunts.latest_in(asker.tenant, wanted.room), wanted.room)
            wanted = _among_people(unit, asker, wanted)
            _expect_good(asker, wanted, now)
            hold_room(unit, asker.tenant, wanted.room)
            already = unit.hunts.open_in(asker.tenant, wanted.room)
            if already:
                raise HuntOpenHere(already.question)
            language = wanted.language if wanted.language in LANGUAGES else likely_language(unit, asker, wanted.room)
            hunt = replace(_new_hunt(asker, wanted, now), language=language)
            self._keep_new(unit, hunt, wanted, now)
            return _launched(unit, asker, hunt, wanted.room)

    def _keep_new(self, unit: Unit, hunt: Hunt, wanted: LaunchRequest, now: datetime) -> None:
        unit.hunts.add(hunt)
        unit.hunts.keep_room(HuntRoom(hunt.tenant, hunt.id, wanted.room))
        for name in wanted.themes:
            if clean := one_line(name, MAX_THEME):
                unit.ideas.add_theme(hunt.tenant, hunt.id, clean, Origin.GIVEN)
        room = unit.people.room(hunt.tenant, wanted.room)
        zone = speech(unit, hunt.tenant, hunt.facilitator)[1]
        unit.people.keep_room(replace(room, language=hunt.language, zone=zone))
        unit.calendar.keep_schedule(
            Schedule(hunt.tenant, wanted.room, DIGEST, weekly(zone).first_after(now), zone, last_sent=now)
        )
        redraw(unit, hunt, now, at_once=True)
        session_reminder(unit, hunt, now)
        unit.calendar.note(hunt.tenant, hunt.facilitator, "launch", hunt.id, now)

    def retry(self, asker: Asker, hunt: HuntId, now: datetime) -> Note:
        """The bot was invited: show the hunt in its room."""
        with self.storage.begin() as unit:
            kept = unit.hunts.locked(asker.tenant, hunt)
            kept.expect_leader(asker.person, "launch")
            for place in unit.hunts.rooms(asker.tenant, hunt):
                show_again(unit, kept, place.room, now)
        return Note("launch.retrying")

    def reveal(self, asker: Asker, hunt: HuntId, now: datetime) -> Note:
        """Shows the ideas to the room, shuffled."""
        with self.storage.begin() as unit:
            kept = unit.hunts.locked(asker.tenant, hunt)
            kept.expect_leader(asker.person, "reveal")
            kept = reveal(unit, kept, now)
            unit.calendar.note(asker.tenant, asker.person, "reveal", hunt, now)
        return Note("reveal.done", {"n": kept.ideas}, (Button(Deed.DUPLICATES, hunt), Button(Deed.SORT, hunt)))

    def collect_again(self, asker: Asker, hunt: HuntId, now: datetime) -> Note:
        """A second round of writing alone, after reading one another."""
        with self.storage.begin() as unit:
            kept = unit.hunts.locked(asker.tenant, hunt)
            kept.expect_leader(asker.person, "collect_again")
            kept = replace(kept.step(Phase.COLLECTING), collect_until=None)
            unit.hunts.keep(kept)
            redraw(unit, kept, now, at_once=True)
        return Note("collect_again.done")

    def close(self, asker: Asker, hunt: HuntId, now: datetime) -> Note:
        """Closes the open vote, or ends a hunt without one. Closing twice says so and changes nothing."""
        with self.storage.begin() as unit:
            kept = unit.hunts.locked(asker.tenant, hunt)
            kept.expect_leader(asker.person, "close")
            if kept.phase is Phase.VOTING:
                close_round(unit, kept, now)
                unit.calendar.note(asker.tenant, asker.person, "close_vote", hunt, now)
                return Note("close.vote_done")
            if kept.phase is Phase.CLOSED:
                return Note("close.already")
            ended = replace(kept.step(Phase.CLOSED), closed_at=now)
            unit.hunts.keep(ended)
            redraw(unit, ended, now, at_once=True)
            unit.calendar.note(asker.tenant, asker.person, "close_hunt", hunt, now)
        return Note("close.hunt_done")

    def board(self, asker: Asker, room: RoomId, now: datetime) -> Browse | Note:
        """All ideas of this room's newest hunt, privately; how many there are while they are hidden."""
        with self.storage.look() as unit:
            hunt = unit.hunts.open_in(asker.tenant, room) or unit.hunts.latest_in(asker.tenant, room)
            if hunt is None:
                raise NoHuntHere
            return browse_page(unit, hunt, 1, None)

    def open_here(self, tenant: TenantId, room: RoomId) -> HuntId | None:
        """The open hunt of a room, or the closed one that awaits a run-off."""
        with self.storage.look() as unit:
            hunt = unit.hunts.open_in(tenant, room) or _awaiting(unit, tenant, room)
            return hunt.id if hunt else None

    def nameless_here(self, tenant: TenantId, room: RoomId) -> bool:
        """Whether the open hunt of a room keeps no names."""
        with self.storage.look() as unit:
            hunt = unit.hunts.open_in(tenant, room)
            return hunt is not None and hunt.names is Names.NONE

    def newest_here(self, tenant: TenantId, room: RoomId) -> HuntId | None:
        """The open hunt of a room, or else the last one that was closed there."""
        with self.storage.look() as unit:
            hunt = unit.hunts.open_in(tenant, room) or unit.hunts.latest_in(tenant, room)
            return hunt.id if hunt else None

    def hunt_of(self, tenant: TenantId, room: RoomId, board: MessageId) -> HuntId | None:
        """The hunt whose board is this message."""
        with self.storage.look() as unit:
            hunt = unit.hunts.of_board(tenant, room, board)
            return hunt.id if hunt else None


def hold_room(unit: Unit, tenant: TenantId, room: RoomId) -> None:
    """Makes whoever else would open a hunt in this room wait for our end: its row is written, and so locked."""
    unit.people.keep_room(unit.people.room(tenant, room))


def reveal(unit: Unit, hunt: Hunt, now: datetime) -> Hunt:
    """The hunt with its ideas shown, kept, its board written; the caller holds the hunt's lock."""
    shown = hunt.step(Phase.REVEALED)
    unit.hunts.keep(shown)
    redraw(unit, shown, now, at_once=True)
    return shown


def _awaiting(unit: Unit, tenant: TenantId, room: RoomId) -> Hunt | None:
    """The room's last hunt, closed but not done: a tie awaits its run-off, or chosen themes the vote on their ideas."""
    hunt = unit.hunts.latest_in(tenant, room)
    done = hunt is None or hunt.phase is not Phase.CLOSED
    return None if hunt is None or done or not (tied(unit, hunt) or themes_chosen(unit, hunt) is not None) else hunt


def _hub(unit: Unit, asker: Asker, hunt: Hunt, room: RoomId) -> Hub:
    round = unit.rounds.latest(hunt.tenant, hunt.id)
    leads, chosen = hunt.led_by(asker.person), themes_chosen(unit, hunt)
    return Hub(
        hunt,
        room,
        leads,
        dots_left=dots_left(unit, hunt, asker.person),
        dots_total=round.dots if round else None,
        mine=len(unit.ideas.by(hunt.tenant, hunt.id, asker.person)),
        voters=round.voters if round else 0,
        eligible=round.eligible if round else 0,
        duplicates=unit.ideas.count_pairs(hunt.tenant, hunt.id) if leads and hunt.shows_ideas else 0,
        unsorted=unit.ideas.count(hunt.tenant, hunt.id, states=STANDING, unsorted=True) if leads else 0,
        tied=tied(unit, hunt),
        themes_chosen=None if chosen is None else len(chosen),
        leaderless=not leads and leaderless(unit, hunt, asker),
    )


def _blank_form(unit: Unit, asker: Asker, room: RoomId | None) -> LaunchForm:
    return LaunchForm(room, language=likely_language(unit, asker, room))


def likely_language(unit: Unit, asker: Asker, room: RoomId | None) -> str:
    """The language of announcements nobody chose: the room's, once it held a hunt, else the person's."""
    if room is not None and unit.hunts.latest_in(asker.tenant, room) is not None:
        return unit.people.room(asker.tenant, room).language
    return speech(unit, asker.tenant, asker.person)[0]


def _among_people(unit: Unit, asker: Asker, wanted: LaunchRequest) -> LaunchRequest:
    """The same, with everybody under the account they are known under."""
    leads, watch = (themselves(unit, asker.tenant, some) for some in (wanted.cofacilitators, wanted.observers))
    return replace(wanted, cofacilitators=leads, observers=watch)


def _expect_good(asker: Asker, wanted: LaunchRequest, now: datetime) -> None:
    """Raises BadForm with the sentence's key beside each field that needs another look."""
    problems: dict[str, str] = {}
    if not one_line(wanted.question, MAX_QUESTION):
        problems["question"] = "launch.problem.no_question"
    elif len(wanted.question) > MAX_QUESTION:
        problems["question"] = "launch.problem.long_question"
    if len(wanted.themes) > MAX_THEMES:
        problems["themes"] = "launch.problem.many_themes"
    for field in ("collect_until", "vote_from", "vote_until", "next_session"):
        if wrong := wrong_moment(getattr(wanted, field), now):
            problems[field] = wrong
    steps = [m for m in (wanted.collect_until, wanted.vote_from, wanted.vote_until) if m is not None]
    if steps != sorted(steps):
        problems.setdefault("vote_until", "launch.problem.order")
    rules = {"dots": wanted.dots, "cap": wanted.cap, "places": wanted.places}
    problems |= dict.fromkeys(beyond(rules), "launch.problem.dots")
    if frozenset(wanted.observers) & frozenset((*wanted.cofacilitators, asker.person)):
        problems["observers"] = "share.problem.both"
    if problems:
        raise BadForm(problems)


def _new_hunt(asker: Asker, wanted: LaunchRequest, now: datetime) -> Hunt:
    return Hunt(
        tenant=asker.tenant,
        id=HuntId(secrets.token_hex(6)),
        question=one_line(wanted.question, MAX_QUESTION),
        facilitator=asker.person,
        created_at=now,
        cofacilitators=frozenset(wanted.cofacilitators) - {asker.person},
        observers=frozenset(wanted.observers),
        names=wanted.names,
        private=wanted.private,
        capture=wanted.capture,
        collect_until=wanted.collect_until,
        vote_from=wanted.vote_from,
        vote_until=wanted.vote_until,
        dots=wanted.dots,
        cap=wanted.cap,
        places=wanted.places,
        next_session=wanted.next_session,
        seed=secrets.randbits(62),
    )


def _launched(unit: Unit, asker: Asker, hunt: Hunt | None, room: RoomId) -> Note:
    name = unit.people.room(asker.tenant, room).name
    target = hunt.id if hunt else ""
    return Note(
        "launch.done",
        {"room": RoomLink(room, name), "question": hunt.question if hunt else ""},
        (Button(Deed.ADD_IDEA, target, main=True),),
    )
