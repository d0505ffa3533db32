"""Every verb, typed in the words of each language, where it leads somewhere and where no hunt is, on both platforms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from bot.commands import Verb
from bot.domain.people import LANGUAGES
from bot.words import translator
from tests.handlers.contract.conftest import Play
from tests.handlers.contract.ground import BIKES, BREAD, GATE, Ground
from tests.handlers.contract.told import known, languages_of, tells

TWIN = "Lend bikes to people who miss the bus"


@dataclass(frozen=True)
class Case:
    """A verb at a stage: what is typed after it, and the sentence that answers."""

    stage: Callable[[Ground], object]
    told: str
    rest: str = ""
    said: str = ""


def led_by_another(ground: Ground) -> None:
    lead, ground.lead = ground.lead, ground.other
    ground.collecting()
    ground.lead = lead


CASES: dict[Verb, Case] = {
    Verb.HUB: Case(Ground.collecting, "hub.mine"),
    Verb.NEW: Case(Ground.empty, "launch.lead", "Kviz?"),
    Verb.IDEA: Case(Ground.collecting, "saved.done", "A bench beside the old pond", "bench"),
    Verb.IDEAS: Case(Ground.collecting, "title.mine", said=BREAD),
    Verb.VOTE: Case(Ground.voting, "title.ballot", said=BREAD),
    Verb.BOARD: Case(Ground.revealed, "title.browse", said=BREAD),
    Verb.SORT: Case(Ground.revealed, "sort.lead"),
    Verb.WORDS: Case(Ground.collecting, "words.lead"),
    Verb.REVEAL: Case(Ground.collecting, "reveal.done"),
    Verb.CLOSE: Case(Ground.voting, "close.vote_done"),
    Verb.RESULTS: Case(Ground.closed, "results.title", said=GATE),
    Verb.EXPORT: Case(Ground.closed, "export.coming", "md"),
    Verb.SETTINGS: Case(Ground.empty, "title.settings"),
    Verb.JOIN: Case(Ground.empty, "refusal.bad_code", "ZZZZ"),
    Verb.LEAVE: Case(Ground.in_two_rooms, "rooms.is_out"),
    Verb.LINK: Case(Ground.empty, "link.code"),
    Verb.UNLINK: Case(Ground.empty, "unlink.none"),
    Verb.TAKE_OVER: Case(led_by_another, "take_over.sent"),
    Verb.HELP: Case(Ground.collecting, "help.idea"),
}
WITHOUT_A_HUNT = {Verb.HUB, Verb.NEW, Verb.SETTINGS, Verb.JOIN, Verb.LINK, Verb.UNLINK, Verb.HELP}
"""What is good for something where no hunt is."""


def words(verb: Verb, language: str, rest: str = "") -> str:
    """As somebody types it."""
    return "" if verb is Verb.HUB else f"{translator(language).plain(f'verb.{verb.value}')} {rest}".strip()


def test_there_is_a_case_for_every_verb() -> None:
    assert set(CASES) == set(Verb)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("verb", CASES)
def test_every_verb_is_answered(play: Play, verb: Verb, language: str) -> None:
    async def case(ground: Ground) -> None:
        one = CASES[verb]
        await ground.at(one.stage)
        page = await ground.driver.type(language, words(verb, language, one.rest))
        assert tells(page.said, one.told, language), known(page.said, language)
        assert one.said in page.said

    play(case, language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("verb", [one for one in Verb if one not in WITHOUT_A_HUNT])
def test_where_no_hunt_is_a_verb_is_answered_with_what_to_do(play: Play, verb: Verb, language: str) -> None:
    async def case(ground: Ground) -> None:
        ground.empty()
        page = await ground.driver.type(language, words(verb, language))
        assert languages_of(page.said) == {language}, page.said
        assert not tells(page.said, "problem.failed", language)

    play(case, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_tells_every_verb(play: Play, language: str) -> None:
    async def case(ground: Ground) -> None:
        ground.voting()
        page = await ground.driver.type(language, words(Verb.HELP, language))
        told = [verb for verb in Verb if f"ideahunt {words(verb, language)}".strip() in page.said]
        assert set(Verb) - set(told) == {Verb.HELP}

    play(case, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_author_is_told_of_an_idea_that_stands_already_and_may_look_at_it(play: Play, language: str) -> None:
    async def case(ground: Ground) -> None:
        ground.collecting(private=False)
        page = await ground.driver.type(language, words(Verb.IDEA, language, TWIN))
        assert tells(page.said, "saved.twin", language), known(page.said, language)
        assert TWIN in page.said
        assert BIKES in page.said
        there = await ground.driver.press(language, page, "deed:see_all")
        assert TWIN in there.said  # nothing is lost
        assert BIKES in there.said

    play(case, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_while_ideas_are_hidden_nobody_is_told_of_another_one(play: Play, language: str) -> None:
    async def case(ground: Ground) -> None:
        ground.collecting()
        page = await ground.driver.type(language, words(Verb.IDEA, language, TWIN))
        assert tells(page.said, "saved.done", language), known(page.said, language)
        assert BIKES not in page.said

    play(case, language)
