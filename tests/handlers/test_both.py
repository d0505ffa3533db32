"""One hunt in Slack and in Teams at once: joined by a code, one list of ideas, one electorate, one ballot each."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from pydantic import SecretStr

from bot.domain.hunt import Hunt
from bot.domain.names import PersonId, RoomId, TenantId
from bot.domain.people import Asker
from bot.theming import LexicalThemer
from bot.usecases import Core, build_core
from handlers.clock import utc_now
from handlers.door import Door
from handlers.office import Office
from handlers.slack.app import SlackAccess, build_slack
from handlers.slack.manifest import manifest
from handlers.teams.app import TeamsAccess, build_teams
from standins import slack, teams
from storage.sql import SqlStorage
from tests.handlers.teams.town import Later, board_of, listening, shown, step, titled

QUESTION = "How might we greet newcomers?"


@dataclass
class Both:
    """A workspace and a tenant served by one process: Alice leads in Slack, Bruno is in Teams, Chloe in both."""

    slack: slack.SlackStandin
    teams: teams.TeamsStandin
    core: Core
    storage: SqlStorage
    office: Office
    alice: slack.Hands
    chloe_there: slack.Hands
    bruno: teams.Hands
    chloe_here: teams.Hands
    room: slack.Channel
    channel: teams.Chat
    clock: Later

    @property
    def tenant(self) -> TenantId:
        """One for both."""
        return TenantId(f"slack:{self.slack.team}")

    @property
    def hunt(self) -> Hunt:
        """The one hunt."""
        with self.storage.look() as unit:
            return (*unit.hunts.open(self.tenant), *unit.hunts.recent(self.tenant, 1))[0]

    async def launch(self) -> None:
        """Alice launches in Slack."""
        reply = await self.alice.command("/ideahunt", "new", channel=self.room)
        assert reply.view is not None
        for name, value in {"question": QUESTION, "room": self.room.id}.items():
            await self.alice.fill(reply.view, f"field:{name}", value)
        await self.alice.submit(reply.view)
        await self.slack.until(lambda: [m for m in self.room.messages if m.blocks and QUESTION in m.visible_text])

    async def join(self) -> str:
        """Alice asks for the code, Bruno types it in Teams; the code."""
        code = await self.code_of_rooms()
        await self.bruno.mention(self.channel, f"rejoindre {code}")
        await self.teams.until(lambda: board_of(self.teams, self.channel))
        return code

    async def code_of_rooms(self) -> str:
        """The code as Alice reads it in Slack."""
        hub = (await self.alice.command("/ideahunt", "", channel=self.room)).view
        assert hub is not None
        reply = await self.alice.click(hub, "Rooms")
        assert reply.view is not None
        return reply.view.visible_text.partition("join ")[2][:4]

    async def vote(self, dots: int) -> None:
        """Alice opens the vote."""
        for words in ("Reveal the ideas", "Open the vote"):
            hub = (await self.alice.command("/ideahunt", "", channel=self.room)).view
            assert hub is not None
            reply = await self.alice.click(hub, words)
        assert reply.view is not None
        await self.alice.fill(reply.view, "field:dots", str(dots))
        await self.alice.submit(reply.view)
        await self.teams.until(lambda: "deed:vote" in str(board_of(self.teams, self.channel)))


@asynccontextmanager
async def both(url: str) -> AsyncIterator[Both]:
    """Opens it, and shuts it in order."""
    async with (
        slack.SlackStandin(manifest(), pace=slack.Pace.OFF) as there,
        teams.TeamsStandin(pace=teams.Pace.OFF) as here,
    ):
        alice, chloe_there = there.person("alice"), there.person("chloe")
        bruno = here.person("bruno", locale="fr-FR", zone="Europe/Paris")
        chloe_here = here.person("chloe")
        room = there.channel("welcome", [alice, chloe_there])
        channel = here.channel("accueil", [bruno, chloe_here])
        storage = SqlStorage(url)
        try:
            core = build_core(storage, LexicalThemer())
            clock = Later()
            async with served(core, storage, there, here, clock) as office:
                await here.install(channel, bruno)
                yield Both(
                    there, here, core, storage, office, alice, chloe_there, bruno, chloe_here, room, channel, clock
                )
        finally:
            storage.close()


@asynccontextmanager
async def served(
    core: Core, storage: SqlStorage, there: slack.SlackStandin, here: teams.TeamsStandin, clock: Later
) -> AsyncIterator[Office]:
    """Both sides over one office, in one event loop."""
    door = Door(storage.submit, storage.submit_look)
    office = Office(core, door, clock)
    app = there.desk.app
    keys = SlackAccess(SecretStr(app.bot_token), SecretStr(app.app_token), None, there.api_url, second=0.0)
    one = build_slack(core, door, keys, clock, office)
    access = TeamsAccess(here.app_id, SecretStr(here.desk.secret), (here.tenant_id,), standin=here.url, second=0.0)
    other = build_teams(core, door, access, clock, office)
    async with listening(one.web_app(other.route())) as address:
        here.connect(f"{address}/api/messages")
        try:
            await one.start()
            await other.start()
            yield office
        finally:
            await one.stop()
            await other.stop()


def play(url: str, story: Callable[[Both], Awaitable[None]]) -> None:
    async def day() -> None:
        async with both(url) as opened:
            await story(opened)

    asyncio.run(day())


def test_a_room_of_the_other_platform_joins_by_a_code_in_its_own_language(migrated_sqlite_url: str) -> None:
    async def story(town: Both) -> None:
        await town.launch()
        await town.join()
        board = board_of(town.teams, town.channel)
        assert board is not None
        assert QUESTION in board.said
        assert "Répondez ici" in board.said
        with town.storage.look() as unit:
            rooms = {place.room for place in unit.hunts.rooms(town.tenant, town.hunt.id)}
        assert rooms == {town.room.id, town.channel.id}

    play(migrated_sqlite_url, story)


def test_a_code_nobody_gave_adds_nothing_and_guessing_ends(migrated_sqlite_url: str) -> None:
    async def story(town: Both) -> None:
        await town.launch()
        for _ in range(11):
            await town.bruno.mention(town.channel, "rejoindre ZZZZ")
        told = [post.said for post in town.bruno.seen(town.channel)]
        assert "Aucune chasse" in told[0]
        assert "minute" in told[-1]
        assert board_of(town.teams, town.channel) is None

    play(migrated_sqlite_url, story)


def test_ideas_of_both_are_one_list_and_one_vote(migrated_sqlite_url: str) -> None:
    async def story(town: Both) -> None:
        await town.launch()
        await town.join()
        board = board_of(town.teams, town.channel)
        assert board is not None
        form = shown(await town.bruno.press(town.channel, board, titled(board, "deed:add_idea")))
        form.fill("field:text", "Un café de bienvenue le premier jeudi")
        await step(town.bruno, town.channel, form, "submit")
        await town.alice.command("/ideahunt", "idea A map of who knows what", channel=town.room)
        assert town.hunt.ideas == 2
        await town.vote(3)
        everything = (await town.alice.command("/ideahunt", "board", channel=town.room)).view
        assert everything is not None
        assert "Bruno" in everything.visible_text
        ballot = shown(await town.bruno.press(town.channel, board, titled(board, "deed:vote")))
        assert "A map of who knows what" in ballot.said
        ballot.fill("field:option:1", "2")
        ballot.fill("field:option:2", "1")
        await step(town.bruno, town.channel, ballot, "submit")
        hub = (await town.alice.command("/ideahunt", "", channel=town.room)).view
        assert hub is not None
        await town.alice.click(hub, "Close the vote")
        await town.slack.until(lambda: [m for m in town.room.messages if "2 dots" in m.visible_text])
        await town.teams.until(lambda: [p for p in town.channel.posts if "2 gommettes" in p.said])

    play(migrated_sqlite_url, story)


def test_two_linked_accounts_have_one_ballot_and_one_place_among_the_voters(migrated_sqlite_url: str) -> None:
    async def story(town: Both) -> None:
        await town.launch()
        await town.join()
        for text in ("A map of who knows what", "Coffee on the first Thursday", "A buddy for each newcomer"):
            await town.alice.command("/ideahunt", f"idea {text}", channel=town.room)
        await town.slack.until(lambda: town.core.people.room(town.tenant, town.channel.id).present)  # type: ignore[arg-type]
        await town.vote(3)
        board = board_of(town.teams, town.channel)
        assert board is not None
        ballot = shown(await town.chloe_here.press(town.channel, board, titled(board, "deed:vote")))
        ballot.fill("field:option:1", "2")
        await step(town.chloe_here, town.channel, ballot, "submit")
        before = await turnout(town)
        reply = await town.chloe_there.command("/ideahunt", "link", channel=town.room)
        code = reply.ephemerals[-1].visible_text.partition("code is ")[2][:4]
        await town.chloe_here.mention(town.channel, f"link {code}")
        linked = town.chloe_here.seen(town.channel)[-1].said
        await town.chloe_here.again()
        assert [post.said for post in town.chloe_here.seen(town.channel)[-2:]] == [linked, linked]
        after = await turnout(town)
        assert (before, after) == ((1, 3), (1, 2))
        seen = (await town.chloe_there.command("/ideahunt", "vote", channel=town.room)).view
        assert seen is not None
        assert "2 dots placed out of 3" in seen.visible_text

    play(migrated_sqlite_url, story)


def test_a_link_is_undone_on_the_other_side_but_not_while_the_person_has_a_ballot(migrated_sqlite_url: str) -> None:
    async def story(town: Both) -> None:
        await town.launch()
        await town.join()
        for text in ("A map of who knows what", "Coffee on the first Thursday", "A buddy for each newcomer"):
            await town.alice.command("/ideahunt", f"idea {text}", channel=town.room)
        await town.slack.until(lambda: town.core.people.room(town.tenant, town.channel.id).present)  # type: ignore[arg-type]
        reply = await town.chloe_there.command("/ideahunt", "link", channel=town.room)
        code = reply.ephemerals[-1].visible_text.partition("code is ")[2][:4]
        await town.chloe_here.mention(town.channel, f"link {code}")
        await town.vote(3)
        board = board_of(town.teams, town.channel)
        assert board is not None
        ballot = shown(await town.chloe_here.press(town.channel, board, titled(board, "deed:vote")))
        ballot.fill("field:option:1", "2")
        await step(town.chloe_here, town.channel, ballot, "submit")
        for words in ("unlink", "unlink my account"):
            refused = await town.chloe_there.command("/ideahunt", words, channel=town.room)
            assert "one for all your accounts" in refused.ephemerals[-1].visible_text
        hub = (await town.alice.command("/ideahunt", "", channel=town.room)).view
        assert hub is not None
        await town.alice.click(hub, "Close the vote")
        await town.chloe_here.mention(town.channel, "unlink")
        assert "two people again" in town.chloe_here.seen(town.channel)[-1].said
        assert town.core.rooms.accounts(town.tenant) == {}

    play(migrated_sqlite_url, story)


def test_a_room_taken_out_says_so_where_it_was_shown(migrated_sqlite_url: str) -> None:
    async def story(town: Both) -> None:
        await town.launch()
        await town.join()
        hub = (await town.alice.command("/ideahunt", "", channel=town.room)).view
        assert hub is not None
        rooms = (await town.alice.click(hub, "Rooms")).view
        assert rooms is not None
        await town.alice.click(rooms, value=f"{town.hunt.id}|{town.channel.id}")
        board = board_of(town.teams, town.channel)
        assert board is not None
        await town.teams.until(lambda: "n’est plus présente dans ce salon" in board.said)
        await town.bruno.mention(town.channel, "idée Un café de bienvenue le premier jeudi")
        assert town.hunt.ideas == 0

    play(migrated_sqlite_url, story)


async def turnout(town: Both) -> tuple[int, int]:
    with town.storage.look() as unit:
        round = unit.rounds.latest(town.tenant, town.hunt.id)
        assert round is not None
        assert unit.rounds.check(round) == ()
        return round.voters, round.eligible


def test_one_platform_that_refuses_us_leaves_the_other_alone_and_gets_its_letters_later(
    migrated_sqlite_url: str,
) -> None:
    async def story(town: Both) -> None:
        await town.launch()
        await town.join()
        here = board_of(town.teams, town.channel)
        assert here is not None
        said = await town.bruno.mention(town.channel, "Un café de bienvenue le premier jeudi", under=here)
        await town.teams.until(lambda: said.reactions and "1 idée" in here.said)
        town.teams.desk.revoked = True
        late = await town.bruno.mention(town.channel, "Un parrain pour chaque personne qui arrive", under=here)
        await town.teams.until(town.office.refusals)
        (there,) = [m for m in town.room.messages if m.blocks and QUESTION in m.visible_text]
        kept = await town.alice.post(town.room, "A map of who knows what", thread_ts=there.ts)
        await town.slack.until(lambda: "3 ideas" in there.visible_text)
        await town.slack.until(lambda: kept.reactions)
        assert "1 idée" in here.said
        assert not late.reactions
        figures = (await town.office.health.readiness()).figures
        assert [figures[name] for name in ("connected", "slack", "teams")] == [True, True, False]
        town.teams.desk.revoked = False
        town.clock.ahead = timedelta(minutes=5, seconds=1)
        town.office.courier.nudge()
        await town.teams.until(lambda: "3 idées" in here.said and late.reactions)
        assert town.office.refusals() == {}

    play(migrated_sqlite_url, story)


def test_an_app_that_was_removed_from_slack_goes_on_in_teams(migrated_sqlite_url: str) -> None:
    async def story(town: Both) -> None:
        await town.launch()
        await town.join()
        here = board_of(town.teams, town.channel)
        assert here is not None
        await town.slack.uninstall()
        await town.bruno.mention(town.channel, "Un café de bienvenue le premier jeudi", under=here)
        await town.teams.until(lambda: "1 idée" in here.said)
        await town.teams.until(lambda: "slack" in town.office.refusals())

    play(migrated_sqlite_url, story)


def test_who_facilitates_in_teams_stays_when_slack_says_who_else_does(migrated_sqlite_url: str) -> None:
    async def story(town: Both) -> None:
        await town.launch()
        await town.join()
        hunt = town.core.hunts.open_here(town.tenant, RoomId(town.room.id))
        assert hunt is not None
        by, facilitation = Asker(town.tenant, PersonId(town.alice.id)), town.core.facilitation
        bruno, chloe = PersonId(town.bruno.person.object_id), PersonId(town.chloe_there.id)
        facilitation.share(by, hunt, (bruno,), (), utc_now())
        hub = (await town.alice.command("/ideahunt", "", channel=town.room)).view
        assert hub is not None
        form = (await town.alice.click(hub, "Share the facilitation")).view
        assert form is not None
        assert bruno not in str(form.blocks)
        await town.alice.fill(form, "field:cofacilitators", [chloe])
        await town.alice.submit(form)
        assert set(facilitation.share_form(by, hunt).cofacilitators) == {bruno, chloe}

    play(migrated_sqlite_url, story)


def test_whoever_asks_to_facilitate_is_named_on_the_other_platform(migrated_sqlite_url: str) -> None:
    async def story(town: Both) -> None:
        await town.launch()
        await town.join()
        await town.slack.until(lambda: town.core.people.room(town.tenant, town.channel.id).present)  # type: ignore[arg-type]
        await town.bruno.mention(town.channel, "reprendre")
        name = town.bruno.person.name
        await town.slack.until(lambda: [m for m in town.alice.inbox() if f"{name} asks to facilitate" in str(m.blocks)])

    play(migrated_sqlite_url, story)
