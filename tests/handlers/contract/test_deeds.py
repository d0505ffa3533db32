"""Every deed, pressed where it makes sense and where it does not, in both languages, on both platforms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from bot.domain.names import IdeaNumber, RoundNumber
from bot.domain.people import LANGUAGES
from bot.screens import Deed
from handlers.clock import utc_now
from tests.handlers.contract.conftest import Play
from tests.handlers.contract.ground import BIKES, BREAD, GATE, Ground
from tests.handlers.contract.told import known, languages_of, tells


@dataclass(frozen=True)
class Case:
    """A deed at a stage: what its button is about, and the sentence that tells it was done."""

    stage: Callable[[Ground], object]
    target: Callable[[Ground], str]
    told: str
    """A key of the catalogue."""
    said: str = ""
    """Something a person typed that stands there too."""


def hunt(ground: Ground) -> str:
    return ground.hunt


def room(ground: Ground) -> str:
    return ground.room


def idea(number: int) -> Callable[[Ground], str]:
    return lambda ground: f"{ground.hunt}|{number}|"


def of_round(ground: Ground) -> str:
    return f"{ground.hunt}|1"


def pair(ground: Ground) -> str:
    return f"{ground.hunt}|1|2"


def asked(ground: Ground) -> str:
    return f"{ground.hunt}|{ground.person(ground.other)}"


def listed(ground: Ground) -> None:
    ground.collecting()
    ground.add(ground.lead, f"- {GATE}\n- {BREAD}\n- {BIKES}")


def withdrawn(ground: Ground) -> None:
    ground.collecting()
    ground.core.ideas.withdraw(ground.me, ground.hunt, IdeaNumber(1), "", utc_now())


def merged(ground: Ground) -> None:
    ground.revealed()
    ground.core.grouping.merge(ground.me, ground.hunt, IdeaNumber(1), IdeaNumber(2), utc_now())


def hushed(ground: Ground) -> None:
    ground.revealed()
    ground.core.themes.suggest(ground.me, ground.hunt, wanted=False, now=utc_now())


def papered(ground: Ground) -> None:
    ground.voting()
    ground.core.papers.enter(ground.me, ground.hunt, RoundNumber(1), "1 2", (), f"p:{ground.hunt}", utc_now())


def led_by_another(ground: Ground) -> None:
    lead = ground.lead
    ground.lead = ground.other
    ground.collecting()
    ground.lead = lead


def overtaken(ground: Ground) -> None:
    """Zoe asked to facilitate, and waits."""
    ground.collecting()
    ground.core.facilitation.take_over(ground.asker(ground.other), ground.hunt, utc_now())


def nothing(_: Ground) -> str:
    return ""


CASES: dict[Deed, Case] = {
    Deed.HUB: Case(Ground.collecting, room, "hub.mine"),
    Deed.FACILITATE: Case(Ground.voting, room, "hub.dots"),
    Deed.NEW_HUNT: Case(Ground.empty, nothing, "launch.lead"),
    Deed.ADD_IDEA: Case(Ground.collecting, hunt, "idea.trust"),
    Deed.SEE_ALL: Case(Ground.revealed, hunt, "title.browse", BREAD),
    Deed.VOTE: Case(Ground.voting, hunt, "title.ballot", BREAD),
    Deed.DECLINE: Case(Ground.voting, of_round, "vote.declined"),
    Deed.MY_IDEAS: Case(Ground.collecting, hunt, "title.mine", BREAD),
    Deed.EDIT_IDEA: Case(Ground.collecting, idea(1), "idea.trust.kept"),
    Deed.WITHDRAW_IDEA: Case(Ground.collecting, idea(1), "idea.withdrawn"),
    Deed.RESTORE_IDEA: Case(withdrawn, idea(1), "idea.restored"),
    Deed.SPLIT_LIST: Case(listed, idea(4), "split.done", BIKES),
    Deed.KEEP_WHOLE: Case(listed, idea(4), "idea.kept_whole"),
    Deed.REVEAL: Case(Ground.collecting, hunt, "reveal.done"),
    Deed.COLLECT_AGAIN: Case(Ground.revealed, hunt, "collect_again.done"),
    Deed.OPEN_VOTE: Case(Ground.revealed, hunt, "title.vote"),
    Deed.RULES: Case(Ground.voting, hunt, "title.rules"),
    Deed.CLOSE_VOTE: Case(Ground.voting, hunt, "close.vote_done"),
    Deed.CLOSE_HUNT: Case(Ground.revealed, hunt, "close.hunt_done"),
    Deed.RUN_OFF: Case(Ground.tied, hunt, "runoff.opened"),
    Deed.SECOND_READING: Case(Ground.closed, of_round, "title.second_reading", GATE),
    Deed.PAPERS: Case(Ground.voting, hunt, "papers.how"),
    Deed.TAKE_BACK: Case(papered, lambda ground: f"{ground.hunt}|1|1", "papers.taken_back"),
    Deed.SHARE: Case(Ground.collecting, hunt, "share.lead"),
    Deed.ROLES: Case(Ground.collecting, hunt, "roles.lead"),
    Deed.TAKE_OVER: Case(led_by_another, hunt, "take_over.sent"),
    Deed.HAND_OVER: Case(overtaken, asked, "take_over.handed"),
    Deed.STAY: Case(overtaken, asked, "take_over.stayed"),
    Deed.SORT: Case(Ground.revealed, hunt, "sort.lead", BREAD),
    Deed.DUPLICATES: Case(Ground.revealed, hunt, "duplicates.none"),
    Deed.MERGE: Case(Ground.revealed, pair, "duplicates.told.merged"),
    Deed.KEEP_APART: Case(Ground.revealed, pair, "duplicates.told.apart"),
    Deed.OTHER_THEME: Case(Ground.revealed, pair, "duplicates.told.two_themes"),
    Deed.THEMES: Case(Ground.revealed, hunt, "themes.lead"),
    Deed.UNDO: Case(merged, hunt, "undo.done"),
    Deed.SUGGEST_THEMES: Case(Ground.revealed, hunt, "piles.lead"),
    Deed.SUGGEST_NO_MORE: Case(Ground.revealed, hunt, "themes.silent"),
    Deed.SUGGEST_AGAIN: Case(hushed, hunt, "themes.told.suggest_again"),
    Deed.WORDS: Case(Ground.revealed, hunt, "words.lead"),
    Deed.RESULTS: Case(Ground.closed, room, "results.title", GATE),
    Deed.EXPORT: Case(Ground.revealed, lambda ground: f"{ground.hunt}|csv", "export.coming"),
    Deed.SETTINGS: Case(Ground.empty, nothing, "title.settings"),
    Deed.MUTE: Case(Ground.empty, nothing, "settings.muted"),
    Deed.HELP: Case(Ground.empty, nothing, "help.idea"),
    Deed.RETRY: Case(Ground.collecting, hunt, "launch.retrying"),
    Deed.ROOMS: Case(Ground.collecting, hunt, "rooms.code"),
    Deed.TAKE_OUT: Case(Ground.in_two_rooms, lambda ground: f"{ground.hunt}|{ground.room}", "rooms.is_out"),
    Deed.SAVE_TEXT: Case(Ground.collecting, lambda _: "A bench beside the old pond", "saved.done"),
}


def test_there_is_a_case_for_every_deed() -> None:
    assert set(CASES) == set(Deed)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("deed", CASES)
def test_every_deed_is_done_and_told(play: Play, deed: Deed, language: str) -> None:
    async def case(ground: Ground) -> None:
        one = CASES[deed]
        await ground.at(one.stage)
        page = await ground.do(deed, one.target(ground))
        assert tells(page.said, one.told, language), known(page.said, language)
        assert one.said in page.said

    play(case, language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", [Deed.SORT, Deed.DUPLICATES, Deed.THEMES])
def test_an_undo_is_confirmed_in_the_form_it_was_pressed_in(play: Play, form: Deed, language: str) -> None:
    async def case(ground: Ground) -> None:
        merged(ground)
        opened = await ground.do(form, ground.hunt)
        page = await ground.driver.deed(ground.lead, opened, Deed.UNDO)
        assert tells(page.said, "undo.done", language), page.said
        assert tells(page.said, "deed.merge", language), page.said
        assert tells(page.said, f"title.{form.value}", language), page.said

    play(case, language)


FOR_LEADERS = (
    Deed.REVEAL, Deed.COLLECT_AGAIN, Deed.OPEN_VOTE, Deed.RULES, Deed.CLOSE_VOTE, Deed.CLOSE_HUNT, Deed.RUN_OFF,
    Deed.PAPERS, Deed.TAKE_BACK, Deed.SHARE, Deed.ROLES, Deed.HAND_OVER, Deed.STAY, Deed.SORT, Deed.DUPLICATES,
    Deed.MERGE, Deed.KEEP_APART, Deed.OTHER_THEME, Deed.THEMES, Deed.UNDO, Deed.SUGGEST_THEMES, Deed.SUGGEST_NO_MORE,
    Deed.SUGGEST_AGAIN, Deed.WORDS, Deed.RETRY, Deed.ROOMS, Deed.TAKE_OUT,
)  # fmt: skip
"""What only a facilitator may do."""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("deed", FOR_LEADERS)
def test_whoever_does_not_facilitate_is_told_who_may(play: Play, deed: Deed, language: str) -> None:
    async def case(ground: Ground) -> None:
        one = CASES[deed]
        ground.lead, reader = ground.other, ground.lead
        await ground.at(one.stage)
        target = one.target(ground)
        ground.lead = reader
        page = await ground.do(deed, target)
        assert tells(page.said, "refusal.not_allowed", language), known(page.said, language)

    play(case, language)


@pytest.mark.parametrize("deed", [one for one in Deed if one not in {Deed.SAVE_TEXT, Deed.NEW_HUNT}])
def test_a_button_that_is_about_nothing_any_more_is_answered_kindly(play: Play, deed: Deed) -> None:
    language = LANGUAGES[len(deed) % len(LANGUAGES)]

    async def case(ground: Ground) -> None:
        ground.empty()
        page = await ground.do(deed, "ffffffffffff|7|8")
        assert languages_of(page.said) == {language}, page.said
        assert not tells(page.said, "problem.failed", language)

    play(case, language)
