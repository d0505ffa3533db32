"""One running bot for each platform and file; each case gets a room of its own in it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.domain.names import TenantId
from tests.handlers.contract.drivers import InSlack, InTeams
from tests.handlers.contract.ground import Ground
from tests.handlers.contract.prompted import Prompt, prompted
from tests.handlers.slack import town as slack
from tests.handlers.teams import town as teams

Play = Callable[[Callable[[Ground], Awaitable[None]], str], None]


@asynccontextmanager
async def opened(platform: str, url: str) -> AsyncIterator[Ground]:
    prompt = Prompt()
    if platform == "slack":
        async with slack.town(url, build=lambda storage: prompted(prompt, storage)) as there:
            tenant = TenantId(f"slack:{there.slack.team}")
            yield Ground(InSlack(there), there.core, there.storage, tenant, prompt)
    else:
        async with teams.town(url, build=lambda storage: prompted(prompt, storage)) as here:
            yield Ground(InTeams(here), here.core, here.storage, here.tenant, prompt)


@pytest.fixture(scope="module", params=["slack", "teams"])
def play(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> Iterator[Play]:
    """Plays a case in a language: in a fresh room of the one town of this file."""
    path = tmp_path_factory.mktemp("contract") / "ideahunt.db"
    shutil.copy(sqlite_template, path)
    with asyncio.Runner() as runner:
        town = opened(request.param, f"sqlite:///{path}")
        ground = runner.run(town.__aenter__())

        def played(case: Callable[[Ground], Awaitable[None]], language: str = "en") -> None:
            async def whole() -> None:
                await ground.begin(language)
                await case(ground)
                assert ground.driver.faults() == []

            runner.run(whole())

        yield played
        runner.run(town.__aexit__(None, None, None))
