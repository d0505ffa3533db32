"""Two platforms in one process: one that refuses us leaves the other at work, and is served once it takes us back."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from pydantic import SecretStr

from bot.cli import compose, service, starting
from bot.cli.compose import Running, running
from bot.cli.port_checks import check_port
from bot.cli.problems import Problem, Stopped
from bot.cli.settings import Settings
from bot.cli.starting import Start, start_all
from bot.domain.names import TenantId
from bot.theming import LexicalThemer
from bot.usecases import build_core
from handlers import office
from handlers.clock import utc_now
from handlers.door import Door, Shut
from handlers.office import Office
from handlers.platform import Platform, TenantDead
from handlers.slack.manifest import manifest
from standins.slack import Pace as SlackPace
from standins.slack import SlackStandin
from standins.teams import Pace, TeamsStandin
from storage.sql import SqlStorage

BOT, APP = "xoxb-standin", "xapp-standin"


@asynccontextmanager
async def both() -> AsyncIterator[tuple[SlackStandin, TeamsStandin]]:
    async with (
        SlackStandin(manifest(), pace=SlackPace.OFF, bot_token=BOT, app_token=APP) as slack,
        TeamsStandin(pace=Pace.OFF) as teams,
    ):
        slack.forgive("invalid_auth")
        yield slack, teams


def settings(slack: SlackStandin, teams: TeamsStandin, folder: Path, **changes: Any) -> Settings:
    held: dict[str, Any] = {
        "slack_bot_token": SecretStr(BOT),
        "slack_app_token": SecretStr(APP),
        "slack_api_url": slack.api_url,
        "teams_app_id": teams.app_id,
        "teams_app_secret": SecretStr(teams.desk.secret),
        "teams_tenant_id": teams.tenant_id,
        "teams_standin_url": teams.url,
        "http_port": 0,
        "data_dir": folder,
    }
    return Settings(_env_file=None, **{**held, **changes})


async def refused_alone(bot: Running, name: str) -> str:
    """Why this platform refuses us, as health tells it; the other one is well."""
    readiness = await bot.office.health.readiness()
    assert readiness.ready
    assert {one: readiness.figures[one] for one in ("slack", "teams")} == {"slack": True, "teams": True, name: False}
    return str(readiness.figures[f"{name}_refused"])


async def until(wanted: Callable[[], bool]) -> None:
    for _ in range(500):
        if wanted():
            return
        await asyncio.sleep(0.02)
    raise TimeoutError


async def served(bot: Running, *names: str) -> None:
    await until(lambda: set(bot.office.served()) == set(names))


def test_a_refused_teams_leaves_slack_at_work_and_is_served_once_it_is_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(starting, "AGAIN", 0.05)

    async def story() -> None:
        async with both() as (slack, teams):
            ines = slack.person("ines")
            room = slack.channel("welcome", [ines])
            teams.refuse_tokens(7000222)
            async with running(settings(slack, teams, tmp_path), second=0) as bot:
                await ines.command("/ideahunt", "help", channel=room)
                assert "/ideahunt" in ines.ephemerals()[-1].text
                refusal = await refused_alone(bot, "teams")
                assert "the client secret has ended" in refusal
                assert "ideahunt doctor" in refusal
                assert await doctor(settings(slack, teams, tmp_path), bot) == "ready, but without teams."
                assert service._ways(settings(slack, teams, tmp_path), bot) == "Slack comes over a socket"
                teams.grant_tokens()
                await served(bot, "slack", "teams")
                await teamwork(bot, teams)
                assert (await bot.office.health.readiness()).figures["teams"] is True

    with caplog.at_level(logging.ERROR):
        asyncio.run(story())
    (refused,) = [one.message for one in caplog.records if "not served" in one.message]
    assert refused.startswith("teams is not served: Microsoft refuses the bot")
    assert refused.endswith("Run ideahunt doctor.")


async def doctor(held: Settings, bot: Running) -> str:
    """What the doctor says of it."""
    port = int(bot.address.rpartition(":")[2])
    return (await check_port(held.model_copy(update={"http_port": port}))).what.partition("it is ")[2]


async def teamwork(bot: Running, teams: TeamsStandin) -> None:
    """Somebody in Teams is answered."""
    teams.connect(f"{bot.address}/api/messages")
    bruno = teams.person("bruno")
    channel = teams.channel("accueil", [bruno])
    await teams.install(channel, bruno)
    await bruno.mention(channel, "help")
    await teams.until(lambda: bruno.seen(channel))


def test_a_refused_slack_leaves_teams_at_work_and_is_served_once_it_is_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(starting, "AGAIN", 0.05)

    async def story() -> None:
        async with both() as (slack, teams):
            async with running(settings(slack, teams, tmp_path), second=0) as bot:
                await served(bot, "slack", "teams")
            there = slack.desk.app
            slack.desk.app = replace(there, bot_token="xoxb-another")
            async with running(settings(slack, teams, tmp_path), second=0) as bot:
                assert "IDEAHUNT_SLACK_BOT_TOKEN is not a token Slack knows" in await refused_alone(bot, "slack")
                await teamwork(bot, teams)
                slack.desk.app = there
                await served(bot, "slack", "teams")
                assert bot.office.tenants == (TenantId(f"slack:{slack.team}"),)

    asyncio.run(story())


def test_teams_is_not_the_first_where_slack_is_set_and_was_never_there(tmp_path: Path) -> None:
    async def story() -> None:
        async with both() as (slack, teams):
            wrong = settings(slack, teams, tmp_path, slack_bot_token=SecretStr("xoxb-another"))
            with pytest.raises(Stopped) as stopped:
                async with running(wrong, second=0):
                    pass
            told = " ".join(problem.what for problem in stopped.value.problems)
            assert "IDEAHUNT_SLACK_BOT_TOKEN" in told
            assert "Microsoft is not started alone the very first time" in told
            async with running(settings(slack, teams, tmp_path), second=0) as bot:
                assert bot.office.tenants == (TenantId(f"slack:{slack.team}"),)

    asyncio.run(story())


@pytest.mark.parametrize("alone", [True, False])
def test_where_every_platform_refuses_us_we_do_not_start(tmp_path: Path, *, alone: bool) -> None:
    async def story() -> None:
        async with both() as (slack, teams):
            teams.refuse_tokens(7000215)
            slackless = {"slack_bot_token": None, "slack_app_token": None}
            wrong = slackless if alone else {"slack_bot_token": SecretStr("xoxb-another")}
            with pytest.raises(Stopped) as stopped:
                async with running(settings(slack, teams, tmp_path, **wrong), second=0):
                    pass
            assert len(stopped.value.problems) == (1 if alone else 2)
            assert "Microsoft refuses the bot" in stopped.value.problems[-1].what

    asyncio.run(story())


@asynccontextmanager
async def an_office(tmp_path: Path) -> AsyncIterator[Office]:
    storage = SqlStorage(f"sqlite:///{tmp_path / 'hunts.db'}")
    made = Office(build_core(storage, LexicalThemer()), Door(storage.submit, storage.submit_look), utc_now)
    try:
        yield made
    finally:
        await made.close(0.1)
        storage.close()


def test_a_platform_that_does_not_answer_is_not_waited_for_where_another_one_is_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(starting, "WITHIN", 0.05)

    async def story() -> None:
        answer = asyncio.Event()

        async def well() -> None:
            pass

        async def silent() -> None:
            await answer.wait()

        async with an_office(tmp_path) as here:
            await start_all(here, [Start("slack", "Slack", silent), Start("teams", "Microsoft", well)])
            assert here.refusals() == {"slack": "It does not answer yet."}
            answer.set()
            await until(lambda: not here.refusals())

    asyncio.run(story())


def test_a_database_that_is_busy_for_a_while_ends_no_trying(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starting, "AGAIN", 0.01)

    async def story() -> None:
        troubles: list[Exception] = [TenantDead("no"), Shut("DatabaseBusy"), Shut("DatabaseBusy")]

        async def well() -> None:
            pass

        async def late() -> None:
            if troubles:
                raise troubles.pop(0)

        async with an_office(tmp_path) as here:
            await start_all(here, [Start("slack", "Slack", well), Start("teams", "Microsoft", late)])
            assert here.refusals() == {"teams": "Microsoft refuses the bot (no)."}
            await until(lambda: not here.refusals())

    asyncio.run(story())


def test_where_one_refuses_and_the_other_does_not_answer_yet_that_one_decides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(starting, "WITHIN", 0.05)

    async def story() -> None:
        async def refused() -> None:
            raise TenantDead("no")

        async def late() -> None:
            await asyncio.sleep(0.2)
            raise Stopped(Problem("It cannot be reached.", "Look."))

        async with an_office(tmp_path) as here:
            with pytest.raises(Stopped) as stopped:
                await start_all(here, [Start("slack", "Slack", refused), Start("teams", "Microsoft", late)])
            assert [problem.what for problem in stopped.value.problems] == [
                "Slack refuses the bot (no).",
                "It cannot be reached.",
            ]

    asyncio.run(story())


class Still:
    """A platform at rest, as the office and the courier see it."""

    tenant = TenantId("slack:T0ACME")

    def __init__(self, name: str) -> None:
        self.name = name

    def connected(self) -> bool:
        return True

    def figures(self) -> dict[str, int]:
        return {}

    def shut(self) -> None:
        pass

    async def _nothing(self) -> None:
        pass

    caught_up = drained = hung_up = _nothing


def test_a_letter_waits_for_its_platform_as_long_as_that_one_may_take(tmp_path: Path) -> None:
    async def story() -> None:
        async with an_office(tmp_path) as here:
            sides = Still("slack"), Still("teams")
            for side in sides:
                here.add(side)
            here.serve("slack", cast("Platform", sides[0]), lambda _: False)
            waits = [here.unserved()]
            here.refused("teams", "no")
            waits.append(here.unserved())
            here.started("teams")
            here.serve("teams", cast("Platform", sides[1]), lambda _: False)
            waits.append(here.unserved())
            assert [wait.total_seconds() for wait in waits] == [2, 60, 300]

    asyncio.run(story())


# --- stopping


def test_the_whole_stop_is_planned_to_end_before_the_process_leaves() -> None:
    whole = office.STOP_WITHIN + 2 * office.LAST_MOMENT + compose.WEB_WITHIN
    assert whole < service.PATIENCE < 10


def test_both_platforms_hanging_are_stopped_together_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "LAST_MOMENT", 0.3)

    async def story() -> None:
        async with both() as (slack, teams):
            slack.forgive("not_acknowledged")
            teams.forgive("server_error")
            ines, bruno = slack.person("ines"), teams.person("bruno")
            async with running(settings(slack, teams, tmp_path), second=0) as bot:
                teams.connect(f"{bot.address}/api/messages")
                channel = teams.channel("accueil", [bruno])
                await teams.install(channel, bruno)
                slack.chaos.slow("chat.postMessage", 60, times=9)
                teams.hold()
                await ines.direct("What is this for, please?", wait=False)
                asking = asyncio.create_task(bruno.mention(channel, "help"))
                await teams.until(lambda: teams.held)
                await slack.until(lambda: [one for one in slack.calls if one.method == "chat.postMessage"])
                began = time.monotonic()
                await bot.office.close(0.5)
                took = time.monotonic() - began
                assert 0.5 <= took < 0.5 + 2 * 0.3 + 0.3
                await bot.office.close(60)
            teams.release()
            await asyncio.gather(asking, return_exceptions=True)

    asyncio.run(story())
