"""Who leads a hunt, who only observes, who counts under which role; and who steps in when nobody leads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.errors import BadForm, NotAllowed, Problem
from bot.domain.hunt import REQUEST_LAPSES, TAKE_OVER_AFTER, Hunt, Phase
from bot.domain.names import HuntId, PersonId, RoomId
from bot.domain.people import Asker
from bot.ports import Storage, Unit
from bot.screens import Button, Deed, Note, RolesForm, ShareForm
from bot.text import one_line
from bot.usecases.announcements import notice
from bot.usecases.closing import may_vote
from bot.usecases.people import themselves
from bot.usecases.voters import in_a_room
from bot.words import Mention

MAX_ROLE = 40
MOST_ROLES = 20
"""Roles listed in the form."""


@dataclass(frozen=True, slots=True)
class Facilitation:
    """Use cases about the people behind a hunt."""

    storage: Storage

    def share_form(self, asker: Asker, hunt: HuntId) -> ShareForm:
        """Who facilitates and who observes now."""
        with self.storage.look() as unit:
            kept = unit.hunts.get(asker.tenant, hunt)
            kept.expect_leader(asker.person, "share")
            leads, observers = tuple(sorted(kept.cofacilitators)), tuple(sorted(kept.observers))
            return ShareForm(kept, leads, observers, frozen=kept.phase is Phase.VOTING)

    def share(
        self,
        asker: Asker,
        hunt: HuntId,
        cofacilitators: Sequence[PersonId],
        observers: Sequence[PersonId],
        now: datetime,
    ) -> Note:
        """Keeps who facilitates and who observes. Raises BadForm: nobody does both, and no observer changes mid-vote.

        New facilitators are told; whoever asks keeps leading.
        """
        with self.storage.begin() as unit:
            kept = unit.hunts.locked(asker.tenant, hunt)
            kept.expect_leader(asker.person, "share")
            leads = frozenset((*themselves(unit, asker.tenant, cofacilitators), asker.person)) - {kept.facilitator}
            watching = frozenset(themselves(unit, asker.tenant, observers))
            _expect_apart(kept, leads, watching)
            unit.hunts.keep(replace(kept, cofacilitators=leads, observers=watching))
            _excuse(unit, kept, leads - kept.cofacilitators)
            for person in sorted(leads - kept.cofacilitators - {asker.person}):
                once = f"leads:{now.isoformat()}"
                notice(unit, kept, person, "share.leads", now, once=once, question=kept.question)
            unit.calendar.note(asker.tenant, asker.person, "share", hunt, now)
        return Note("share.kept")

    def roles_form(self, asker: Asker, hunt: HuntId, room: RoomId) -> RolesForm:
        """The roles of the people in the hunt's rooms, largest first."""
        with self.storage.look() as unit:
            kept = unit.hunts.get(asker.tenant, hunt)
            kept.expect_leader(asker.person, "roles")
            counts: dict[str, int] = {}
            for person in _members(unit, kept):
                if role := unit.people.person(asker.tenant, person).role:
                    counts[role] = counts.get(role, 0) + 1
            ranked = sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:MOST_ROLES]
            return RolesForm(room, hunt, tuple(ranked))

    def keep_role(self, asker: Asker, hunt: HuntId, role: str, people: Sequence[PersonId], now: datetime) -> Note:
        """Gives people of the hunt's rooms a role; an empty one takes theirs away. Raises BadForm for others.

        An open round keeps the roles it was opened with.
        """
        name = one_line(role, MAX_ROLE)
        with self.storage.begin() as unit:
            kept = unit.hunts.get(asker.tenant, hunt)
            kept.expect_leader(asker.person, "roles")
            people = themselves(unit, asker.tenant, people)
            strangers = frozenset(people) - _members(unit, kept)
            if strangers:
                raise BadForm({"people": Problem("roles.problem.stranger", {"n": len(strangers)})})
            for id in people:
                unit.people.keep_person(replace(unit.people.person(asker.tenant, id), role=name))
            unit.calendar.note(asker.tenant, asker.person, "roles", hunt, now)
        return Note("roles.kept" if name else "roles.taken", {"n": len(people), "role": name})

    def take_over(self, asker: Asker, hunt: HuntId, now: datetime) -> Note:
        """Makes a member of the hunt's rooms a facilitator too, when nobody leads any more.

        At once where every facilitator was deactivated or left. Else they are asked: whoever asks leads once they say
        yes, or once they stay silent for 24 hours and the person presses again; another 24 hours later the request
        lapses, and somebody else may ask. Raises NotAllowed for outsiders and observers.
        """
        with self.storage.begin() as unit:
            kept = unit.hunts.locked(asker.tenant, hunt)
            if kept.led_by(asker.person):
                return _leads(unit, kept)
            if not may_vote(unit, kept, asker.person) or not in_a_room(unit, kept, asker.person):
                raise NotAllowed("take_over")
            kept = _unless_present(unit, kept)
            mine = kept.asked_by == asker.person and kept.asked_at is not None
            if leaderless(unit, kept, asker) or (mine and now - (kept.asked_at or now) >= TAKE_OVER_AFTER):
                return self._grant(unit, kept, asker.person, asker.person, now)
            if kept.asked_by is not None and kept.asked_at is not None and now - kept.asked_at < REQUEST_LAPSES:
                if mine:
                    return Note("take_over.waiting", {"at": kept.asked_at + TAKE_OVER_AFTER}, good=False)
                return Note("take_over.other", {"at": kept.asked_at + REQUEST_LAPSES}, good=False)
            return self._ask(unit, kept, asker, now)

    def _ask(self, unit: Unit, hunt: Hunt, asker: Asker, now: datetime) -> Note:
        unit.hunts.keep(replace(hunt, asked_by=asker.person, asked_at=now))
        ripe = now + TAKE_OVER_AFTER
        for person in sorted({hunt.facilitator, *hunt.cofacilitators}):
            notice(
                unit,
                hunt,
                person,
                "take_over.asked",
                now,
                once=f"asked:{now.isoformat()}",
                buttons=f"{Deed.HAND_OVER}:{hunt.id}|{asker.person};{Deed.STAY}:{hunt.id}|{asker.person}",
                who=asker.person,
                until=ripe.isoformat(),
                question=hunt.question,
            )
        unit.calendar.note(asker.tenant, asker.person, "ask_take_over", hunt.id, now)
        return Note("take_over.sent", {"at": ripe})

    def answer(self, asker: Asker, hunt: HuntId, person: PersonId, yes: bool, now: datetime) -> Note:
        """A facilitator answers whoever asked: they lead too, or nothing changes. Answering twice changes nothing."""
        with self.storage.begin() as unit:
            kept = unit.hunts.locked(asker.tenant, hunt)
            kept.expect_leader(asker.person, "share")
            if kept.asked_by != person:
                return Note("take_over.done_already")
            if yes:
                self._grant(unit, kept, person, asker.person, now)
                return Note("take_over.handed", {"person": Mention(person)})
            unit.hunts.keep(replace(kept, asked_by=None, asked_at=None))
            once = f"stays:{now.isoformat()}"
            notice(unit, kept, person, "take_over.stays", now, once=once, question=kept.question)
            unit.calendar.note(asker.tenant, asker.person, "stay", hunt, now)
        return Note("take_over.stayed")

    def _grant(self, unit: Unit, hunt: Hunt, person: PersonId, by: PersonId, now: datetime) -> Note:
        leads = hunt.cofacilitators | {person}
        unit.hunts.keep(replace(hunt, cofacilitators=leads, asked_by=None, asked_at=None))
        _excuse(unit, hunt, {person})
        once = f"leads:{now.isoformat()}"
        if person != by:
            notice(unit, hunt, person, "share.leads", now, once=once, question=hunt.question)
        else:  # nobody answered: those who lead hear of it, wherever they are
            for other in sorted({hunt.facilitator, *hunt.cofacilitators} - {person}):
                notice(unit, hunt, other, "take_over.told", now, once=once, who=person, question=hunt.question)
        unit.calendar.note(hunt.tenant, by, "take_over", hunt.id, now)
        return _leads(unit, hunt)


