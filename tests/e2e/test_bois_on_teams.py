"""The Bois des Forts day in Teams, and half in Slack and half in Teams: the same people, the same figures."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import pytest
from pydantic import SecretStr

from bot.cli.compose import Running, running
from bot.cli.settings import Settings
from bot.domain.hunt import Hunt
from bot.domain.ideas import IdeaState
from bot.domain.names import MessageId, RoomId
from handlers.clock import utc_now
from handlers.slack.manifest import manifest
from standins import slack, teams
from standins.play import Day, bois_des_forts
from standins.play.day import How, Line
from standins.play.expected import Comparison, _counted, _ended, number
from tests.handlers.teams.town import board_of, shown, step, titled

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


class Voter(Protocol):
    """Somebody of the cast, whichever platform they are on."""

    async def propose(self, line: Line, theme: str) -> None: ...
    async def vote(self, wishes: Mapping[int, int]) -> None: ...


@dataclass
class InTeams:
    """Somebody in the Teams channel."""

    town: Town
    hands: teams.Hands

    async def propose(self, line: Line, theme: str) -> None:
        """By the form, by a reply, without a name in the personal chat, or by somebody who saves the message."""
        room, board = self.town.channel, self.town.teams_board
        if line.how is How.DIRECT:
            await self.hands.direct(line.text)
        elif line.how is How.THREAD:
            await self.hands.mention(room, line.text, under=board)
        elif line.how in {How.SHORTCUT, How.BULB}:
            said = await self.hands.say(room, line.text)
            saver = self.town.leader
            form = shown(await saver.extension("idea_from_message", room, said, self.hands.person))
            await step(saver, room, form, "submit")
        else:
            form = shown(await self.hands.press(room, board, titled(board, "deed:add_idea")))
            form.fill("field:text", line.text)
            form.fill("field:theme", chosen(form.inputs["field:theme"], theme))
            if line.nameless:
                form.fill("field:nameless", "yes")
            await step(self.hands, room, form, "submit")

    async def vote(self, wishes: Mapping[int, int]) -> None:
        """Page by page; each is saved when it is turned."""
        room, board, page = self.town.channel, self.town.teams_board, 1
        ballot = shown(await self.hands.press(room, board, titled(board, "deed:vote")))
        while True:
            for option, dots in wishes.items():
                if f"field:option:{option}" in ballot.inputs:
                    ballot.fill(f"field:option:{option}", str(dots))
            page += 1
            if not any(button["data"].get("do") == f"turn:{page}" for button in ballot.buttons):
                break
            ballot = await step(self.hands, room, ballot, f"turn:{page}")
        await step(self.hands, room, ballot, "submit")


@dataclass
class InSlack:
    """Somebody in the Slack channel."""

    town: Town
    hands: slack.Hands

    async def propose(self, line: Line, theme: str) -> None:
        """Without a name in a direct message, else by the command."""
        if line.nameless:
            await self.hands.direct(line.text)
        else:
            await self.hands.command("/ideahunt", f"idée {line.text}", channel=self.town.room)

    async def vote(self, wishes: Mapping[int, int]) -> None:
        """Choice by choice, then the receipt."""
        view = (await self.hands.command("/ideahunt", "vote", channel=self.town.room)).view
        assert view is not None
        left, page = dict(wishes), 1
        while True:
            for option in [one for one in left if f"|{one}|" in str(view.blocks)]:
                dots = left.pop(option)
                value = next(v for v in values(view.blocks) if v.split("|")[1:] == [str(option), str(dots)])
                await self.hands.choose(view, "pick:dots", value)
                await self.town.slack.until(lambda v=value: v in str(initial(view.blocks)))  # type: ignore[misc]
            page += 1
            if not left or f"turn:{page}" not in str(view.blocks):
                break
            await self.hands.click(view, action_id=f"turn:{page}")
            await self.town.slack.until(lambda: any(f"|{one}|" in str(view.blocks) for one in left))
        assert left == {}
        await self.hands.submit(view)


def values(blocks: list[Any]) -> list[str]:
    return [o["value"] for b in blocks for o in b.get("accessory", {}).get("options", ())]


def initial(blocks: list[Any]) -> list[str]:
    return [b["accessory"]["initial_option"]["value"] for b in blocks if "initial_option" in b.get("accessory", {})]


def chosen(asked: Mapping[str, Any], name: str) -> str:
    return next(str(one["value"]) for one in asked["choices"] if name.startswith(one["title"].rstrip("…").strip()))


@dataclass
class Town:
    """Twenty-one people in one channel, or in two."""

    day: Day
    bot: Running
    teams: teams.TeamsStandin
    slack: slack.SlackStandin | Any
    channel: teams.Chat
    room: slack.Channel | Any
    voters: dict[str, Voter] = field(default_factory=dict)
    leads: dict[str, teams.Hands] = field(default_factory=dict)

    @property
    def leader(self) -> teams.Hands:
        """Who facilitates: in Teams."""
        return self.leads[self.day.facilitator]

    @property
    def teams_board(self) -> teams.Post:
        """The board in Teams."""
        board = board_of(self.teams, self.channel)
        assert board is not None
        return board

    @property
    def hunt(self) -> Hunt:
        """The one hunt."""
        tenant = self.bot.office.tenants[0]
        with self.bot.storage.look() as unit:
            return (*unit.hunts.open(tenant), *unit.hunts.recent(tenant, 1))[0]

    async def until(self, wanted: Any) -> None:
        """Waits, whatever platform it comes to."""
        await self.teams.until(wanted, within=30)

    async def told(self) -> Mapping[str, Any]:
        """The hunt as JSON, as its facilitator gets it."""
        hunt, reports = self.hunt, self.bot.core.reports
        file = reports.file_of(hunt.tenant, hunt.id, "json", "fr", "Europe/Paris", utc_now())
        return json.loads(file.text or "{}")  # type: ignore[no-any-return]

    async def hub(self, do: str) -> teams.TaskShown:
        """A button of the hub, and yes where it asks."""
        who, room = self.leader, self.channel
        hub = shown(await who.press(room, self.teams_board, titled(self.teams_board, "deed:hub")))
        return await self.sure(await step(who, room, hub, do), do)

    async def results(self, do: str) -> teams.TaskShown:
        """A button of the results, once they are there, and yes where it asks: a closed board has no hub."""

        def offered() -> teams.Post | None:
            return next((post for post in self.channel.posts if do in str(post.cards)), None)

        await self.until(offered)
        post = offered()
        assert post is not None
        return await self.sure(shown(await self.leader.press(self.channel, post, titled(post, do))), do)

    async def sure(self, answer: teams.TaskShown, do: str) -> teams.TaskShown:
        """Yes, where it asks."""
        asked = any(button["data"].get("do") == "close" for button in answer.buttons)
        return await step(self.leader, self.channel, answer, do) if asked else answer


@asynccontextmanager
async def opened(day: Day, folder: Path, *, half: bool) -> AsyncIterator[Town]:
    """Opens the town; `half` of the cast is in Slack."""
    async with AsyncExitStack() as stack:
        there = await stack.enter_async_context(slack.SlackStandin(manifest(language="fr"), pace=slack.Pace.OFF))
        here = await stack.enter_async_context(teams.TeamsStandin(pace=teams.Pace.OFF))
        keys: dict[str, Any] = {
            "slack_bot_token": SecretStr("xoxb-standin"),
            "slack_app_token": SecretStr("xapp-standin"),
            "slack_api_url": there.api_url,
        }
        settings = Settings(
            _env_file=None,
            **(keys if half else {}),
            teams_app_id=here.app_id,
            teams_app_secret=SecretStr(here.desk.secret),
            teams_tenant_id=here.tenant_id,
            teams_standin_url=here.url,
            http_port=0,
            data_dir=folder,
            language="fr",
            time_zone=day.zone,
        )
        bot = await stack.enter_async_context(running(settings, second=0, check=False))
        here.connect(f"{bot.address}/api/messages")
        town = Town(day, bot, here, there, here.channel("bois", []), None)
        people(town, half=half)
        await here.install(town.channel, town.leader)
        yield town


def people(town: Town, *, half: bool) -> None:
    """Who facilitates is in Teams; of the others every second one is in Slack, where there is Slack."""
    day, there = town.day, []
    for place, actor in enumerate(day.cast):
        leads = actor.key in {day.facilitator, *day.helpers}
        if half and not leads and place % 2:
            hands = town.slack.person(actor.name, name=actor.name, locale=day.locale, tz=day.zone)
            there.append(hands)
            town.voters[actor.key] = InSlack(town, hands)
            continue
        someone = town.teams.person(actor.key, locale=day.locale, zone=day.zone)
        town.channel.members.append(someone.person)
        town.voters[actor.key] = InTeams(town, someone)
        if leads:
            town.leads[actor.key] = someone
    town.room = town.slack.channel("bois", there)


async def launch(town: Town) -> None:
    """The form with all its fields; then the other room joins by its code."""
    day, who, room = town.day, town.leader, town.channel
    form = shown(await who.extension("hunt_new", room))
    form = await step(who, room, form, "pick:more")
    form.fill("field:question", day.question)
    form.fill("field:themes", "\n".join(day.themes.values()))
    form.fill("field:places", str(day.vote.places))
    form.fill("field:cofacilitators", ",".join(town.leads[one].person.object_id for one in day.helpers))
    await step(who, room, form, "submit")
    await town.until(lambda: board_of(town.teams, room) and town.hunt.phase.value == "collecting")
    known = town.bot.core.hunts.hunt_of
    await town.until(lambda: known(town.hunt.tenant, RoomId(room.id), MessageId(town.teams_board.id)))
    if town.room.members and any(isinstance(one, InSlack) for one in town.voters.values()):
        code = (await town.hub("deed:rooms")).said.partition("rejoindre ")[2][:4]
        one = next(each for each in town.voters.values() if isinstance(each, InSlack))
        await one.hands.command("/ideahunt", f"rejoindre {code}", channel=town.room)
        await town.until(lambda: town.room.messages)


async def collect(town: Town) -> None:
    """Everybody's ideas."""
    for line in town.day.lines:
        await town.voters[line.actor].propose(line, town.day.themes[line.theme])
    await town.until(lambda: town.hunt.ideas == len(town.day.lines))


