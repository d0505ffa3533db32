"""The bot's own token: renewed when it is refused, given up only where a person must act, and taken up again."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import httpx
import pytest
from pydantic import SecretStr

from handlers import platform
from handlers.platform import Ambiguous, TenantDead
from handlers.teams.tokens import Tokens, refusal
from tests.handlers.teams.town import Town, play

GATE = "Open the school gate ten minutes earlier"
HEDGE = "Plant a hedge along the playground"


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ({"error": "invalid_client", "error_codes": [7000215]}, platform.TenantDead),
        ({"error": "invalid_client", "error_codes": [7000222]}, platform.TenantDead),
        ({"error": "unauthorized_client", "error_codes": [700016]}, platform.TenantDead),
        ({"error": "invalid_request", "error_codes": [90002]}, platform.TenantDead),
        ({"error": "invalid_request", "error_codes": [900023]}, platform.TenantDead),
        ({"error": "invalid_request", "error_codes": [50059]}, platform.TenantDead),
        ({"error": "invalid_client"}, platform.TenantDead),
        ({"error": "temporarily_unavailable", "error_codes": [90033]}, platform.Ambiguous),
        ({"error": "invalid_client", "error_codes": [50196]}, platform.Ambiguous),
        ({"error": "invalid_grant", "error_description": "AADSTS53003: blocked"}, platform.Ambiguous),
        ({"error": "server_error", "error_codes": "90012"}, platform.Ambiguous),
        ({}, platform.Ambiguous),
    ],
)
def test_only_a_wrong_secret_app_or_tenant_is_for_a_person(
    told: dict[str, object], kind: type[platform.Trouble]
) -> None:
    assert type(refusal(told, 401)) is kind


def asked(answers: list[httpx.Response]) -> tuple[Tokens, list[float]]:
    """Tokens from an endpoint that gives these answers, and a clock of their own: a list whose last entry is now."""
    clock = [0.0]
    http = httpx.AsyncClient(transport=httpx.MockTransport(lambda _: answers.pop(0)))
    return Tokens(http, "https://entra.example/token", "app", SecretStr("s"), lambda: clock[-1]), clock


def given(token: str) -> httpx.Response:
    return httpx.Response(200, json={"access_token": token, "expires_in": 3599})


def test_a_token_is_kept_until_shortly_before_its_end_and_renewed_for_whoever_met_it_refused() -> None:
    async def story() -> None:
        tokens, clock = asked([given("one"), given("two"), given("three")])
        assert [await tokens.token() for _ in range(3)] == ["one"] * 3
        clock.append(3500.0)
        assert await tokens.token() == "one"
        clock.append(3540.0)
        assert await tokens.token() == "two"
        assert await asyncio.gather(*(tokens.token("two") for _ in range(9))) == ["three"] * 9
        assert await tokens.token("two") == "three"

    asyncio.run(story())


@pytest.mark.parametrize("body", ["<html>", "[]", '{"access_token": 7}', "{}"])
def test_an_answer_that_is_no_token_says_nothing(body: str) -> None:
    async def story() -> None:
        tokens, _ = asked([httpx.Response(200, text=body)])
        with pytest.raises(Ambiguous):
            await tokens.token()

    asyncio.run(story())


def test_a_refused_token_is_renewed_at_once_and_nothing_waits(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await town.launch()
        before = town.teams.desk.token_calls
        town.teams.expire_tokens()
        await town.add(town.bruno, GATE)
        board = await town.board()
        await town.teams.until(lambda: "1 idea" in board.said)
        assert town.teams.desk.token_calls == before + 1
        assert (await town.bot.health.readiness()).ready

    play(migrated_sqlite_url, story)


@pytest.mark.parametrize("code", [None, 7000222])
def test_a_refusal_that_lasts_rests_the_platform_says_so_and_ends_without_a_restart(
    migrated_sqlite_url: str, code: int | None
) -> None:
    async def story(town: Town) -> None:
        await town.launch()
        board = await town.board()
        town.teams.desk.revoked = code is None
        if code is not None:
            town.teams.expire_tokens()
            town.teams.refuse_tokens(code)
        await town.add(town.bruno, GATE)
        await town.teams.until(town.bot.office.refusals)
        calls = town.teams.desk.connector_calls
        await town.add(town.bruno, HEDGE)
        await town.bot.courier.flush()
        readiness = await town.bot.health.readiness()
        assert (readiness.ready, readiness.figures["teams"]) == (False, False)
        assert "ideahunt doctor" in str(readiness.figures["teams_refused"])
        assert town.teams.desk.connector_calls == calls
        town.teams.desk.revoked = False
        town.teams.grant_tokens()
        town.clock.ahead = timedelta(minutes=5, seconds=1)
        town.bot.courier.nudge()
        await town.teams.until(lambda: "2 ideas" in board.said)
        await town.teams.until(lambda: not town.bot.office.refusals())
        await town.bot.ticker.tick()
        assert (await town.bot.health.readiness()).ready

    play(migrated_sqlite_url, story)


def test_a_passing_refusal_of_entra_is_no_wrong_secret(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await town.launch()
        board = await town.board()
        town.teams.expire_tokens()
        town.teams.refuse_tokens(90033, "temporarily_unavailable")
        await town.add(town.bruno, GATE)
        await town.teams.until(lambda: town.teams.desk.refused_tokens)
        town.teams.grant_tokens()
        assert town.bot.office.refusals() == {}
        town.clock.ahead = timedelta(seconds=10)
        town.bot.courier.nudge()
        await town.teams.until(lambda: "1 idea" in board.said)

    play(migrated_sqlite_url, story)


def test_a_dead_secret_is_told_by_its_reason() -> None:
    with pytest.raises(TenantDead, match="the client secret has ended, AADSTS7000222"):
        raise refusal({"error": "invalid_client", "error_codes": [7000222]}, 401)
