"""A hunt in several rooms, and one person with several accounts: joined by short codes typed on the other platform."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.codes import new_code, read_code
from bot.domain.errors import (
    BadCode,
    HuntOpenHere,
    NoHuntHere,
    OnlyRoom,
    SamePlatform,
    VotedAsOne,
    VotedTwice,
    VoteHalted,
    WrongPhase,
)
from bot.domain.hunt import Hunt, HuntRoom, Phase, Standing
from bot.domain.names import HuntId, PersonId, RoomId, TenantId
from bot.domain.people import Asker, Code, Conversation
from bot.ports import Schedule, Storage, Unit
from bot.screens import Button, Deed, Note
from bot.usecases.announcements import redraw_in
from bot.usecases.digests import DIGEST, weekly
from bot.usecases.hunts import hold_room, likely_language
from bot.usecases.people import speech
from bot.words import RoomLink, Words, translator

HUNT_CODE = timedelta(hours=24)
ACCOUNT_CODE = timedelta(minutes=15)
MOST_NAMED = 14
"""Characters of a room's name on a button, which has to fit a telephone."""
MOST_DRAWS = 20
"""Codes drawn until one is free: with 810,000 of them the second is."""


@dataclass(frozen=True, slots=True)
class Rooms:
    """Use cases about what joins two platforms."""

    storage: Storage

    # --- rooms

    def invite(self, asker: Asker, hunt: HuntId, now: datetime) -> Note:
        """The rooms of a hunt, and the code by which another room joins it within 24 hours. For its facilitators."""
        with self.storage.begin() as unit:
            kept = unit.hunts.get(asker.tenant, hunt)
            kept.expect_leader(asker.person, "rooms")
            if kept.phase is Phase.CLOSED:
                raise WrongPhase(kept.phase.value)
            unit.links.drop_old_codes(now)
            code = unit.links.code_of(asker.tenant, hunt, now) or _drawn(
                unit, Code(asker.tenant, "", now + HUNT_CODE, hunt=hunt)
            )
            language, there = speech(unit, asker.tenant, asker.person)[0], _rooms(unit, kept)
            rooms = translator(language).listed(there)
        out = tuple(_take_out(hunt, room) for room in there) if len(there) > 1 else ()
        return Note("rooms.code", {"code": Words(code.code), "rooms": rooms, "at": code.expires_at}, out)

    def take_out(self, asker: Asker, hunt: HuntId, room: RoomId, now: datetime) -> Note:
        """Takes a room out of a hunt: its board says so, what its people posted stays. For its facilitators.

        Raises WrongPhase while a vote is open, for the people of its rooms are who votes, and once the hunt is closed;
        NoHuntHere where the room is none of its rooms, OnlyRoom where it is its only one.
        """
        with self.storage.begin() as unit:
            kept = unit.hunts.locked(asker.tenant, hunt)
            kept.expect_leader(asker.person, "rooms")
            if kept.phase in {Phase.VOTING, Phase.CLOSED}:
                raise WrongPhase(kept.phase.value)
            places = unit.hunts.rooms(asker.tenant, hunt)
            place = next((one for one in places if one.room == room), None)
            if place is None:
                raise NoHuntHere
            if len(places) == 1:
                raise OnlyRoom
            unit.letters.cancel(asker.tenant, room)
            unit.hunts.keep_room(replace(place, standing=Standing.GONE))
            redraw_in(unit, kept, place, now)
            unit.calendar.note(asker.tenant, asker.person, "take_out", f"{hunt}:{room}", now)
        return Note("rooms.is_out", {"question": kept.question})

    def join(self, asker: Asker, room: RoomId, typed: str, now: datetime) -> Note:
        """Shows a hunt in one more room. Typing the code twice changes nothing.

        Raises BadCode, HuntOpenHere where the room has another open hunt.
        """
        with self.storage.begin() as unit:
            code = _known(unit, asker.tenant, typed, now)
            if code.hunt is None:
                raise BadCode
            hunt = unit.hunts.locked(asker.tenant, code.hunt)
            if hunt.phase is Phase.CLOSED:
                raise WrongPhase(hunt.phase.value)
            hold_room(unit, asker.tenant, room)
            already = unit.hunts.open_in(asker.tenant, room)
            if already is not None and already.id != hunt.id:
                raise HuntOpenHere(already.question)
            if already is None:
                self._show(unit, asker, hunt, room, now)
        return Note("rooms.joined", {"question": hunt.question}, (Button(Deed.ADD_IDEA, hunt.id, main=True),))

    def _show(self, unit: Unit, asker: Asker, hunt: Hunt, room: RoomId, now: datetime) -> None:
        """The board in the room's own language, the room's weekly letter, and its members among the voters."""
        place = HuntRoom(hunt.tenant, hunt.id, room)
        language, zone = likely_language(unit, asker, room), speech(unit, asker.tenant, asker.person)[1]
        unit.hunts.keep_room(place)
        unit.people.keep_room(replace(unit.people.room(hunt.tenant, room), language=language, zone=zone))
        unit.calendar.keep_schedule(
            Schedule(hunt.tenant, room, DIGEST, weekly(zone).first_after(now), zone, last_sent=now)
        )
        redraw_in(unit, hunt, place, now)
        unit.calendar.note(asker.tenant, asker.person, "join_room", f"{hunt.id}:{room}", now)

    # --- accounts

    def account_code(self, asker: Asker, now: datetime) -> Note:
        """A code by which this person says on the other platform who they are here; good for a quarter of an hour."""
        with self.storage.begin() as unit:
            unit.links.drop_old_codes(now)
            me = unit.links.itself(asker.tenant, asker.person)
            code = _drawn(unit, Code(asker.tenant, "", now + ACCOUNT_CODE, person=me))
        return Note("link.code", {"code": Words(code.code), "n": int(ACCOUNT_CODE.total_seconds() // 60)})

    def link(self, asker: Asker, typed: str, now: datetime, ours: Callable[[str], bool]) -> Note:
        """From now on both accounts are one person with one ballot; a code is good for one account.

        Typing it twice changes nothing. `ours`: whether an account is of the platform where the code was typed.
        Raises BadCode, SamePlatform, VotedTwice.
        """
        with self.storage.begin() as unit:
            code = _known(unit, asker.tenant, typed, now)
            if code.person is None:
                raise BadCode
            main = unit.links.itself(asker.tenant, code.person)
            account = unit.links.itself(asker.tenant, asker.person)
            if main == account:
                if account not in unit.links.accounts(asker.tenant).values():
                    raise BadCode  # one's own code, or of a link that was undone since
            else:
                if main != code.person:  # it is another account's by now
                    raise BadCode
                _expect_two_platforms(unit, asker.tenant, account, main, ours)
                _expect_one_vote(unit, asker.tenant, account, main)
                _hand_over(unit, asker.tenant, account, main)
                unit.links.link(asker.tenant, account, main)
                unit.calendar.note(asker.tenant, main, "link", str(account), now)
            self._used(unit, code, asker.person, main)
        return Note("link.done")

    def _used(self, unit: Unit, code: Code, account: PersonId, main: PersonId) -> None:
        """The code now says whose it became: the message that held it may be delivered once more."""
        if account != main:
            unit.links.drop_code(code.tenant, code.code)
            unit.links.add_code(replace(code, person=account))

    def unlink(self, asker: Asker, now: datetime) -> Note:
        """Every account of a person is a person of its own again; what they did as one stays with the main account.

        Raises VotedAsOne while they have a ballot in an open round.
        """
        with self.storage.begin() as unit:
            main = unit.links.itself(asker.tenant, asker.person)
            accounts = unit.links.unlink(asker.tenant, main)
            if not accounts:
                return Note("unlink.none", good=False)
            _expect_no_ballot(unit, asker.tenant, main)
            unit.calendar.note(asker.tenant, main, "unlink", " ".join(accounts), now)
        return Note("unlink.done")

    def part(self, tenant: TenantId, mains: Iterable[PersonId]) -> None:
        """Undoes links that should never have been; whoever has a ballot in an open round is parted after its close."""
        for main in mains:
            try:
                with self.storage.begin() as unit:
                    unit.links.unlink(tenant, main)
                    _expect_no_ballot(unit, tenant, main)
            except (VotedAsOne, VoteHalted):
                continue

    def accounts(self, tenant: TenantId) -> Mapping[PersonId, PersonId]:
        """Every linked account, and the one it stands for."""
        with self.storage.look() as unit:
            return unit.links.accounts(tenant)

    # --- places

    def is_served(self, workspace: str) -> bool:
        """Whether a workspace was ever served."""
        with self.storage.look() as unit:
            return unit.links.workspace(workspace) is not None

    def shared(self, workspace: str, tenant: TenantId) -> TenantId:
        """The tenant a workspace is served in: what was kept first, else `tenant`, which is then kept."""
        with self.storage.begin() as unit:
            known = unit.links.workspace(workspace)
            if known is None:
                unit.links.keep_workspace(workspace, tenant)
            return known or tenant

    def reach(self, tenant: TenantId, place: RoomId | PersonId) -> Conversation | None:
        """Where a room or a person is written to."""
        with self.storage.look() as unit:
            return unit.links.conversation(tenant, place)

    def of_team(self, tenant: TenantId, team: str) -> tuple[RoomId, ...]:
        """The rooms of a team that are known here: they share its members."""
        with self.storage.look() as unit:
            return unit.links.rooms_of(tenant, team)

    def met(self, conversation: Conversation) -> None:
        """Keeps where a room or a person is written to."""
        with self.storage.begin() as unit:
            unit.links.keep_conversation(conversation)

    def lost(self, tenant: TenantId, place: RoomId | PersonId) -> None:
        """The bot was removed there."""
        with self.storage.begin() as unit:
            unit.links.drop_conversation(tenant, place)


def _drawn(unit: Unit, wanted: Code) -> Code:
    for _ in range(MOST_DRAWS):
        code = replace(wanted, code=new_code())
        if unit.links.add_code(code):
            return code
    raise BadCode


def _known(unit: Unit, tenant: TenantId, typed: str, now: datetime) -> Code:
    code = unit.links.code(tenant, read_code(typed), now)
    if code is None:
        raise BadCode
    return code


def _rooms(unit: Unit, hunt: Hunt) -> list[RoomLink]:
    """The rooms of a hunt as its facilitator reads them."""
    places = unit.hunts.rooms(hunt.tenant, hunt.id)
    return [RoomLink(place.room, unit.people.room(hunt.tenant, place.room).name) for place in places]


def _take_out(hunt: HuntId, room: RoomLink) -> Button:
    name = room.name or str(room.room)
    named = {"room": name if len(name) <= MOST_NAMED else f"{name[: MOST_NAMED - 1]}…"}
    return Button(Deed.TAKE_OUT, f"{hunt}|{room.room}", confirm=True, facts=named)


def _expect_two_platforms(
    unit: Unit, tenant: TenantId, account: PersonId, main: PersonId, ours: Callable[[str], bool]
) -> None:
    """Raises SamePlatform where one of them has an account already on a platform of the other."""
    linked = unit.links.accounts(tenant)
    here, there = (
        {ours(who), *(ours(one) for one, stands_for in linked.items() if stands_for == who)} for who in (account, main)
    )
    if here & there:
        raise SamePlatform


def _expect_one_vote(unit: Unit, tenant: TenantId, account: PersonId, main: PersonId) -> None:
    """Raises VotedTwice where both have voted and one of the ballots cannot be taken back: on paper, or cast."""
    for hunt in unit.hunts.open(tenant):
        round = unit.rounds.latest(tenant, hunt.id)
        if round is None or not round.open:
            continue
        round = unit.rounds.pinned(tenant, hunt.id, round.number)
        electors = [unit.rounds.elector(round, one) for one in (account, main)]
        final = [one.on_paper or (round.detached and one.done) for one in electors]
        voted = [
            lasting or bool(unit.rounds.ballot(round, who).used)
            for lasting, who in zip(final, (account, main), strict=True)
        ]
        if any(final) and all(voted):
            raise VotedTwice


def _expect_no_ballot(unit: Unit, tenant: TenantId, person: PersonId) -> None:
    """Raises VotedAsOne where the person has a ballot in an open round, cast, on paper or dot by dot."""
    for hunt in unit.hunts.open(tenant):
        round = unit.rounds.latest(tenant, hunt.id)
        if round is None or not round.open:
            continue
        elector = unit.rounds.elector(round, person)
        if elector.on_paper or (round.detached and elector.done) or unit.rounds.ballot(round, person).used:
            raise VotedAsOne


def _hand_over(unit: Unit, tenant: TenantId, account: PersonId, main: PersonId) -> None:
    """Hunts the account leads are led by its person; those it observes are observed by them, or led where they lead.

    While a vote is open nobody becomes an observer: who may vote in it is settled.
    """
    for hunt in unit.hunts.open(tenant):
        watches = account in hunt.observers and hunt.phase is not Phase.VOTING
        if hunt.led_by(account) or watches:
            leader = main if hunt.facilitator == account else hunt.facilitator
            others = _under(hunt.cofacilitators, account, main) - {leader}
            observers = _under(hunt.observers, account, main) if watches else hunt.observers
            kept = replace(unit.hunts.locked(tenant, hunt.id), facilitator=leader, cofacilitators=others)
            unit.hunts.keep(replace(kept, observers=observers - others - {leader}))


def _under(people: frozenset[PersonId], account: PersonId, main: PersonId) -> frozenset[PersonId]:
    return frozenset(main if one == account else one for one in people)
