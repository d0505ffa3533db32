"""What a vote refuses, met as people meet it: on a real ballot, in both languages, on both platforms."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from bot.domain.people import LANGUAGES
from bot.domain.rules import Secrecy, TieRule
from bot.screens import Deed
from bot.usecases.requests import SettingsRequest
from handlers.clock import utc_now
from tests.handlers.contract.conftest import Play
from tests.handlers.contract.drivers import Page
from tests.handlers.contract.ground import Ground
from tests.handlers.contract.told import known, tells

Story = Callable[[Ground], Awaitable[Page]]


async def opened(ground: Ground) -> Page:
    """The ballot with a field for each idea."""
    ground.core.people.keep_settings(ground.me, SettingsRequest(None, False, True), utc_now())
    return await ground.do(Deed.VOTE, ground.hunt)


async def placed(ground: Ground, ballot: Page, *dots: tuple[int, int]) -> Page:
    for number, many in dots:
        await ground.driver.place(ground.lead, ballot, number, many)
    return await ground.driver.send(ground.lead, ballot)


async def overspent(ground: Ground) -> Page:
    ground.voting()
    told = await placed(ground, await opened(ground), (1, 2), (2, 2))
    with ground.storage.look() as unit:
        round = unit.rounds.latest(ground.tenant, ground.hunt)
        assert round is not None
        assert unit.rounds.ballot(round, ground.person(ground.lead)).used == 0
    assert {"option:1", "option:2"} <= told.fields
    return told


async def too_late(ground: Ground) -> Page:
    ground.voting()
    ballot = await opened(ground)
    ground.core.votes.close(ground.me, ground.hunt, utc_now())
    return await placed(ground, ballot, (1, 1))


async def observing(ground: Ground) -> Page:
    reader, ground.lead = ground.lead, ground.other
    ground.collecting(observers=(ground.person(reader),))
    ground.core.hunts.reveal(ground.me, ground.hunt, utc_now())
    ground.core.votes.open(ground.me, ground.asked_to_vote(), utc_now())
    ground.lead = reader
    return await ground.do(Deed.VOTE, ground.hunt)


async def cast_again(ground: Ground) -> Page:
    ground.voting(secrecy=Secrecy.DETACHED)
    await placed(ground, await opened(ground), (1, 2))
    return await ground.do(Deed.VOTE, ground.hunt)


async def older(ground: Ground) -> Page:
    ground.voting()
    ballot = await opened(ground)
    ground.place(ground.lead, (2, 1))  # on another device
    return await placed(ground, ballot, (1, 1))


async def tie_stays(ground: Ground) -> Page:
    ground.tied(tie=TieRule.KEEP)
    return await ground.do(Deed.RUN_OFF, ground.hunt)


async def one_idea(ground: Ground) -> Page:
    ground.collecting()
    for idea in ground.ideas()[1:]:
        ground.core.ideas.withdraw(
            ground.asker(ground.other if idea == 3 else ground.lead), ground.hunt, idea, "", utc_now()
        )
    ground.core.hunts.reveal(ground.me, ground.hunt, utc_now())
    return await ground.do(Deed.OPEN_VOTE, ground.hunt)


TOLD: dict[str, tuple[Story, str]] = {
    "more dots than there are": (overspent, "ballot.problem.total"),
    "after the close": (too_late, "refusal.vote_over"),
    "an observer": (observing, "refusal.observer_does_not_vote"),
    "a ballot cast twice": (cast_again, "refusal.already_voted"),
    "a form older than the ballot": (older, "refusal.ballot_moved"),
    "a tie that stays": (tie_stays, "refusal.tie_stays"),
    "one idea alone": (one_idea, "refusal.nothing_to_vote"),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("what", TOLD)
def test_a_vote_refuses_in_words_and_keeps_what_was_there(play: Play, what: str, language: str) -> None:
    async def case(ground: Ground) -> None:
        story, key = TOLD[what]
        page = await story(ground)
        assert tells(page.said, key, language), (known(page.said, language), page.said)

    play(case, language)