async def merge(town: Town, numbers: Mapping[str, int]) -> None:
    """The pairs the bot points out, and only those that are the same."""
    form = await town.hub("deed:duplicates")
    for one, other in town.day.pairs:
        pair = f"{numbers[one]}|{numbers[other]}"
        button = next(b for b in form.buttons if b["data"]["do"] == "deed:merge" and b["data"]["to"].endswith(pair))
        data = button["data"]
        await town.leader._invoke("task/submit", town.channel, {"data": data})
        form = await town.hub("deed:duplicates") if town.day.pairs[-1] != (one, other) else form


async def vote(town: Town, numbers: Mapping[str, int]) -> None:
    """The vote, then the run-off over the tie."""
    rules = await town.hub("deed:open_vote")
    rules.fill("field:dots", town.day.vote.dots)
    if "field:wave" in rules.inputs:
        rules.fill("field:wave", "yes")
    await step(town.leader, town.channel, rules, "submit")
    await town.until(lambda: "deed:vote" in str(town.teams_board.cards))
    for who, wishes in town.day.vote.ballots.items():
        await town.voters[who].vote({numbers[key]: dots for key, dots in wishes.items()})
    await town.hub("deed:close_vote")
    await town.results("deed:run_off")
    await town.until(lambda: town.hunt.phase.value == "voting" and "deed:vote" in str(town.teams_board.cards))
    for who, key in town.day.vote.runoff.items():
        await town.voters[who].vote({numbers[key]: 1})
    await town.hub("deed:close_vote")


