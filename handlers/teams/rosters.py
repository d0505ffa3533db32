"""Who is in which room and who an account is: told by events, and looked up where they leave it open."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.domain.names import PersonId, RoomId
from bot.domain.people import Conversation
from bot.usecases import Core
from handlers.desk.wishes import text_at
from handlers.door import Door
from handlers.platform import BadPayload, NotInvited, PersonUnreachable, RoomGone, Trouble
from handlers.teams import payloads
from handlers.teams.connector import Connector
from handlers.teams.payloads import Home
from handlers.teams.people import People

Body = Mapping[str, Any]
NOBODY = (RoomGone, NotInvited, BadPayload, PersonUnreachable)
"""How Teams says that somebody is not in a conversation."""
AGAIN = timedelta(minutes=10)
"""How long it is believed that somebody is, or is not, in a room."""
MOST_SEEN = 20_000


class Rosters:
    """The members of teams and chats. The standard channels of a team share its members."""

    def __init__(
        self, home: Home, core: Core, door: Door, connector: Connector, people: People, now: Callable[[], datetime]
    ) -> None:
        self._home = home
        self._core = core
        self._door = door
        self._connector = connector
        self._people = people
        self._now = now
        self._seen: OrderedDict[tuple[RoomId, PersonId], datetime] = OrderedDict()

    # --- who an account is

    async def identified(self, body: Body) -> Body:
        """An activity whose doer is named by their object id, as everywhere else; as it is where nobody knows it.

        Events name people by the account's own id alone. Raises Trouble where Teams could not be asked.
        """
        doer = body.get("from")
        account = text_at(doer, "id")
        if not account.startswith(payloads.ACCOUNT) or not isinstance(doer, Mapping):
            return body
        if payloads.has_object_id(doer):
            self._people.remember(account, payloads.person_id(doer))
            return body
        person = self._people.of(account) or await self._asked(body, account)
        return {**body, "from": {**doer, "aadObjectId": person}} if person and person != account else body

    async def _asked(self, body: Body, account: str) -> PersonId | None:
        """Who it is in the conversation of an activity: their account itself where they have no other name."""
        try:
            found = await self._connector.member(payloads.conversation_of(self._home, body), account)
        except NOBODY:
            return None
        member = payloads.member(self._home, {"id": account, **found})
        await self._people.learn({account: member})
        return member.id

    # --- who came, who went

    async def rooms(self, body: Body) -> tuple[RoomId, ...]:
        """The rooms an event of members is about: every known one of the team, where it is the team's."""
        room, team = payloads.room_of(body), payloads.team_of(body)
        if not team or payloads.is_of_a_channel(body):
            return (room,)
        known = await self._door.look(self._core.rooms.of_team, self._home.tenant, team)
        return known if room in known else (room, *known)

    async def channels(self, body: Body) -> Mapping[RoomId, str]:
        """The channels of a team the bot was just added to, with their names; {} where they cannot be read now."""
        at, named = payloads.conversation_of(self._home, body), text_at(body, "channelData", "team", "name")
        try:
            found = await self._connector.channels(at) if at.team else []
        except Trouble:
            return {}
        return {RoomId(id): text_at(one, "name") or named for one in found if (id := text_at(one, "id"))}

    async def came(self, body: Body, accounts: Iterable[Body]) -> None:
        """People came; whoever is not known by their account is found by reading who is there now."""
        people, unknown = self._known(accounts)
        rooms = await self.rooms(body)
        if people:
            await self._door.do(self._core.people.members_joined, self._home.tenant, rooms, people)
        if unknown:
            await self._read_again(body, rooms)

    async def went(self, body: Body, accounts: Iterable[Body]) -> None:
        """People went; whoever is not known by their account is missed by reading who is there now."""
        people, unknown = self._known(accounts)
        rooms = await self.rooms(body)
        if people:
            await self._door.do(self._core.people.members_left, self._home.tenant, rooms, people)
            for key in [key for key in self._seen if key[1] in people]:
                del self._seen[key]
        if unknown:
            await self._read_again(body, rooms)

    def _known(self, accounts: Iterable[Body]) -> tuple[list[PersonId], bool]:
        """The people of an event, and whether somebody is among them whose account alone is told."""
        people: list[PersonId] = []
        unknown = False
        for account in accounts:
            id = text_at(account, "id")
            person = payloads.person_id(account) if payloads.has_object_id(account) else self._people.of(id)
            if person is None:
                unknown = True
            else:
                self._people.remember(id, person)
                people.append(person)
        return people, unknown

    async def _read_again(self, body: Body, rooms: tuple[RoomId, ...]) -> None:
        """Where Teams cannot be asked now, whoever came is found when they act."""
        try:
            members = await self.members(payloads.conversation_of(self._home, body))
        except Trouble:
            return
        if members:
            await self._door.do(self._core.people.keep_rosters, self._home.tenant, rooms, members)

    async def members(self, at: Conversation) -> frozenset[PersonId]:
        """Everybody in a conversation now; what is told of them is kept."""
        found = [one async for page in self._connector.members(at) for one in page]
        told = {text_at(one, "id"): payloads.member(self._home, one) for one in found}
        await self._people.learn(told)
        return frozenset(member.id for member in told.values() if member.id)

    # --- who acts

    async def seen(self, body: Body) -> None:
        """Somebody acts in a room whose list does not hold them: Teams is asked whether they are there after all.

        They came while the bot was off, or the event was lost.
        """
        room, person, now = payloads.room_of(body), payloads.person_id(body.get("from")), self._now()
        if now - self._seen.get((room, person), now - AGAIN) < AGAIN:
            return
        if await self._door.look(self._core.people.is_missing, self._home.tenant, room, person):
            try:
                found = await self._asked(body, text_at(body, "from", "id"))
            except Trouble:
                return  # asked again when they act again
            if found == person:
                rooms = await self.rooms(body)
                await self._door.do(self._core.people.members_joined, self._home.tenant, rooms, (person,))
        self._seen[room, person] = now
        self._seen.move_to_end((room, person))
        while len(self._seen) > MOST_SEEN:
            self._seen.popitem(last=False)
