"""Every refusal, told in the language of whoever is refused: typed, pressed, in a form that keeps what it held."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.domain import errors
from bot.domain.errors import Problem, Refusal
from bot.domain.people import LANGUAGES
from bot.screens import Button, Deed, Note
from bot.words.refusals import refusal_words
from tests.handlers.contract.conftest import Play
from tests.handlers.contract.ground import Ground
from tests.handlers.contract.told import languages_of, pieces, tells

AT = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
SAMPLES: tuple[Refusal, ...] = (
    errors.WrongPhase("collecting", ("voting",)),
    errors.WrongPhase("closed", ("voting",)),
    errors.WrongPhase("closed", ("draft", "collecting")),
    errors.WrongPhase("voting", ("draft", "collecting")),
    errors.WrongPhase("collecting", ("revealed",)),
    errors.WrongPhase("collecting", ("revealed", "voting")),
    errors.WrongPhase("revealed", ("closed",)),
    errors.WrongPhase("revealed", ("revealed",)),
    errors.WrongPhase("voting", ("revealed",)),
    errors.WrongPhase("closed", ("revealed",)),
    errors.WrongPhase("revealed", ("collecting",)),
    errors.NotAllowed("reveal"),
    errors.NoHuntHere(),
    errors.UnknownHunt(),
    errors.UnknownIdea(7),
    errors.UnknownIdea(),
    errors.UnknownTheme(),
    errors.UnknownRound(),
    errors.TooShort(3),
    errors.TooLong(2_000, 2_345),
    errors.TooManyIdeas(10),
    errors.TooManyIdeas(500, "hunt"),
    errors.TooManyThemes(40),
    errors.TooManyTries(10),
    errors.ThemeNameTaken("Zxq"),
    errors.BadForm({"language": "refusal.stale_form"}),
    errors.BadForm({"language": Problem("refusal.too_short", {"least": 3, "n": 3})}),
    errors.NoDotsLeft(3, 3),
    errors.CapReached(2, 2),
    errors.VoteOver(),
    errors.VoteOver(AT),
    errors.NotAnOption(9),
    errors.NotAnOption(),
    errors.BadDots(),
    errors.NotAVoter(),
    errors.ObserverDoesNotVote(),
    errors.VoteHalted(),
    errors.AlreadyVoted(),
    errors.BallotMoved(2, 3),
    errors.NothingToUndo(),
    errors.NothingToVote(),
    errors.TieStays(),
    errors.HuntOpenHere("Zxq?"),
    errors.HuntOpenHere(),
    errors.StaleForm(),
    errors.UnknownFormat("docx"),
    errors.BadCode(),
    errors.CodeNeedsRoom(),
    errors.SamePlatform(),
    errors.VotedTwice(),
    errors.VotedAsOne(),
    errors.OnlyRoom(),
)


def leaves(kind: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    """Every class that is raised: those that others inherit from only sort them."""
    if not kind.__subclasses__():
        yield kind
    for below in kind.__subclasses__():
        yield from leaves(below)


def keys(refusal: Refusal) -> list[str]:
    """The sentences that tell it: in a form each problem's own."""
    if isinstance(refusal, errors.BadForm):
        return [one if isinstance(one, str) else one.key for one in refusal.problems.values()]
    return [refusal_words(refusal)[0]]


def named(refusal: Refusal) -> str:
    return "-".join((type(refusal).__name__, *map(str, vars(refusal).values())))[:60]


def test_there_is_a_case_for_every_refusal() -> None:
    assert {type(one) for one in SAMPLES} == {*leaves(), errors.NotAVoter}  # raised itself, and inherited from


def test_there_is_a_case_for_every_sentence_of_a_refusal() -> None:
    told = {refusal_words(one)[0] for one in SAMPLES}
    assert {key for key in pieces("en") if key.startswith("refusal.")} - told == OF_CLASSES_THAT_SORT


OF_CLASSES_THAT_SORT = {f"refusal.{one}" for one in ("refusal", "not_found", "bad_text", "too_many", "vote_refused")}
"""Said only where a class that others inherit from were raised itself."""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("refusal", SAMPLES, ids=named)
def test_what_is_typed_pressed_or_sent_is_refused_in_words(play: Play, refusal: Refusal, language: str) -> None:
    async def case(ground: Ground) -> None:
        ground.empty()
        ground.prompt.told = Note("settings.muted", buttons=(Button(Deed.MUTE),))
        offered = await ground.driver.type(language, "help")
        form = await ground.driver.type(language, "settings")
        await ground.driver.tick(language, form, "muted")
        ground.prompt.refusal = refusal
        typed = await ground.driver.type(language, "help")
        sent = await ground.driver.send(language, form)
        pressed = await ground.driver.deed(language, offered, Deed.MUTE)
        for page in (typed, sent, pressed):
            for key in keys(refusal):
                assert tells(page.said, key, language), (key, page.said)
            assert languages_of(page.said) == {language}, page.said
        assert "muted" in sent.fields

    play(case, language)
