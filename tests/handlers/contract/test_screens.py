"""Every screen, shown to one person through the whole bot, in both languages, on both platforms."""

from __future__ import annotations

from typing import get_args

import pytest

from bot.domain.people import LANGUAGES
from bot.screens import Screen
from tests.handlers.contract.conftest import Play
from tests.handlers.contract.ground import Ground
from tests.handlers.contract.told import languages_of
from tests.handlers.slack import samples

SCREENS = samples.every(lambda n: f"Kviz {n}")
"""With texts that are no words of either language."""


def test_there_is_a_case_for_every_screen() -> None:
    assert {type(one) for one in SCREENS.values()} == set(get_args(Screen))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SCREENS)
def test_every_screen_is_shown_in_the_language_of_who_reads_it(play: Play, name: str, language: str) -> None:
    async def case(ground: Ground) -> None:
        ground.empty()
        ground.prompt.opened = ground.prompt.told = SCREENS[name]
        for words in ("", "help"):
            page = await ground.driver.type(language, words)
            assert languages_of(page.said.replace(samples.extra_line().text, "")) == {language}, page.said

    play(case, language)
