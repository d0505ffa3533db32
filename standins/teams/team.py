"""What happens to a team: people come and go, channels are made, renamed, deleted; each told as Teams tells it."""

from __future__ import annotations

from standins.teams.delivery import Delivery
from standins.teams.desk import Desk
from standins.teams.hands import Hands
from standins.teams.tenant import Chat, Team
from standins.teams.wire import Json


class TeamHands:
    """A team in the hands of its owner, who is whoever does it."""

    def __init__(self, desk: Desk, delivery: Delivery, team: Team) -> None:
        self._desk = desk
        self._delivery = delivery
        self.team = team

    @property
    def general(self) -> Chat:
        """The general channel."""
        return self.team.general

    @property
    def channels(self) -> list[Chat]:
        """The other ones."""
        return self.team.channels

    async def add_bot(self, by: Hands, chosen: Chat | None = None) -> None:
        """The app is added to the team, in a channel that is chosen."""
        await self._delivery.added_to_team(self.team, by.person, chosen or self.general)

    async def remove_bot(self, by: Hands) -> None:
        """The app is removed from the team."""
        await self._delivery.removed_from_team(self.team, by.person)

    async def join(self, who: Hands, by: Hands, *, told: bool = True, named: bool = False) -> None:
        """Somebody joins. `named`: the event holds their object id too, as newer ones do; `told`: the bot hears it."""
        self.general.members.append(who.person)
        if told:
            account = self._account(who, named=named)
            await self._delivery.team_told(self.team, by.person, "teamMemberAdded", membersAdded=[account])

    async def leave(self, who: Hands, by: Hands, *, named: bool = False) -> None:
        """Somebody leaves."""
        self.general.members.remove(who.person)
        account = self._account(who, named=named)
        await self._delivery.team_told(self.team, by.person, "teamMemberRemoved", membersRemoved=[account])

    def _account(self, who: Hands, *, named: bool) -> Json:
        return {"id": who.person.id, **({"aadObjectId": who.person.object_id} if named else {})}

    async def new_channel(self, name: str, by: Hands) -> Chat:
        """A channel is made."""
        channel = self._desk.tenant.new_channel(self.team, name)
        await self._of_channel(channel, by, "channelCreated")
        return channel

    async def rename_channel(self, channel: Chat, name: str, by: Hands) -> None:
        """A channel gets another name."""
        channel.name = name
        await self._of_channel(channel, by, "channelRenamed")

    async def delete_channel(self, channel: Chat, by: Hands) -> None:
        """A channel is deleted."""
        channel.gone = True
        await self._of_channel(channel, by, "channelDeleted")

    async def restore_channel(self, channel: Chat, by: Hands) -> None:
        """A channel comes back."""
        channel.gone = False
        await self._of_channel(channel, by, "channelRestored")

    async def _of_channel(self, channel: Chat, by: Hands, kind: str) -> None:
        data: Json = {"channel": {"id": channel.id, "name": channel.name}}
        await self._delivery.team_told(self.team, by.person, kind, data)

    async def rename(self, name: str, by: Hands) -> None:
        """The team gets another name."""
        self.general.name = name
        await self._delivery.team_told(self.team, by.person, "teamRenamed")

    async def archive(self, by: Hands) -> None:
        """The team is archived: nothing can be written in it."""
        for chat in self.team.rooms:
            chat.gone = True
        await self._delivery.team_told(self.team, by.person, "teamArchived")

    async def unarchive(self, by: Hands) -> None:
        """The team is in use again."""
        for chat in self.team.rooms:
            chat.gone = False
        await self._delivery.team_told(self.team, by.person, "teamUnarchived")