async def lived(folder: Path, *, half: bool) -> tuple[Day, Mapping[str, Any], Comparison]:
    """A day, and what it gave."""
    day = bois_des_forts("fr")
    async with opened(day, folder, half=half) as town:
        await launch(town)
        await collect(town)
        await town.hub("deed:reveal")
        told = await town.told()
        numbers = {line.key: number(told, line.text) for line in day.lines}
        await merge(town, numbers)
        await vote(town, numbers)
        told = await town.told()
        await town.until(lambda: "Chart.HorizontalBar" in str([post.cards for post in town.channel.posts]))
        if half:
            await town.until(lambda: "data_visualization" in str([one.blocks for one in town.room.messages]))
    held, keys = Comparison(), {number: key for key, number in numbers.items()}
    _counted(held, day.expected, told["rounds"][0], keys)
    _ended(held, day.expected, told, told["rounds"][-1], keys)
    return day, told, held


@pytest.mark.parametrize("half", [False, True], ids=["teams", "half and half"])
def test_the_day_gives_the_same_figures(tmp_path: Path, half: bool) -> None:
    day, told, held = asyncio.run(lived(tmp_path, half=half))
    assert held.differences == []
    assert held.compared > 25
    standing = [idea for idea in told["ideas"] if idea["state"] in {IdeaState.STANDING.value, IdeaState.MERGED.value}]
    assert len(standing) == day.expected["idees"]
    assert sum(1 for idea in standing if not idea["author"]) == day.expected["anonymes"]
