"""Microsoft's keys: read seldom, one fetch at a time, whatever keys strangers name."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import jwt
import pytest

from handlers.teams.keys import APART, FRESH, MOST_WAITING, Keys
from standins.teams import keys as standin
from tests.handlers.teams.test_bad_input import an_activity
from tests.handlers.teams.town import Town, play

TENANT = "00000000-0000-4000-8000-000000007e2a"
AGENTS = "5a807f24-c9de-44ee-a3a7-329e88a00ffc"
"""The one app whose Entra tokens the SDK would take."""
ONE, TWO = standin.Keys("one"), standin.Keys("two")


class Endpoint:
    """Where the keys are read; it answers when told, and counts."""

    def __init__(self, *held: standin.Keys) -> None:
        self.held = list(held)
        self.calls = 0
        self.open = asyncio.Event()
        self.open.set()
        self.now = 0.0
        self.keys = Keys(httpx.AsyncClient(transport=httpx.MockTransport(self._answer)), "https://k/", lambda: self.now)

    async def _answer(self, _: httpx.Request) -> httpx.Response:
        self.calls += 1
        await self.open.wait()
        if not self.held:
            return httpx.Response(500)
        return httpx.Response(200, json={"keys": [one.key_set()["keys"][0] for one in self.held]})

    async def knows(self, signer: standin.Keys) -> bool:
        token = signer.token("app", "https://s/")
        await self.keys.learn(token)
        try:
            return self.keys.get_signing_key_from_jwt(token).key_id == signer.kid
        except jwt.InvalidTokenError:
            return False


def test_a_new_key_is_learnt_after_a_while_and_an_unknown_one_refused_at_once_until_then() -> None:
    async def story() -> None:
        there = Endpoint(ONE)
        assert await there.knows(ONE)
        there.held = [ONE, TWO]
        assert [await there.knows(TWO) for _ in range(20)] == [False] * 20
        assert there.calls == 1
        there.now = APART
        assert await there.knows(TWO)
        assert there.calls == 2

    asyncio.run(story())


def test_one_fetch_at_a_time_and_few_wait_for_it() -> None:
    async def story() -> None:
        there = Endpoint(ONE)
        there.open.clear()
        tasks = [asyncio.create_task(there.knows(ONE)) for _ in range(MOST_WAITING + 30)]
        await asyncio.sleep(0.01)
        done = [task for task in tasks if task.done()]
        assert [task.result() for task in done] == [False] * 30
        there.open.set()
        answers = await asyncio.gather(*tasks)
        assert (there.calls, answers.count(True)) == (1, MOST_WAITING)

    asyncio.run(story())


def test_old_keys_are_read_again_beside_the_requests_and_kept_where_nobody_answers() -> None:
    async def story() -> None:
        there = Endpoint(ONE)
        assert await there.knows(ONE)
        there.now, there.held = FRESH, []
        assert await there.knows(ONE)
        await asyncio.sleep(0.01)
        assert await there.knows(ONE)
        assert there.calls == 2
        there.now, there.held = 2 * FRESH, [TWO]
        await there.knows(ONE)
        await asyncio.sleep(0.01)
        assert not await there.knows(ONE)

    asyncio.run(story())


@pytest.mark.parametrize("token", ["", "x", "a.b.c", jwt.encode({}, "k" * 32)])
def test_a_token_that_names_no_key_is_refused(token: str) -> None:
    async def story() -> None:
        there = Endpoint(ONE)
        await there.keys.learn(token)
        with pytest.raises(jwt.InvalidTokenError):
            there.keys.get_signing_key_from_jwt(token)

    asyncio.run(story())


def test_a_flood_of_unknown_keys_costs_one_fetch_and_stops_nobody(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await town.bruno.mention(town.room, "aide")
        before = town.teams.desk.key_calls
        strangers = [standin.Keys(f"unknown-{n}") for n in range(3)]
        said = an_activity(town, text="idea")
        flood = [
            town.teams.raw(said, token=strangers[n % 3].token(town.teams.app_id, town.teams.url)) for n in range(60)
        ]
        assert set(await asyncio.gather(*flood)) == {401}
        assert town.teams.desk.key_calls <= before + 1
        assert await town.teams.raw(said) == 200

    play(migrated_sqlite_url, story)


@pytest.mark.parametrize(
    "issuer", [f"https://login.microsoftonline.com/{TENANT}/v2.0", f"https://sts.windows.net/{TENANT}/"]
)
def test_an_issuer_of_entra_is_refused_and_makes_nobody_fetch_its_keys(
    migrated_sqlite_url: str, monkeypatch: pytest.MonkeyPatch, issuer: str
) -> None:
    fetched: list[str] = []

    def fetch(client: jwt.PyJWKClient) -> Any:
        fetched.append(client.uri)
        return jwt.PyJWKSet.from_dict(ONE.key_set())

    monkeypatch.setattr(jwt.PyJWKClient, "fetch_data", fetch)

    async def story(town: Town) -> None:
        claims = {"tid": TENANT, "azp": AGENTS}
        token = ONE.token(town.teams.app_id, town.teams.url, issuer=issuer, **claims)
        assert await town.teams.raw(an_activity(town, text="idea"), token=token) == 401

    play(migrated_sqlite_url, story)
    assert fetched == []