def _unless_present(unit: Unit, hunt: Hunt) -> Hunt:
    """The hunt without its request where a facilitator did something in it since: whoever acts is not away."""
    if hunt.asked_at is None:
        return hunt
    leads = hunt.cofacilitators | {hunt.facilitator}
    if not unit.calendar.acted(hunt.tenant, leads, hunt.id, hunt.asked_at):
        return hunt
    return replace(hunt, asked_by=None, asked_at=None)


def _excuse(unit: Unit, hunt: Hunt, promoted: Iterable[PersonId]) -> None:
    """Whoever facilitates from now on abstains, unless they voted or do: they leave the count of who may vote."""
    if hunt.phase is Phase.VOTING and hunt.round is not None:
        round = unit.rounds.get(hunt.tenant, hunt.id, hunt.round)
        for person in sorted(promoted):
            unit.rounds.excuse(round, person)


def leaderless(unit: Unit, hunt: Hunt, asker: Asker) -> bool:
    """Whether every facilitator was deactivated or left the hunt's rooms, and the asker is in one of them."""
    rooms = [place.room for place in unit.hunts.rooms(hunt.tenant, hunt.id)]
    members = [unit.people.members(hunt.tenant, room) for room in rooms]
    here = [person for person in (hunt.facilitator, *hunt.cofacilitators) if _is_here(unit, hunt, person, members)]
    return not here and any(asker.person in known for known in members)


def _is_here(unit: Unit, hunt: Hunt, person: PersonId, members: Sequence[frozenset[PersonId]]) -> bool:
    if unit.people.person(hunt.tenant, person).inactive:
        return False
    return any(person in known or not known for known in members)


def _leads(unit: Unit, hunt: Hunt) -> Note:
    places = unit.hunts.rooms(hunt.tenant, hunt.id)
    room = places[0].room if places else ""
    return Note("take_over.done", {"question": hunt.question}, (Button(Deed.HUB, room, main=True),))


def _members(unit: Unit, hunt: Hunt) -> frozenset[PersonId]:
    found: frozenset[PersonId] = frozenset()
    for place in unit.hunts.rooms(hunt.tenant, hunt.id):
        found |= unit.people.members(hunt.tenant, place.room)
    return found


def _expect_apart(hunt: Hunt, leads: frozenset[PersonId], observers: frozenset[PersonId]) -> None:
    if observers & (leads | {hunt.facilitator}):
        raise BadForm({"observers": "share.problem.both"})
    if hunt.phase is Phase.VOTING and observers != hunt.observers:
        raise BadForm({"observers": "share.problem.voting"})
