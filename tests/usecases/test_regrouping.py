"""The second look at suggested themes: it moves suggestions, never decisions, and only when a hunt is quiet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from sqlalchemy import text

from bot.domain.hunt import Phase
from bot.domain.ideas import IdeaState, IdeaText, Likeness, Pile, Standing
from bot.domain.names import HuntId, IdeaNumber, ThemeId
from bot.ports import Unanswered
from bot.screens import Deed, IdeaLine, Why
from bot.theming import LexicalThemer
from bot.usecases import build_core
from bot.usecases.clock import Quiet
from bot.usecases.regrouping import AGAIN, FEWEST, QUIET
from bot.usecases.requests import EditRequest
from bot.words import Key
from tests.usecases.town import TENANT, Town, ticked

WORDS = tuple(f"Une idée de plus sur le sujet {place}" for place in range(1, FEWEST + 1))


@dataclass(frozen=True, slots=True)
class Sorter(LexicalThemer):
    """Puts every idea where SORTS says (the first theme), and remembers what it was told; splits in two halves.

    What is in MEANWHILE happens while it thinks.
    """

    def regroup(self, ideas: Sequence[IdeaText], standing: Standing) -> tuple[Pile, ...]:
        TOLD.append(standing)
        while MEANWHILE:
            MEANWHILE.pop()()
        numbers = tuple(idea.number for idea in ideas)
        theme = SORTS["theme"]
        return (Pile(SORTS.get("label", ""), numbers, numbers[0], unsure=SORTS["unsure"], theme=theme),)

    def group(self, ideas: Sequence[IdeaText], language: str = "") -> tuple[Pile, ...]:
        numbers = tuple(idea.number for idea in ideas)
        half = len(numbers) // 2
        return (Pile("Une moitié", numbers[:half], numbers[0]), Pile("Le reste", numbers[half:-1], numbers[half]))


TOLD: list[Standing] = []
SORTS: dict[str, Any] = {}
MEANWHILE: list[Callable[[], object]] = []


@pytest.fixture
def sorted_town(town: Town) -> Town:
    TOLD.clear()
    MEANWHILE.clear()
    SORTS.update(unsure=(), theme=1, label="")
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
    move, apart = sorted_town.core.grouping.move, sorted_town.core.grouping.other_theme
    move(ines, hunt, IdeaNumber(3), ThemeId(2), now=sorted_town.now)
    move(ines, hunt, IdeaNumber(4), ThemeId(2), now=sorted_town.now)
    move(ines, hunt, IdeaNumber(4), None, now=sorted_town.now)  # out of all themes is a decision too
    apart(ines, hunt, IdeaNumber(6), IdeaNumber(5), now=sorted_town.now)
    sorted_town.core.grouping.keep_apart(ines, hunt, IdeaNumber(7), IdeaNumber(8), now=sorted_town.now)
    sorted_town.core.clock.regrouping.regroup(TENANT, hunt, sorted_town.now)
    assert {3, 4} <= TOLD[-1].pinned
    assert TOLD[-1].apart == ((5, 6),)
    assert {theme.named for theme in TOLD[-1].themes} == {True}
    now = places(sorted_town, hunt)
    assert (now[3], now[4], now[5], now[7], now[8]) == ((2, False), (None, False), (1, True), (1, True), (1, True))


def test_what_was_there_when_a_person_last_sorted_is_told_to_be_seen(sorted_town: Town) -> None:
    hunt, ines = sorted_town.launch(themes=("Chemins", "Animaux"), private=False), sorted_town.asker("ines")
    for place, words in enumerate(WORDS):
        sorted_town.post(hunt, f"person{place // 4}", words)
    regroup = sorted_town.core.clock.regrouping.regroup
    regroup(TENANT, hunt, sorted_town.now)
    assert TOLD[-1].looked_over == frozenset()
    sorted_town.wait(seconds=1)
    sorted_town.core.grouping.move(ines, hunt, IdeaNumber(3), ThemeId(2), now=sorted_town.now)
    sorted_town.wait(seconds=1)
    sorted_town.post(hunt, "didier", "Une idée qui arrive après le tri")
    SORTS["theme"] = 2
    regroup(TENANT, hunt, sorted_town.now)
    assert TOLD[-1].looked_over == frozenset(range(1, FEWEST + 1))
    regroup(TENANT, hunt, sorted_town.now)
    assert TOLD[-1].looked_over == {3}  # what the bot moved since, nobody looked over where it is now


def test_the_name_of_a_theme_that_was_opened_for_an_idea_calls_no_others(sorted_town: Town) -> None:
    hunt, ines = grown(sorted_town), sorted_town.asker("ines")
    sorted_town.core.hunts.reveal(ines, hunt, now=sorted_town.now)
    move, regroup = sorted_town.core.grouping.move, sorted_town.core.clock.regrouping.regroup
    sorted_town.core.themes.add_theme(ines, hunt, "Ateliers", now=sorted_town.now)
    SORTS["theme"] = 3
    regroup(TENANT, hunt, sorted_town.now)  # the bot's own suggestions there say nothing
    move(ines, hunt, IdeaNumber(3), ThemeId(2), now=sorted_town.now)
    regroup(TENANT, hunt, sorted_town.now)
    assert [theme.named for theme in TOLD[-1].themes] == [True, True, True]
    move(ines, hunt, IdeaNumber(4), ThemeId(3), now=sorted_town.now)
    regroup(TENANT, hunt, sorted_town.now)
    assert [theme.named for theme in TOLD[-1].themes] == [True, True, False]


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


def test_a_private_hunt_is_looked_at_again_after_its_reveal_although_nothing_else_changed(sorted_town: Town) -> None:
    hunt = sorted_town.launch(private=True)
    for place, words in enumerate(WORDS):
        sorted_town.post(hunt, f"person{place // 4}", words)
    assert quiet(sorted_town) == []
    sorted_town.core.clock.regrouping.regroup(TENANT, hunt, sorted_town.now)
    sorted_town.core.hunts.reveal(sorted_town.asker("ines"), hunt, now=sorted_town.now)
    assert quiet(sorted_town) == []
    sorted_town.wait(seconds=QUIET.total_seconds())
    assert quiet(sorted_town) == [hunt]
    sorted_town.core.clock.tick(sorted_town.now)
    assert quiet(sorted_town) == []


@dataclass(frozen=True, slots=True)
class Comparer(Sorter):
    """Compares by meaning only where nobody waits, and says how often; fails as FAILS says."""

    def alike(self, ideas: Sequence[IdeaText], *, patient: bool = False) -> tuple[Likeness, ...]:
        if not patient:
            raise Unanswered
        if FAILS:
            raise FAILS.pop()
        COMPARED.append(len(ideas))
        return (Likeness(1, 3, 0.9, ()),)


COMPARED: list[int] = []
FAILS: list[Exception] = []


@pytest.fixture
def compared_town(sorted_town: Town) -> Town:
    COMPARED.clear()
    FAILS.clear()
    return replace(sorted_town, core=build_core(sorted_town.storage, Comparer()))


def five_ticks(town: Town) -> None:
    for _ in range(5):
        town.wait(seconds=30)
        town.core.clock.tick(town.now)


def test_a_hunt_that_is_revealed_while_its_look_waits_is_compared_all_the_same(compared_town: Town) -> None:
    town, hunt = compared_town, grown(compared_town)
    quiet(town)
    town.wait(seconds=QUIET.total_seconds())
    [due] = [due for due in town.core.clock.due(town.now) if isinstance(due, Quiet)]
    town.core.hunts.reveal(town.asker("ines"), hunt, now=town.now)
    town.core.clock.carry_out(due, town.now)
    five_ticks(town)
    assert COMPARED


@pytest.mark.parametrize("fault", [OSError("the disk is full"), Unanswered()])
def test_what_could_not_be_compared_is_compared_later_once(compared_town: Town, fault: Exception) -> None:
    town, hunt = compared_town, compared_town.launch(private=False, themes=("Chemins", "Animaux"))
    for place, words in enumerate(WORDS):
        town.post(hunt, f"person{place // 4}", words)
    quiet(town)
    town.wait(seconds=QUIET.total_seconds())
    FAILS.append(fault)
    [due] = [due for due in town.core.clock.due(town.now) if isinstance(due, Quiet)]
    with suppress(OSError):
        town.core.clock.carry_out(due, town.now)
    assert not COMPARED
    five_ticks(town)
    assert COMPARED == [FEWEST]


def test_pairs_that_the_engine_denied_are_not_told_by_words_to_who_cannot_wait(compared_town: Town) -> None:
    town, hunt = compared_town, compared_town.launch(private=False)
    for words in ("Tracer un sentier fléché au parking", "Un sentier fléché depuis le parking", "Un four à pain"):
        town.post(hunt, "paul", words)
    compare = town.core.grouping.compare
    assert compare(TENANT, hunt, patient=True)
    with town.storage.begin() as unit:
        unit.ideas.keep_pairs(TENANT, hunt, ())
    assert not compare(TENANT, hunt)
    with town.storage.look() as unit:
        assert unit.ideas.count_pairs(TENANT, hunt) == 0


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


def test_what_is_seen_stays_from_the_first_move_on_also_while_the_engine_thinks(sorted_town: Town) -> None:
    hunt, ines = grown(sorted_town), sorted_town.asker("ines")
    sorted_town.core.clock.regrouping.regroup(TENANT, hunt, sorted_town.now)
    sorted_town.core.hunts.reveal(ines, hunt, now=sorted_town.now)
    SORTS.update(theme=2)
    MEANWHILE.append(lambda: sorted_town.core.grouping.move(ines, hunt, IdeaNumber(3), ThemeId(2), now=sorted_town.now))
    assert sorted_town.core.clock.regrouping.regroup(TENANT, hunt, sorted_town.now) == 0
    assert places(sorted_town, hunt)[2] == (1, True)


def test_what_people_decide_while_the_engine_thinks_wins(sorted_town: Town) -> None:
    hunt, ines = grown(sorted_town), sorted_town.asker("ines")
    sorted_town.core.hunts.reveal(ines, hunt, now=sorted_town.now)
    grouping, now = sorted_town.core.grouping, sorted_town.now
    MEANWHILE.extend(
        [
            lambda: grouping.move(ines, hunt, IdeaNumber(3), None, now=now),
            lambda: grouping.move(ines, hunt, IdeaNumber(3), ThemeId(2), now=now),
            lambda: grouping.other_theme(ines, hunt, IdeaNumber(4), IdeaNumber(5), now=now),
        ]
    )
    sorted_town.core.clock.regrouping.regroup(TENANT, hunt, now)
    there = places(sorted_town, hunt)
    assert there[3] == (None, False)
    assert (there[4], there[5]) == ((1, True), (None, False))


def test_no_suggestion_lands_in_a_theme_that_went_away_while_the_engine_was_thinking(sorted_town: Town) -> None:
    hunt, ines = grown(sorted_town), sorted_town.asker("ines")
    merge = sorted_town.core.themes.merge_themes
    MEANWHILE.append(lambda: merge(ines, hunt, ThemeId(1), ThemeId(2), now=sorted_town.now))
    assert sorted_town.core.clock.regrouping.regroup(TENANT, hunt, sorted_town.now) == 0
    assert set(places(sorted_town, hunt).values()) == {(None, False)}


def test_whoever_wants_no_more_suggestions_gets_none_of_those_under_way(sorted_town: Town) -> None:
    hunt, ines = grown(sorted_town), sorted_town.asker("ines")
    MEANWHILE.append(lambda: sorted_town.core.themes.suggest(ines, hunt, wanted=False, now=sorted_town.now))
    assert sorted_town.core.clock.regrouping.regroup(TENANT, hunt, sorted_town.now) == 0
    assert set(places(sorted_town, hunt).values()) == {(None, False)}


def test_the_parts_of_a_theme_that_was_split_stay_apart(sorted_town: Town) -> None:
    hunt, ines = grown(sorted_town), sorted_town.asker("ines")
    regroup, now = sorted_town.core.clock.regrouping.regroup, sorted_town.now
    sorted_town.core.hunts.reveal(ines, hunt, now=now)
    sorted_town.core.themes.merge_themes(ines, hunt, ThemeId(1), ThemeId(2), now=now)
    SORTS.update(theme=2)
    assert regroup(TENANT, hunt, now) == FEWEST  # all under the second theme now
    SORTS.update(theme=1)
    sorted_town.core.themes.add_theme(ines, hunt, "Chemins", now=now)  # the first stands before it again
    form = sorted_town.core.themes.split_theme(ines, hunt, ThemeId(2), now=now)
    assert [(one.note.key, one.note.facts["n"], one.theme) for one in form.told] == [("themes.told.split", 2, 2)]
    parts = places(sorted_town, hunt)
    assert {theme for theme, _ in parts.values()} == {2, 3}
    assert regroup(TENANT, hunt, now) == 0
    assert places(sorted_town, hunt) == parts
    assert TOLD[-1].pinned == set(parts)


@pytest.mark.parametrize("deed", ["move", "rename", "other_theme", "edit", "undo", "withdraw", "merge_themes"])
def test_whatever_a_grouping_reads_makes_a_hunt_due_again(sorted_town: Town, deed: str) -> None:
    hunt, ines = grown(sorted_town), sorted_town.asker("ines")
    sorted_town.core.hunts.reveal(ines, hunt, now=sorted_town.now)
    grouping, themes, now = sorted_town.core.grouping, sorted_town.core.themes, sorted_town.now
    grouping.move(ines, hunt, IdeaNumber(1), ThemeId(2), now=now)
    sorted_town.post(hunt, "didier", "Une idée de plus, pour qu’il en reste assez")
    looked_at(sorted_town, hunt)
    edited = EditRequest(hunt, IdeaNumber(1), "Tout à fait d’autres mots")
    deeds: dict[str, Callable[[], object]] = {
        "move": lambda: grouping.move(ines, hunt, IdeaNumber(1), ThemeId(1), now=now),
        "rename": lambda: themes.rename(ines, hunt, ThemeId(1), "Sentiers", now=now),
        "other_theme": lambda: grouping.other_theme(ines, hunt, IdeaNumber(1), IdeaNumber(2), now=now),
        "edit": lambda: sorted_town.core.ideas.edit(sorted_town.asker("person0"), edited, now=now),
        "undo": lambda: grouping.undo(ines, hunt, now=now),
        "withdraw": lambda: sorted_town.core.ideas.withdraw(
            sorted_town.asker("person0"), hunt, IdeaNumber(1), "", now=now
        ),
        "merge_themes": lambda: themes.merge_themes(ines, hunt, ThemeId(1), ThemeId(2), now=now),
    }
    deeds[deed]()
    assert quiet(sorted_town) == []
    sorted_town.wait(seconds=QUIET.total_seconds())
    assert quiet(sorted_town) == [hunt]


def looked_at(town: Town, hunt: HuntId) -> None:
    """Until the clock has nothing more to look at."""
    for _ in range(3):
        town.core.clock.tick(town.now)
        town.wait(seconds=QUIET.total_seconds())
    assert quiet(town) == []


def test_the_moves_of_the_bot_are_no_reason_to_look_again(sorted_town: Town) -> None:
    hunt = grown(sorted_town)
    quiet(sorted_town)
    sorted_town.wait(seconds=QUIET.total_seconds())
    sorted_town.core.clock.tick(sorted_town.now)
    assert set(places(sorted_town, hunt).values()) == {(1, True)}
    sorted_town.wait(seconds=60)
    assert (quiet(sorted_town), len(TOLD)) == ([], 1)


def sorting(town: Town, hunt: HuntId) -> dict[int, IdeaLine]:
    form = town.core.grouping.sort(town.asker("ines"), hunt, now=town.now)
    return {int(line.number): line for line in form.lines}


def test_a_card_that_was_moved_says_why_from_where_and_how_sure(sorted_town: Town) -> None:
    hunt, ines = grown(sorted_town), sorted_town.asker("ines")
    regroup, now = sorted_town.core.clock.regrouping.regroup, sorted_town.now
    SORTS.update(unsure=(2,), theme=2)
    regroup(TENANT, hunt, now)
    SORTS.update(unsure=(3,), theme=1)
    regroup(TENANT, hunt, now)
    sorted_town.core.hunts.reveal(ines, hunt, now=sorted_town.now)
    lines = sorting(sorted_town, hunt)
    assert lines[3].why == Why(unsure=True, shared=("sujet",), was="Animaux")
    assert lines[4].why == Why(shared=("sujet",), was="Animaux")
    SORTS.update(unsure=())
    regroup(TENANT, hunt, now)
    assert sorting(sorted_town, hunt)[3].why == Why(shared=("sujet",), was="Animaux")
    sorted_town.core.grouping.move(ines, hunt, IdeaNumber(3), ThemeId(1), now=now)
    assert sorting(sorted_town, hunt)[3].why is None  # a person's


def test_a_card_taken_out_of_a_theme_says_so(sorted_town: Town) -> None:
    hunt = grown(sorted_town)
    sorted_town.core.hunts.reveal(sorted_town.asker("ines"), hunt, now=sorted_town.now)
    regroup = sorted_town.core.clock.regrouping.regroup
    regroup(TENANT, hunt, sorted_town.now)
    SORTS.update(theme=None)
    regroup(TENANT, hunt, sorted_town.now)
    why = sorting(sorted_town, hunt)[2].why
    assert why is not None
    assert (why.out, why.was) == (True, "Chemins")


def test_a_suggestion_at_arrival_is_likely_and_needs_no_further_reason(town: Town) -> None:
    hunt = town.launch(themes=("Chemins à vélo", "Animaux"))
    town.post(hunt, "karima", "Des chemins plus larges, à vélo et à pied")
    town.core.hunts.reveal(town.asker("ines"), hunt, now=town.now)
    (line,) = town.core.grouping.sort(town.asker("ines"), hunt, now=town.now).lines
    assert (line.suggested, line.why) == (True, Why())


def test_the_moves_of_the_bot_are_one_step_that_is_taken_back_until_suggestions_are_wanted_again(
    sorted_town: Town,
) -> None:
    hunt, ines = grown(sorted_town), sorted_town.asker("ines")
    sorted_town.core.hunts.reveal(ines, hunt, now=sorted_town.now)
    regroup, undo, now = sorted_town.core.clock.regrouping.regroup, sorted_town.core.grouping.undo, sorted_town.now
    sorted_town.core.grouping.move(ines, hunt, IdeaNumber(1), ThemeId(2), now=now)
    before = places(sorted_town, hunt)
    assert regroup(TENANT, hunt, now) == FEWEST - 1
    assert sorted_town.core.grouping.sort(ines, hunt, now=now).undoes == "regroup"
    undone = undo(ines, hunt, now=now)
    assert (undone.key, undone.buttons[-1].deed) == ("undo.done.regroup", Deed.SUGGEST_AGAIN)
    assert places(sorted_town, hunt) == before
    assert regroup(TENANT, hunt, now) == 0  # what it did there is not wanted
    assert sorted_town.core.grouping.sort(ines, hunt, now=now).undoes == "move"
    undo(ines, hunt, now=now)
    assert regroup(TENANT, hunt, now) == 1  # the first idea alone is free
    sorted_town.core.themes.suggest(ines, hunt, True, now=now)
    assert regroup(TENANT, hunt, now) == FEWEST - 1  # now the others are, too
    assert {deed for deed, _ in audit(sorted_town)} >= {"regroup", "move", "undo"}


def test_what_an_author_chose_since_is_not_taken_back_with_the_moves_of_the_bot(sorted_town: Town) -> None:
    hunt, ines = grown(sorted_town), sorted_town.asker("ines")
    sorted_town.core.clock.regrouping.regroup(TENANT, hunt, sorted_town.now)
    chosen = EditRequest(hunt, IdeaNumber(1), WORDS[0], ThemeId(2))
    sorted_town.core.ideas.edit(sorted_town.asker("person0"), chosen, now=sorted_town.now)
    sorted_town.core.grouping.undo(ines, hunt, now=sorted_town.now)
    there = places(sorted_town, hunt)
    assert (there[1], there[2]) == ((2, False), (None, False))


@pytest.mark.parametrize("deed", ["move", "park", "merge", "keep_apart", "other_theme", "rename", "add_theme", "split"])
def test_every_step_of_grouping_is_noted_with_who_took_it_and_can_be_taken_back(sorted_town: Town, deed: str) -> None:
    hunt, ines, now = grown(sorted_town), sorted_town.asker("ines"), sorted_town.now
    sorted_town.core.hunts.reveal(ines, hunt, now=now)
    grouping, themes = sorted_town.core.grouping, sorted_town.core.themes
    for number in (5, 6, 7, 8):
        grouping.move(ines, hunt, IdeaNumber(number), ThemeId(2), now=now)
    one, other = IdeaNumber(1), IdeaNumber(2)
    deeds: dict[str, Callable[[], object]] = {
        "move": lambda: grouping.move(ines, hunt, one, ThemeId(1), now=now),
        "park": lambda: grouping.park(ines, hunt, one, True, now=now),
        "merge": lambda: grouping.merge(ines, hunt, one, other, now=now),
        "keep_apart": lambda: grouping.keep_apart(ines, hunt, one, other, now=now),
        "other_theme": lambda: grouping.other_theme(ines, hunt, one, other, now=now),
        "rename": lambda: themes.rename(ines, hunt, ThemeId(1), "Sentiers", now=now),
        "add_theme": lambda: themes.add_theme(ines, hunt, "Repos", now=now),
        "split": lambda: themes.split_theme(ines, hunt, ThemeId(2), now=now),
    }
    before = (places(sorted_town, hunt), [theme.name for theme in themes.themes(ines, hunt, now=now).themes])
    deeds[deed]()
    assert (deed, "ines") in audit(sorted_town)
    assert grouping.undo(ines, hunt, now=now).facts["deed"] == Key(f"deed.{deed}")
    after = (places(sorted_town, hunt), [theme.name for theme in themes.themes(ines, hunt, now=now).themes])
    assert after == before


def audit(town: Town) -> set[tuple[str, str | None]]:
    with town.storage.look() as unit:
        rows = unit.people.connection.execute(text("select deed, actor from audit"))  # type: ignore[attr-defined]
        return {(row.deed, row.actor) for row in rows}


@pytest.mark.parametrize("revealed", [False, True])
def test_piles_taken_while_ideas_come_are_suggestions_and_decided_once_ideas_are_revealed(
    sorted_town: Town, revealed: bool
) -> None:
    hunt, ines, now = sorted_town.launch(private=False), sorted_town.asker("ines"), sorted_town.now
    for place, words in enumerate(WORDS):
        sorted_town.post(hunt, f"person{place // 4}", words)
    if revealed:
        sorted_town.core.hunts.reveal(ines, hunt, now=now)
    piles = ticked(sorted_town.core.themes.propose(ines, hunt, now=now))
    sorted_town.core.themes.take_piles(ines, hunt, piles, now=now)
    under = {number: suggested for number, (theme, suggested) in places(sorted_town, hunt).items() if theme is not None}
    assert len(under) > 1
    assert set(under.values()) == {not revealed}


def test_a_renamed_pile_is_told_by_its_ideas_not_by_its_new_name(sorted_town: Town) -> None:
    hunt, ines, now = sorted_town.launch(private=False, themes=("Repos",)), sorted_town.asker("ines"), sorted_town.now
    for place, words in enumerate(WORDS):
        sorted_town.post(hunt, f"person{place // 4}", words)
    piles = ticked(sorted_town.core.themes.propose(ines, hunt, now=now))
    taken = sorted_town.core.themes.take_piles(ines, hunt, piles, now=now).themes[-1].id
    assert taken is not None
    sorted_town.core.themes.rename(ines, hunt, taken, "Autre chose", now=now)
    sorted_town.core.clock.regrouping.regroup(TENANT, hunt, now)
    named = {theme.name: theme.named for theme in TOLD[-1].themes}
    assert (named["Repos"], named["Autre chose"]) == (True, False)


@pytest.mark.parametrize("label", ["", "Une pile"])
def test_ideas_leave_a_pile_that_was_taken_only_for_a_theme_or_a_pile_that_may_become_one(
    sorted_town: Town, label: str
) -> None:
    hunt, ines, now = sorted_town.launch(private=False), sorted_town.asker("ines"), sorted_town.now
    for place, words in enumerate(WORDS):
        sorted_town.post(hunt, f"person{place // 4}", words)
    piles = ticked(sorted_town.core.themes.propose(ines, hunt, now=now))
    sorted_town.core.themes.take_piles(ines, hunt, piles, now=now)
    before = places(sorted_town, hunt)
    SORTS.update(theme=None, label=label)  # without a name it is what the engine could not group
    moved = sorted_town.core.clock.regrouping.regroup(TENANT, hunt, now)
    assert moved == (sum(theme is not None for theme, _ in before.values()) if label else 0)
    assert moved > 1 or not label
    assert (places(sorted_town, hunt) == before) is not bool(label)
