"""What is said at a wrong moment, and where a number is not known."""

from __future__ import annotations

import itertools

import pytest

from bot.domain import errors
from bot.domain.hunt import Phase
from bot.words import translator
from bot.words.refusals import refusal_sentence
from tests.core.test_words import LANGUAGES, MESSAGES


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_wrong_moment_has_a_kind_sentence_that_tells_what_comes_next(lang: str) -> None:
    stages = tuple(phase.value for phase in Phase)
    words = translator(lang)
    wished = {("voting",), ("closed",), ("revealed",), ("collecting",), stages[:3], stages[2:]}
    for wanted, stage in itertools.product(wished, stages):
        told = words.flat(refusal_sentence(errors.WrongPhase(stage, wanted), words))
        assert told.count(".") >= 2, told
        assert "draft" not in told
        assert "brouillon" not in told


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_sentence_tells_no_number_of_people_that_is_not_known(lang: str) -> None:
    for key in (key for key in MESSAGES[lang] if key.endswith(".uncounted")):
        known = {"n": 3, "voters": 3, "quorum": 0, "dots": 5, "cap": 2, "places": 3}
        told = translator(lang).plain(key.removesuffix(".uncounted"), eligible=0, **known)
        assert "0" not in told, told
        assert "0" in translator(lang).plain(key.removesuffix(".uncounted"), eligible=10, **known)


CHOICES = ("capture.", "names.", "private.", "dots.auto", "filter.all", "language.auto", "theme_step.")
TICKS = ("nameless.tick", "muted.tick", "digest.tick", "plain_ballot.tick", "plain_ballot.why")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_text_of_a_choice_is_longer_than_slack_shows(lang: str) -> None:
    for key in (key for key in MESSAGES[lang] if key.startswith((*CHOICES, *TICKS))):
        assert len(translator(lang).plain(key, n=100, theme="", facts="")) <= 75, key
