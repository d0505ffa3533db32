"""Who is in a team: its channels share its people, events name accounts, and whoever was missed is looked up."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.domain.names import PersonId, RoomId
from standins.teams import Chat, Hands, TeamHands
from tests.handlers.teams.town import Town, play, step, titled

GATE = "Open the school gate ten minutes earlier"
BREAD = "Share warm bread at the bus stop"

Story = Callable[[Town, TeamHands], Awaitable[None]]


def in_a_team(url: str, story: Story) -> None:
    """A team with the channels General, water and bread; the hunt stands in `water`, which is no General channel."""

    async def day(town: Town) -> None:
        team = town.teams.team("school", [town.alice, town.bruno], "water", "bread")
        town.room = team.channels[0]
        await team.add_bot(town.alice)
        await story(town, team)

    play(url, day)


async def voting(town: Town) -> None:
    await town.launch()
    await town.add(town.alice, GATE)
    await town.add(town.bruno, BREAD)
    await town.facilitate("deed:reveal")
    await town.open_vote(3)


async def voted(town: Town, who: Hands, dots: int) -> str:
    """Presses the ballot, places dots on the first idea, sends; what is told."""
    answer = await town.open(who, "deed:vote")
    if answer.task is None or "field:option:1" not in answer.task.inputs:
        return answer.said
    answer.task.fill("field:option:1", str(dots))
    return (await step(who, town.room, answer.task, "submit")).said


def members(town: Town, room: Chat) -> frozenset[PersonId]:
    with town.storage.look() as unit:
        return unit.people.members(town.tenant, RoomId(room.id))


def person(who: Hands) -> PersonId:
    return PersonId(who.person.object_id)


def test_a_newcomer_of_a_team_votes_in_a_channel_that_is_not_the_general_one(migrated_sqlite_url: str) -> None:
    async def story(town: Town, team: TeamHands) -> None:
        await voting(town)
        chloe, dan = town.teams.person("chloe"), town.teams.person("dan")
        await team.join(chloe, town.alice, named=True)
        await team.join(dan, town.alice)  # by the account's own id alone
        assert {person(chloe), person(dan)} <= members(town, town.room)
        assert "●●" in await voted(town, chloe, 2)
        assert "●●" in await voted(town, dan, 2)

    in_a_team(migrated_sqlite_url, story)


def test_whoever_leaves_a_team_leaves_its_channels_and_votes_no_more(migrated_sqlite_url: str) -> None:
    async def story(town: Town, team: TeamHands) -> None:
        chloe, dan = town.teams.person("chloe"), town.teams.person("dan")
        await team.join(chloe, town.alice)
        await team.join(dan, town.alice)
        await town.launch()
        await team.leave(chloe, town.alice)
        await team.leave(dan, town.alice, named=True)
        assert members(town, town.room) == {person(town.alice), person(town.bruno)}
        await town.add(town.alice, GATE)
        await town.add(town.bruno, BREAD)
        await town.facilitate("deed:reveal")
        await town.open_vote(3)
        assert "●●" not in await voted(town, chloe, 2)

    in_a_team(migrated_sqlite_url, story)


def test_whoever_joined_while_the_bot_was_off_is_looked_up_when_they_vote(migrated_sqlite_url: str) -> None:
    async def story(town: Town, team: TeamHands) -> None:
        await voting(town)
        chloe, eve = town.teams.person("chloe"), town.teams.person("eve")
        await team.join(chloe, town.alice, told=False)
        assert person(chloe) not in members(town, town.room)
        assert "●●" in await voted(town, chloe, 2)
        assert person(chloe) in members(town, town.room)
        assert "●●" not in await voted(town, eve, 2)
        assert person(eve) not in members(town, town.room)

    in_a_team(migrated_sqlite_url, story)


def test_an_account_without_its_object_id_is_no_second_person(migrated_sqlite_url: str) -> None:
    async def story(town: Town, team: TeamHands) -> None:
        await town.launch()
        board = await town.board()
        await town.bruno.press(town.room, board, titled(board, "deed:hub"))
        bare = {name: value for name, value in town.bruno.last["from"].items() if name != "aadObjectId"}
        said = {"type": "message", "id": "1700000000901", "text": f"<at>ideahunt</at> idea {GATE}"}
        at = {"mentioned": {"id": town.teams.desk.tenant.bot_id}, "text": "<at>ideahunt</at>", "type": "mention"}
        mention = {**town.bruno.last, **said, "entities": [at], "from": bare, "value": None, "replyToId": None}
        assert await town.teams.raw(mention) == 200
        await team.join(town.teams.person("chloe"), town.alice)
        with town.storage.look() as unit:
            hunt = town.core.hunts.newest_here(town.tenant, RoomId(town.room.id))
            assert hunt is not None
            assert len(unit.ideas.by(town.tenant, hunt, person(town.bruno))) == 1
            for who in (town.alice, town.bruno):
                assert unit.people.person(town.tenant, PersonId(who.person.id)).seen_at is None

    in_a_team(migrated_sqlite_url, story)


def test_where_teams_cannot_say_who_it_is_the_message_comes_again(migrated_sqlite_url: str) -> None:
    async def story(town: Town, team: TeamHands) -> None:
        await town.launch()
        chloe = town.teams.person("chloe")
        await team.join(chloe, town.alice, told=False)
        await chloe.mention(town.room, f"idea {GATE}")
        bare = {"id": "29:never-seen"}
        again = {**chloe.last, "id": "1700000000902", "from": bare}
        town.teams.storm(503, "ServiceUnavailable")
        town.teams.forgive("server_error")
        assert await town.teams.raw(again) == 503

    in_a_team(migrated_sqlite_url, story)


def test_removing_the_bot_from_a_team_rests_every_channel_and_adding_it_brings_them_back(
    migrated_sqlite_url: str,
) -> None:
    async def story(town: Town, team: TeamHands) -> None:
        board = await town.launch()
        await town.alice.direct("help")
        await town.add(town.bruno, GATE)
        await town.teams.until(lambda: "1 idea" in board.said)
        await team.remove_bot(town.alice)
        await town.told(town.alice, "can no longer write", town.alice.chat)
        await team.add_bot(town.alice, team.channels[1])
        await town.add(town.alice, BREAD)
        await town.teams.until(lambda: "2 ideas" in board.said)

    in_a_team(migrated_sqlite_url, story)


def test_an_archived_team_rests_with_its_channels(migrated_sqlite_url: str) -> None:
    async def story(town: Town, team: TeamHands) -> None:
        board = await town.launch()
        await town.alice.direct("help")
        await team.archive(town.alice)
        await town.told(town.alice, "can no longer write", town.alice.chat)
        await team.unarchive(town.alice)
        await town.add(town.alice, BREAD)
        await town.teams.until(lambda: "1 idea" in board.said)

    in_a_team(migrated_sqlite_url, story)


def test_deleting_one_channel_leaves_the_others_and_the_general_one_alone(migrated_sqlite_url: str) -> None:
    async def story(town: Town, team: TeamHands) -> None:
        board = await town.launch()
        await town.alice.direct("help")
        await team.delete_channel(team.channels[1], town.alice)
        await town.add(town.bruno, GATE)
        await town.teams.until(lambda: "1 idea" in board.said)
        assert town.core.people.room(town.tenant, RoomId(team.general.id)).present
        assert not town.core.people.room(town.tenant, RoomId(team.channels[1].id)).present
        await team.delete_channel(town.room, town.alice)
        await town.told(town.alice, "can no longer write", town.alice.chat)
        await team.restore_channel(town.room, town.alice)
        await town.add(town.alice, BREAD)
        await town.teams.until(lambda: "2 ideas" in board.said)

    in_a_team(migrated_sqlite_url, story)


def test_channels_and_teams_are_called_as_they_are_called_now(migrated_sqlite_url: str) -> None:
    async def story(town: Town, team: TeamHands) -> None:
        def name(room: Chat) -> str:
            return town.core.people.room(town.tenant, RoomId(room.id)).name

        assert [name(room) for room in (team.general, *team.channels)] == ["school", "water", "bread"]
        await town.alice.mention(town.room, "help")
        assert name(town.room) == "water"
        await team.rename_channel(team.channels[1], "soup", town.alice)
        await team.rename("college", town.alice)
        fresh = await team.new_channel("air", town.alice)
        assert [name(room) for room in (team.general, *team.channels)] == ["college", "water", "soup", "air"]
        await town.alice.mention(fresh, "help")
        assert name(fresh) == "air"

    in_a_team(migrated_sqlite_url, story)
