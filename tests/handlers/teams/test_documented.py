"""Activities as Microsoft documents them, through the whole bot: each does what it should, and none is an error."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.domain.names import PersonId, RoomId
from standins.teams import Answer, Chat, Hands, Post, TeamHands
from tests.handlers.teams.town import Town, shown, titled, town

DOCUMENTED = Path(__file__).parent / "payloads" / "documented"
NAMES = sorted(path.stem for path in DOCUMENTED.glob("*.json"))
BENCH = "Un banc près de la mare"


@dataclass
class Place:
    """A team of its own for one test: a hunt in its first channel, a newcomer at the door."""

    town: Town
    team: TeamHands
    newcomer: Hands
    board: Post

    @property
    def room(self) -> Chat:
        return self.team.channels[0]

    def filled(self, name: str, **more: str) -> dict[str, Any]:
        """A documented activity with the names of this place in it."""
        said = (DOCUMENTED / f"{name}.json").read_text("utf-8")
        names = {
            "OWNER_OBJECT": self.town.alice.person.object_id,
            "MEMBER_OBJECT": self.town.bruno.person.object_id,
            "NEWCOMER": self.newcomer.person.id,
            "OWNER": self.town.alice.person.id,
            "MEMBER": self.town.bruno.person.id,
            "SERVICE": self.town.teams.url,
            "TENANT": self.town.teams.tenant_id,
            "TEAM": self.team.general.id,
            "BOT": self.town.teams.desk.tenant.bot_id,
            "ROOM": self.room.id,
            "MESSAGE": "1764149400001",
            "ROOT": self.board.id,
            **more,
        }
        for one in sorted(names, key=len, reverse=True):
            said = said.replace(f'"{one}"', json.dumps(names[one])).replace(f"{one};", f"{names[one]};")
            said = said.replace(f"messageid={one}", f"messageid={names[one]}")
        held: dict[str, Any] = json.loads(said)
        return held

    async def bring(self, name: str, **more: str) -> Answer:
        """Sends it, signed, as Teams does."""
        body = self.filled(name, **more)
        delivery = self.town.bruno._delivery
        return await (delivery.invoke(body) if body["type"] == "invoke" else delivery.send(body))

    def members(self) -> frozenset[PersonId]:
        with self.town.storage.look() as unit:
            return unit.people.members(self.town.tenant, RoomId(self.room.id))

    def name(self, room: Chat) -> str:
        return self.town.core.people.room(self.town.tenant, RoomId(room.id)).name

    def present(self, room: Chat) -> bool:
        return self.town.core.people.room(self.town.tenant, RoomId(room.id)).present


Story = Callable[[Place], Awaitable[None]]


@pytest.fixture(scope="module")
def play(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Callable[[Story], None]]:
    """One running bot for all these tests."""
    path = tmp_path_factory.mktemp("documented") / "ideahunt.db"
    shutil.copy(sqlite_template, path)
    with asyncio.Runner() as runner:
        opened = town(f"sqlite:///{path}")
        here = runner.run(opened.__aenter__())

        def played(story: Story) -> None:
            async def whole() -> None:
                team = here.teams.team("school", [here.alice, here.bruno], "water", "bread")
                here.room = team.channels[0]
                await team.add_bot(here.alice)
                await story(Place(here, team, here.teams.person("chloe"), await here.launch()))
                assert here.teams.violations == []

            runner.run(whole())

        yield played
        runner.run(opened.__aexit__(None, None, None))


async def added(place: Place) -> None:
    place.team.general.members.append(place.newcomer.person)
    await place.bring("conversation_update_member_added")
    assert PersonId(place.newcomer.person.object_id) in place.members()


async def removed(place: Place) -> None:
    place.team.general.members.remove(place.town.bruno.person)
    await place.bring("conversation_update_member_removed")
    assert place.members() == {place.town.alice.person.object_id}


async def bot_added(place: Place) -> None:
    await place.bring("conversation_update_bot_added")
    assert all(place.present(room) for room in place.team.team.rooms)


async def bot_removed(place: Place) -> None:
    await place.bring("conversation_update_bot_removed")
    assert not any(place.present(room) for room in place.team.team.rooms)


async def channel_named(place: Place, name: str) -> None:
    await place.bring(name)
    assert (place.name(place.room), place.name(place.team.general)) == ("Photography updates", "school")


async def channel_deleted(place: Place) -> None:
    await place.bring("conversation_update_channel_deleted")
    assert [place.present(room) for room in place.team.team.rooms] == [True, False, True]
    await place.bring("conversation_update_channel_restored")
    assert place.present(place.room)


async def team_renamed(place: Place) -> None:
    await place.bring("conversation_update_team_renamed")
    assert (place.name(place.room), place.name(place.team.general)) == ("water", "New team name")


async def team_archived(place: Place) -> None:
    await place.bring("conversation_update_team_archived")
    assert not any(place.present(room) for room in place.team.team.rooms)
    await place.bring("conversation_update_team_restored")
    assert all(place.present(room) for room in place.team.team.rooms)


async def meeting(place: Place) -> None:
    await place.bring("conversation_update_meeting_guest")
    with place.town.storage.look() as unit:
        guest = PersonId("29:1Z_XHWBMhDuehhDBYoPQD6Y1DSFsTtqOZx")
        assert unit.people.person(place.town.tenant, guest).seen_at is None


async def installed(place: Place) -> None:
    await place.bring("installation_update_remove")
    assert not any(place.present(room) for room in place.team.team.rooms)
    await place.bring("installation_update_add")


async def nothing(place: Place) -> None:
    before = await place.town.ideas()
    assert (await place.bring("message_reaction_added")).status == 200
    assert await place.town.ideas() == before


async def targeted(place: Place) -> None:
    await place.bring("message_targeted")
    told = await place.town.told(place.town.bruno, "Ce que vous pouvez taper")
    assert told.to == place.town.bruno.person.id


async def edited(place: Place) -> None:
    said = await place.town.bruno.mention(place.room, BENCH, under=place.board)
    await place.bring("message_edited", MESSAGE=said.id)
    mine = shown(await place.town.open(place.town.bruno, "deed:hub"))
    listed = await place.town.bruno.submit(place.room, mine, titled(mine, "deed:my_ideas"))
    assert "Deux bancs près de la mare du haut" in listed.said


async def deleted(place: Place) -> None:
    said = await place.town.bruno.mention(place.room, BENCH, under=place.board)
    assert await place.town.ideas() == 1
    await place.bring("message_soft_deleted", MESSAGE=said.id)
    assert await place.town.ideas() == 0
    await place.bring("message_undeleted", MESSAGE=said.id)


async def extended(place: Place) -> None:
    form = shown(await place.bring("compose_extension_fetch_task"))
    body = place.filled("compose_extension_submit_action")
    body["value"]["data"] = {**form.button(titled(form, "submit"))["data"], "field:text": BENCH}
    assert BENCH in shown(await place.town.bruno._delivery.invoke(body)).said
    assert await place.town.ideas() == 1


async def of_a_message(place: Place) -> None:
    form = shown(await place.bring("compose_extension_fetch_task_message"))
    assert form.inputs["field:text"]["value"] == "Une soupe le lundi midi"


async def card(place: Place) -> None:
    for name in ("adaptive_card_action", "adaptive_card_action_refresh"):
        answer = await place.bring(name)
        assert (answer.body["statusCode"], answer.body["type"]) == (200, "application/vnd.microsoft.activity.message")


TOLD: dict[str, Story] = {
    "conversation_update_member_added": added,
    "conversation_update_member_removed": removed,
    "conversation_update_bot_added": bot_added,
    "conversation_update_bot_removed": bot_removed,
    "conversation_update_channel_created": lambda place: channel_named(place, "conversation_update_channel_created"),
    "conversation_update_channel_renamed": lambda place: channel_named(place, "conversation_update_channel_renamed"),
    "conversation_update_channel_deleted": channel_deleted,
    "conversation_update_channel_restored": channel_deleted,
    "conversation_update_team_renamed": team_renamed,
    "conversation_update_team_archived": team_archived,
    "conversation_update_team_restored": team_archived,
    "conversation_update_meeting_guest": meeting,
    "installation_update_add": installed,
    "installation_update_remove": installed,
    "message_reaction_added": nothing,
    "message_targeted": targeted,
    "message_edited": edited,
    "message_soft_deleted": deleted,
    "message_undeleted": deleted,
    "compose_extension_fetch_task": extended,
    "compose_extension_submit_action": extended,
    "compose_extension_fetch_task_message": of_a_message,
    "adaptive_card_action": card,
    "adaptive_card_action_refresh": card,
}


def test_every_documented_activity_is_tried_and_its_page_is_named() -> None:
    assert sorted(TOLD) == NAMES
    assert (DOCUMENTED / "README.md").read_text("utf-8").count("https://learn.microsoft.com/") >= 7


@pytest.mark.parametrize("name", NAMES)
def test_what_microsoft_documents_is_done(play: Callable[[Story], None], name: str) -> None:
    play(TOLD[name])
