"""The second look at suggested themes: it moves suggestions, never decisions, and only when a hunt is quiet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import pytest

from bot.domain.hunt import Phase
from bot.domain.ideas import IdeaState, IdeaText, Pile, Standing
from bot.domain.names import HuntId, IdeaNumber, ThemeId
from bot.ports import Unanswered
from bot.theming import LexicalThemer
from bot.usecases import build_core
from bot.usecases.clock import Quiet
from bot.usecases.regrouping import AGAIN, FEWEST, QUIET
from tests.usecases.town import TENANT, Town

WORDS = tuple(f"Une idée de plus sur le sujet {place}" for place in range(1, FEWEST + 1))


@dataclass(frozen=True, slots=True)
class Sorter(LexicalThemer):
    """Puts every idea in the first theme that stands, and remembers what it was told."""

    def regroup(self, ideas: Sequence[IdeaText], standing: Standing) -> tuple[Pile, ...]:
        TOLD.append(standing)
        numbers = tuple(idea.number for idea in ideas)
        return (Pile(standing.themes[0].name, numbers, numbers[0], theme=standing.themes[0].id),)


TOLD: list[Standing] = []


@pytest.fixture
def sorted_town(town: Town) -> Town:
    TOLD.clear()
    return replace(town, core=build_core(town.storage, Sorter()))


def places(town: Town, hunt: HuntId) -> dict[int, tuple[int | None, bool]]:
    with town.storage.look() as unit:
        ideas = unit.ideas.page(TENANT, hunt, states=frozenset(IdeaState), limit=99)
    return {int(idea.number): (idea.theme, idea.suggested) for idea in ideas}


def grown(town: Town) -> HuntId:
    hunt = town.launch(themes=("Chemins", "Animaux"))
    for place, words in enumerate(WORDS):
        town.post(hunt, f"person{place // 4}", words)
    return hunt


def quiet(town: Town) -> list[HuntId]:
    return [due.hunt.id for due in town.core.clock.due(town.now) if isinstance(due, Quiet)]


def test_a_hunt_is_looked_at_again_once_it_is_quiet_and_only_once(sorted_town: Town) -> None:
    hunt = grown(sorted_town)
    assert quiet(sorted_town) == []
    sorted_town.wait(seconds=5)
    sorted_town.post(hunt, "didier", "Une idée qui arrive encore à temps")
    assert quiet(sorted_town) == []
    sorted_town.wait(seconds=QUIET.total_seconds())
    assert quiet(sorted_town) == [hunt]
    assert quiet(sorted_town) == [hunt]  # due until it is done: what was not carried out is not lost
    sorted_town.core.clock.tick(sorted_town.now)
    assert quiet(sorted_town) == []


def test_suggestions_follow_and_are_still_suggestions(sorted_town: Town) -> None:
    hunt = grown(sorted_town)
    assert sorted_town.core.clock.regrouping.regroup(TENANT, hunt, sorted_town.now) == FEWEST
    assert set(places(sorted_town, hunt).values()) == {(1, True)}
    assert sorted_town.core.clock.regrouping.regroup(TENANT, hunt, sorted_town.now) == 0


def test_what_a_person_decided_is_told_and_left_alone(sorted_town: Town) -> None:
    hunt, ines = grown(sorted_town), sorted_town.asker("ines")
    sorted_town.core.hunts.reveal(ines, hunt, now=sorted_town.now)
    move, apart = sorted_town.core.grouping.move, sorted_town.core.grouping.keep_apart
    move(ines, hunt, IdeaNumber(3), ThemeId(2), now=sorted_town.now)
    move(ines, hunt, IdeaNumber(4), ThemeId(2), now=sorted_town.now)
    move(ines, hunt, IdeaNumber(4), None, now=sorted_town.now)  # out of all themes is a decision too
    apart(ines, hunt, IdeaNumber(6), IdeaNumber(5), now=sorted_town.now)
    sorted_town.core.clock.regrouping.regroup(TENANT, hunt, sorted_town.now)
    assert {3, 4} <= TOLD[-1].pinned
    assert TOLD[-1].apart == ((5, 6),)
    assert {theme.touched for theme in TOLD[-1].themes} == {True}
    now = places(sorted_town, hunt)
    assert (now[3], now[4], now[5]) == ((2, False), (None, False), (1, True))


def test_an_undone_move_is_no_decision_any_more(sorted_town: Town) -> None:
    hunt, ines = grown(sorted_town), sorted_town.asker("ines")
    sorted_town.core.hunts.reveal(ines, hunt, now=sorted_town.now)
    sorted_town.core.grouping.move(ines, hunt, IdeaNumber(3), ThemeId(2), now=sorted_town.now)
    sorted_town.core.grouping.undo(ines, hunt, now=sorted_town.now)
    sorted_town.core.clock.regrouping.regroup(TENANT, hunt, sorted_town.now)
    assert places(sorted_town, hunt)[3] == (1, True)


def test_a_hunt_whose_facilitator_wants_no_suggestions_gets_none(sorted_town: Town) -> None:
    hunt, ines = grown(sorted_town), sorted_town.asker("ines")
    form = sorted_town.core.themes.suggest(ines, hunt, wanted=False, now=sorted_town.now)
    assert not form.suggests
    quiet(sorted_town)
    sorted_town.wait(seconds=60)
    assert quiet(sorted_town) == []
    sorted_town.post(hunt, "didier", "Des chemins pour les vélos dans les chemins creux")
    assert places(sorted_town, hunt)[FEWEST + 1] == (None, False)
    assert sorted_town.core.themes.suggest(ines, hunt, wanted=True, now=sorted_town.now).suggests


def test_nothing_moves_once_the_vote_is_open(sorted_town: Town) -> None:
    hunt = grown(sorted_town)
    sorted_town.core.hunts.reveal(sorted_town.asker("ines"), hunt, now=sorted_town.now)
    sorted_town.open_vote(hunt)
    with sorted_town.storage.look() as unit:
        assert unit.hunts.get(TENANT, hunt).phase is Phase.VOTING
    assert sorted_town.core.clock.regrouping.regroup(TENANT, hunt, sorted_town.now) == 0
    assert quiet(sorted_town) == []


def test_an_engine_that_says_nothing_changes_nothing(town: Town) -> None:
    hunt = grown(town)
    before = places(town, hunt)
    assert town.core.clock.regrouping.regroup(TENANT, hunt, town.now) == 0
    assert places(town, hunt) == before


@pytest.mark.parametrize(("private", "found"), [(False, 1), (True, 0)])
def test_duplicates_are_found_while_people_write_only_where_ideas_are_in_the_open(
    town: Town, private: bool, found: int
) -> None:
    hunt = town.launch(private=private)
    for place, words in enumerate(
        (*WORDS, "Tracer un sentier fléché au parking", "Un sentier fléché depuis le parking")
    ):
        town.post(hunt, f"person{place // 4}", f"{words} numéro{place}{place}" if place < FEWEST else words)
    town.core.clock.tick(town.now)
    town.wait(seconds=QUIET.total_seconds())
    town.core.clock.tick(town.now)
    with town.storage.look() as unit:
        sentiers = [pair for pair in unit.ideas.pairs(TENANT, hunt, 99) if (pair.one, pair.other) == (9, 10)]
    assert len(sentiers) == found


@dataclass(frozen=True, slots=True)
class Dumb(LexicalThemer):
    """An engine that cannot answer now."""

    def regroup(self, ideas: Sequence[IdeaText], standing: Standing) -> tuple[Pile, ...]:
        raise Unanswered


def test_a_hunt_whose_grouping_had_no_answer_is_looked_at_again_a_minute_later(town: Town) -> None:
    dumb = replace(town, core=build_core(town.storage, Dumb()))
    hunt = grown(dumb)
    quiet(dumb)
    dumb.wait(seconds=QUIET.total_seconds())
    assert quiet(dumb) == [hunt]
    dumb.core.clock.tick(dumb.now)
    assert quiet(dumb) == []
    dumb.wait(seconds=AGAIN.total_seconds())
    assert quiet(dumb) == []
    dumb.wait(seconds=QUIET.total_seconds())
    assert quiet(dumb) == [hunt]


@dataclass(frozen=True, slots=True)
class Late(Sorter):
    """While it thinks, people go on: `meanwhile` is what they do."""

    meanwhile: list[Callable[[], object]] = field(default_factory=list)

    def regroup(self, ideas: Sequence[IdeaText], standing: Standing) -> tuple[Pile, ...]:
        self.meanwhile.pop()()
        return Sorter.regroup(self, ideas, standing)


def test_what_people_did_while_the_engine_thought_counts_and_is_looked_at_again(town: Town) -> None:
    late = Late()
    busy = replace(town, core=build_core(town.storage, late))
    hunt, ines = grown(busy), busy.asker("ines")
    busy.core.hunts.reveal(ines, hunt, now=busy.now)

    def meanwhile() -> None:
        busy.core.grouping.move(ines, hunt, IdeaNumber(3), ThemeId(2), now=busy.now)
        busy.post(hunt, "karima", "Une idée qui arrive pendant ce temps")

    late.meanwhile.append(meanwhile)
    assert busy.core.clock.regrouping.regroup(TENANT, hunt, busy.now) == FEWEST - 1
    now = places(busy, hunt)
    assert (now[2], now[3], now[FEWEST + 1]) == ((1, True), (2, False), (None, False))
    quiet(busy)
    busy.wait(seconds=QUIET.total_seconds())
    assert quiet(busy) == [hunt]

    late.meanwhile.append(lambda: busy.core.themes.suggest(ines, hunt, wanted=False, now=busy.now))
    assert busy.core.clock.regrouping.regroup(TENANT, hunt, busy.now) == 0


@dataclass(frozen=True, slots=True)
class Mover(LexicalThemer):
    """Wants every idea in the last theme."""

    def regroup(self, ideas: Sequence[IdeaText], standing: Standing) -> tuple[Pile, ...]:
        numbers = tuple(idea.number for idea in ideas)
        return (Pile(standing.themes[-1].name, numbers, numbers[0], theme=standing.themes[-1].id),)


def test_what_a_facilitator_left_in_its_place_while_sorting_stays_there(sorted_town: Town) -> None:
    hunt, ines = grown(sorted_town), sorted_town.asker("ines")
    sorted_town.core.clock.regrouping.regroup(TENANT, hunt, sorted_town.now)
    mover = replace(sorted_town, core=build_core(sorted_town.storage, Mover()))
    mover.core.hunts.reveal(ines, hunt, now=mover.now)
    mover.core.grouping.move(ines, hunt, IdeaNumber(3), ThemeId(2), now=mover.now)
    mover.post(hunt, "karima", "Une idée qui arrive après tout le monde")
    assert mover.core.clock.regrouping.regroup(TENANT, hunt, mover.now) == 1
    assert (places(mover, hunt)[2], places(mover, hunt)[FEWEST + 1]) == ((1, True), (2, True))
