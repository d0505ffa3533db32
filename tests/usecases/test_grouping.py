"""Grouping: people decide, every step can be taken back, nothing moves once the vote is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from bot.domain.errors import NotAllowed, NothingToUndo, ThemeNameTaken, TooManyThemes, UnknownTheme, WrongPhase
from bot.domain.ideas import IdeaState, IdeaText, Likeness, Pile, Way
from bot.domain.names import HuntId, IdeaNumber, ThemeId
from bot.domain.people import Asker
from bot.ports import Unanswered
from bot.screens import Board, Browse, Note, Table, Why
from bot.theming import LexicalThemer
from bot.usecases import build_core
from bot.usecases.grouping import STANDING
from bot.usecases.ideas import draft
from bot.usecases.regrouping import NOBODY
from bot.usecases.requests import EditRequest, TickedPile
from bot.usecases.steps import FEW, REGROUP, remember, take_back
from tests.usecases.town import PEOPLE, TENANT, Town, ticked

INES = "ines"
MANY = FEW + 40
WORDS = (
    "Tracer un sentier fléché de 20, 40 ou 60 minutes au départ du parking.",
    "Un sentier avec des flèches de couleur : 20, 40 et 60 minutes de marche.",
    "Clôturer un espace où les chiens peuvent courir sans laisse.",
    "Inventer un jeu de piste familial sur l’histoire des forts.",
)


def revealed(town: Town, themes: tuple[str, ...] = ("Chemins", "Animaux")) -> HuntId:
    hunt = town.launch(themes=themes)
    for name, words in zip(("youssef", "monique", "karima", "didier"), WORDS, strict=True):
        town.post(hunt, name, words)
    town.core.hunts.reveal(town.asker(INES), hunt, now=town.now)
    return hunt


def where(town: Town, hunt: HuntId) -> dict[int, tuple[int | None, IdeaState, int]]:
    with town.storage.look() as unit:
        ideas = unit.ideas.page(TENANT, hunt, states=frozenset(IdeaState), limit=99)
    return {int(i.number): (i.theme, i.state, i.voices) for i in ideas}


def test_near_duplicates_are_pointed_out_with_the_words_they_share_and_nothing_is_merged(town: Town) -> None:
    hunt = revealed(town)
    form = town.core.grouping.duplicates(town.asker(INES), hunt, now=town.now)
    assert [(pair.one.number, pair.other.number) for pair in form.pairs] == [(1, 2)]
    assert "sentier" in {word.lower() for word in form.pairs[0].shared}
    assert {state for _, state, _ in where(town, hunt).values()} == {IdeaState.STANDING}


def test_duplicates_are_hidden_until_the_reveal(town: Town) -> None:
    hunt = town.launch()
    with pytest.raises(WrongPhase):
        town.core.grouping.duplicates(town.asker(INES), hunt, now=town.now)


def test_a_reveal_by_the_clock_finds_the_pairs_that_look_alike(town: Town) -> None:
    hunt = town.launch(collect_until=town.now + timedelta(hours=1))
    for name, words in zip(("youssef", "monique", "karima", "didier"), WORDS, strict=True):
        town.post(hunt, name, words)
    town.wait(hours=1)
    town.core.clock.tick(town.now)
    with town.storage.look() as unit:
        assert unit.ideas.count_pairs(TENANT, hunt) == 1


@dataclass(frozen=True, slots=True)
class Busy(LexicalThemer):
    """Answers only whom it may keep waiting; by meaning, words 1 and 3 are alike."""

    def alike(self, ideas: Sequence[IdeaText], *, patient: bool = False) -> tuple[Likeness, ...]:
        if not patient:
            raise Unanswered
        return (Likeness(1, 3, 0.8, ()),)


def test_who_cannot_wait_sees_pairs_by_words_until_some_were_found_by_meaning_and_those_stay(town: Town) -> None:
    hunt, busy = revealed(town), replace(town, core=build_core(town.storage, Busy()))

    def shown() -> list[tuple[int, int]]:
        form = busy.core.grouping.duplicates(town.asker(INES), hunt, now=town.now)
        return [(int(pair.one.number), int(pair.other.number)) for pair in form.pairs]

    assert shown() == [(1, 2)]
    busy.core.grouping.compare(TENANT, hunt, patient=True)
    assert shown() == [(1, 3)]


def test_merging_credits_both_authors_tells_them_and_can_be_undone(town: Town) -> None:
    hunt = revealed(town)
    before = where(town, hunt)
    town.core.grouping.duplicates(town.asker(INES), hunt, now=town.now)
    form = town.core.grouping.merge(
        town.asker(INES), hunt, IdeaNumber(1), IdeaNumber(2), now=town.now, title="Sentier fléché"
    )
    assert form.pairs == ()
    after = where(town, hunt)
    assert after[1][2] == 2
    assert after[2][1] is IdeaState.MERGED
    told = {out.person for out in town.deliver() if isinstance(out.screen, Note) and out.screen.key == "merge.told"}
    assert told == {"youssef", "monique"}
    town.core.grouping.undo(town.asker(INES), hunt, now=town.now)
    assert where(town, hunt) == before


def test_merging_the_same_pair_twice_counts_the_voices_once(town: Town) -> None:
    hunt = revealed(town)
    for _ in range(2):
        town.core.grouping.merge(town.asker(INES), hunt, IdeaNumber(1), IdeaNumber(2), now=town.now)
    assert where(town, hunt)[1][2] == 2


def test_a_pair_kept_apart_is_not_pointed_out_again(town: Town) -> None:
    hunt = revealed(town)
    town.core.grouping.duplicates(town.asker(INES), hunt, now=town.now)
    town.core.grouping.keep_apart(town.asker(INES), hunt, IdeaNumber(1), IdeaNumber(2), now=town.now)
    assert town.core.grouping.duplicates(town.asker(INES), hunt, now=town.now).pairs == ()


def test_two_ideas_of_two_themes_leave_the_theme_they_shared_and_are_not_pointed_out_again(town: Town) -> None:
    hunt, ines = revealed(town), town.asker(INES)
    for number in (1, 2):
        town.core.grouping.move(ines, hunt, IdeaNumber(number), ThemeId(1), now=town.now)
    start = where(town, hunt)
    town.core.grouping.duplicates(ines, hunt, now=town.now)
    for _ in range(2):  # pressed twice
        form = town.core.grouping.other_theme(ines, hunt, IdeaNumber(1), IdeaNumber(2), now=town.now)
    assert form.pairs == ()
    assert (where(town, hunt)[1][0], where(town, hunt)[2][0]) == (1, None)
    town.core.grouping.undo(ines, hunt, now=town.now)
    assert where(town, hunt) == start
    assert len(town.core.grouping.duplicates(ines, hunt, now=town.now).pairs) == 1


def test_the_suggestion_leaves_rather_than_the_decision(town: Town) -> None:
    hunt, ines = revealed(town), town.asker(INES)
    suggested(town, hunt, {1: 1})
    town.core.grouping.move(ines, hunt, IdeaNumber(2), ThemeId(1), now=town.now)
    town.core.grouping.other_theme(ines, hunt, IdeaNumber(1), IdeaNumber(2), now=town.now)
    assert (where(town, hunt)[1][0], where(town, hunt)[2][0]) == (None, 1)


def test_an_idea_that_was_set_aside_is_no_suggestion_any_more_until_it_is_taken_back(town: Town) -> None:
    hunt, ines = revealed(town), town.asker(INES)
    suggested(town, hunt, {1: 1})
    parked, back = (
        town.core.grouping.park(ines, hunt, IdeaNumber(1), aside, now=town.now).lines[0] for aside in (True, False)
    )
    assert (parked.number, parked.state, parked.why) == (1, IdeaState.PARKED, None)
    assert back.why == Why()


@pytest.mark.parametrize("said", ["merge", "keep_apart", "other_theme"])
def test_a_pair_is_pointed_out_again_once_its_decision_is_taken_back(town: Town, said: str) -> None:
    hunt, ines = revealed(town), town.asker(INES)
    assert len(town.core.grouping.duplicates(ines, hunt, now=town.now).pairs) == 1
    deed = getattr(town.core.grouping, said)
    assert deed(ines, hunt, IdeaNumber(1), IdeaNumber(2), now=town.now).pairs == ()
    assert town.core.grouping.undo(ines, hunt, now=town.now).key == "undo.done"
    assert len(town.core.grouping.duplicates(ines, hunt, now=town.now).pairs) == 1


PAIR = {"one": 1, "other": 2}


@pytest.mark.parametrize(
    ("said", "shared", "key", "facts"),
    [
        ("merge", True, "merged", PAIR),
        ("keep_apart", True, "apart", PAIR),
        ("other_theme", False, "two_themes", PAIR),
        ("other_theme", True, "left", {"number": 2, "theme": "Chemins"}),
    ],
)
def test_a_decision_on_a_pair_says_what_it_did_and_a_second_press_that_nothing_changed(
    town: Town, said: str, key: str, facts: dict[str, object], *, shared: bool
) -> None:
    hunt, ines = revealed(town), town.asker(INES)
    for number in (1, 2) if shared else (1,):
        town.core.grouping.move(ines, hunt, IdeaNumber(number), ThemeId(1), now=town.now)
    deed = getattr(town.core.grouping, said)
    told = [deed(ines, hunt, IdeaNumber(1), IdeaNumber(2), now=town.now).told for _ in range(2)]
    assert [(one.note.key, one.note.facts, one.note.good) for one in told[0]] == [
        (f"duplicates.told.{key}", facts, True)
    ]
    assert [(one.note.key, one.note.good) for one in told[1]] == [("duplicates.told.decided", False)]
    assert town.core.grouping.duplicates(ines, hunt, now=town.now).told == ()


def test_proposed_piles_never_hold_two_ideas_of_two_themes(town: Town) -> None:
    hunt, ines = revealed(town, themes=()), town.asker(INES)
    piles = town.core.themes.propose(ines, hunt, now=town.now).piles
    assert any({1, 2} <= set(pile.numbers) for pile in piles)
    town.core.grouping.other_theme(ines, hunt, IdeaNumber(1), IdeaNumber(2), now=town.now)
    proposed = town.core.themes.propose(ines, hunt, now=town.now)
    assert not any({1, 2} <= set(pile.numbers) for pile in proposed.piles)
    town.core.themes.take_piles(ines, hunt, ticked(proposed), now=town.now)
    places = where(town, hunt)
    assert places[1][0] is None or places[1][0] != places[2][0]


def test_what_came_into_a_theme_that_an_undo_takes_away_is_under_none(town: Town) -> None:
    hunt, ines = revealed(town, themes=()), town.asker(INES)
    town.core.themes.take_piles(ines, hunt, ticked(town.core.themes.propose(ines, hunt, now=town.now)), now=town.now)
    chosen = town.post(hunt, "didier", "Une idée qui arrive et que son auteur range", theme=ThemeId(1))
    other = town.post(hunt, "didier", "Une idée qui arrive et que le robot range")
    suggested(town, hunt, {int(other): 1})
    town.core.grouping.undo(ines, hunt, now=town.now)
    assert (where(town, hunt)[chosen][0], where(town, hunt)[other][0]) == (None, None)
    form = town.core.grouping.sort(ines, hunt, now=town.now)
    assert form.unsorted_total == len(form.lines) == 6
    assert not any(line.suggested for line in form.lines)


@pytest.mark.parametrize("by", ["bot", "person"])
def test_a_step_of_many_ideas_is_taken_back_in_a_few_statements(town: Town, by: str) -> None:
    hunt, ines, said = town.launch(themes=("Chemins",)), town.asker(INES), list[str]()
    with town.storage.begin() as unit:
        kept = unit.hunts.get(TENANT, hunt)
        for place in range(MANY):
            unit.ideas.add(draft(kept, f"Un banc au numéro {place}", None, Way.FORM, town.now))
        before = unit.ideas.page(TENANT, hunt, states=STANDING, limit=MANY)
        actor = Asker(TENANT, NOBODY) if by == "bot" else ines
        remember(unit, kept, actor, REGROUP if by == "bot" else "merge_themes", before, (), town.now)
        there: dict[IdeaNumber, ThemeId | None] = {idea.number: ThemeId(1) for idea in before}
        unit.ideas.keep_places(TENANT, hunt, there, suggested=by == "bot")
    with town.storage.begin() as unit:
        event.listen(unit.ideas.connection, "before_cursor_execute", lambda *told: said.append(told[2]))  # type: ignore[attr-defined]
        step = unit.ideas.last_step(TENANT, hunt)
        assert step is not None
        take_back(unit, unit.hunts.locked(TENANT, hunt), step, ines, town.now)
    assert len(said) < FEW
    assert set(where(town, hunt).values()) == {(None, IdeaState.STANDING, 1)}


def test_an_undone_step_leaves_the_title_of_words_that_were_written_since(town: Town) -> None:
    hunt, ines = revealed(town), town.asker(INES)
    number = town.post(hunt, "didier", f"Ouvrir la forêt aux écoles. {'Et encore plus. ' * 20}")
    town.core.grouping.move(ines, hunt, number, ThemeId(2), now=town.now)
    words = f"Fermer la forêt la nuit. {'Et encore plus. ' * 20}"
    town.core.ideas.edit(town.asker("didier"), EditRequest(hunt, number, words), now=town.now)
    town.core.grouping.undo(ines, hunt, now=town.now)
    with town.storage.look() as unit:
        assert unit.ideas.get(TENANT, hunt, number).title == "Fermer la forêt la nuit"


def suggested(town: Town, hunt: HuntId, places: dict[int, int]) -> None:
    """As the bot would."""
    with town.storage.begin() as unit:
        for number, theme in places.items():
            idea = unit.ideas.get(TENANT, hunt, IdeaNumber(number))
            unit.ideas.keep(replace(idea, theme=ThemeId(theme), suggested=True), town.now)


def test_moving_parking_renaming_and_splitting_undo_one_by_one(town: Town) -> None:
    hunt = revealed(town)
    ines, start = town.asker(INES), where(town, hunt)
    town.core.grouping.move(ines, hunt, IdeaNumber(3), ThemeId(2), now=town.now)
    town.core.grouping.park(ines, hunt, IdeaNumber(4), True, now=town.now)
    town.core.themes.rename(ines, hunt, ThemeId(2), "Bêtes", now=town.now)
    town.core.themes.merge_themes(ines, hunt, ThemeId(2), ThemeId(1), now=town.now)
    assert where(town, hunt)[3][0] == 1
    for _ in range(4):
        town.core.grouping.undo(ines, hunt, now=town.now)
    assert where(town, hunt) == start
    names = [block.name for block in town.core.themes.themes(ines, hunt, now=town.now).themes]
    assert names == ["Chemins", "Animaux"]
    with pytest.raises(NothingToUndo):
        town.core.grouping.undo(ines, hunt, now=town.now)


def test_theme_counters_follow_every_move(town: Town) -> None:
    hunt = revealed(town)
    ines = town.asker(INES)
    for number in (1, 2, 3, 4):
        town.core.grouping.move(ines, hunt, IdeaNumber(number), ThemeId(1 + number % 2), now=town.now)
    town.core.grouping.park(ines, hunt, IdeaNumber(1), True, now=town.now)
    form = town.core.themes.themes(ines, hunt, now=town.now)
    assert [block.total for block in form.themes] == [2, 1]
    boards = [out.screen for out in town.deliver() if isinstance(out.screen, Board)]
    assert boards[-1].parked == 1
    assert boards[-1].hunt.ideas == 3


def test_an_unknown_theme_and_too_many_themes_are_refused(town: Town) -> None:
    hunt = revealed(town)
    with pytest.raises(UnknownTheme):
        town.core.grouping.move(town.asker(INES), hunt, IdeaNumber(1), ThemeId(99), now=town.now)
    for n in range(10):
        town.core.themes.add_theme(town.asker(INES), hunt, f"Thème {n}", now=town.now)
    with pytest.raises(TooManyThemes):
        town.core.themes.add_theme(town.asker(INES), hunt, "Un de trop", now=town.now)


def names(town: Town, hunt: HuntId) -> list[str]:
    return [block.name for block in town.core.themes.themes(town.asker(INES), hunt, now=town.now).themes]


@pytest.mark.parametrize("typed", ["Animaux", "  animaux ", "ANIMAUX"])
def test_no_theme_gets_the_name_of_another_however_it_is_written(town: Town, typed: str) -> None:
    hunt, ines = revealed(town), town.asker(INES)
    with pytest.raises(ThemeNameTaken) as refused:
        town.core.themes.rename(ines, hunt, ThemeId(1), typed, now=town.now)
    assert refused.value.name == "Animaux"
    with pytest.raises(ThemeNameTaken):
        town.core.themes.add_theme(ines, hunt, typed, now=town.now)
    assert names(town, hunt) == ["Chemins", "Animaux"]
    assert not town.core.themes.themes(ines, hunt, now=town.now).can_undo


def test_a_theme_may_be_written_another_way_and_its_present_name_is_no_step(town: Town) -> None:
    hunt, ines = revealed(town), town.asker(INES)
    assert not town.core.themes.rename(ines, hunt, ThemeId(1), "Chemins", now=town.now).can_undo
    assert town.core.themes.rename(ines, hunt, ThemeId(1), "CHEMINS", now=town.now).can_undo
    assert names(town, hunt) == ["CHEMINS", "Animaux"]


def test_a_name_that_a_merge_set_free_is_one_theme_again_whoever_takes_it(town: Town) -> None:
    hunt, ines = revealed(town), town.asker(INES)
    town.core.themes.merge_themes(ines, hunt, ThemeId(1), ThemeId(2), now=town.now)
    town.core.themes.rename(ines, hunt, ThemeId(2), "Chemins", now=town.now)
    town.core.grouping.move(ines, hunt, IdeaNumber(1), None, now=town.now, new_theme="chemins")
    assert names(town, hunt) == ["Chemins"]
    assert where(town, hunt)[1][0] == 2


def test_participants_do_not_group_and_nobody_does_once_the_vote_is_open(town: Town) -> None:
    hunt = revealed(town)
    with pytest.raises(NotAllowed):
        town.core.grouping.merge(town.asker("didier"), hunt, IdeaNumber(1), IdeaNumber(2), now=town.now)
    town.open_vote(hunt, wave=True)
    with pytest.raises(WrongPhase):
        town.core.grouping.merge(town.asker(INES), hunt, IdeaNumber(1), IdeaNumber(2), now=town.now)
    with pytest.raises(WrongPhase):
        town.core.grouping.undo(town.asker(INES), hunt, now=town.now)


def test_proposed_piles_change_nothing_until_they_are_taken(town: Town) -> None:
    hunt = revealed(town, themes=())
    before = where(town, hunt)
    proposal = town.core.themes.propose(town.asker(INES), hunt, now=town.now)
    assert where(town, hunt) == before
    assert proposal.piles
    town.core.themes.take_piles(town.asker(INES), hunt, ticked(proposal), now=town.now)
    assert any(theme is not None for theme, _, _ in where(town, hunt).values())
    town.core.grouping.undo(town.asker(INES), hunt, now=town.now)
    assert where(town, hunt) == before


def test_merged_ideas_are_no_options_of_their_own(town: Town) -> None:
    hunt = revealed(town)
    town.core.grouping.merge(town.asker(INES), hunt, IdeaNumber(1), IdeaNumber(2), now=town.now)
    assert town.core.votes.form(town.asker(INES), hunt, now=town.now).options == 3
    tables = [out.screen for out in town.deliver() if isinstance(out.screen, Table)]
    assert (tables[-1].total, len(tables[-1].lines)) == (3, 3)


def test_ideas_are_shown_shuffled_alike_on_the_board_in_the_table_and_in_private(town: Town) -> None:
    hunt = town.launch()
    for n in range(18):
        town.post(hunt, PEOPLE[n % len(PEOPLE)], f"Idea {n} about the paths of the wood.")
    town.core.hunts.reveal(town.asker("ines"), hunt, now=town.now)
    listed = town.core.grouping.browse(town.asker("karima"), hunt, now=town.now)
    assert isinstance(listed, Browse)
    order = [line.number for line in listed.lines]
    assert order != sorted(order) == list(range(1, 19))
    shown = {type(out.screen): out.screen for out in town.deliver()}
    board, table = shown[Board], shown[Table]
    assert isinstance(board, Board)
    assert isinstance(table, Table)
    assert [line.number for block in board.themes for line in block.ideas] == order[:5]
    assert [line.number for line in table.lines] == order


@dataclass(frozen=True, slots=True)
class Piler(LexicalThemer):
    """Sees one pile, of which idea 3 is the most central and 1 and 4 lie near another."""

    def group(self, ideas: Sequence[IdeaText], **_: object) -> tuple[Pile, ...]:
        return (Pile("Forêt", (1, 2, 3, 4), 3, unsure=(1, 4)),)


def test_a_proposed_pile_shows_its_most_central_idea_then_sure_ones_and_counts_those_to_check(town: Town) -> None:
    hunt, piler = revealed(town, themes=()), replace(town, core=build_core(town.storage, Piler()))
    (pile,) = piler.core.themes.propose(town.asker(INES), hunt, now=town.now).piles
    assert [int(line.number) for line in pile.ideas] == [3, 2, 1]
    assert pile.ideas[0].text == WORDS[2]
    assert pile.unsure == 2
    town.core.grouping.other_theme(town.asker(INES), hunt, IdeaNumber(1), IdeaNumber(3), now=town.now)
    (pile,) = piler.core.themes.propose(town.asker(INES), hunt, now=town.now).piles
    assert ([int(line.number) for line in pile.ideas], pile.unsure) == ([2, 1, 4], 2)


def test_piles_are_taken_as_they_were_shown_whatever_arrived_since(town: Town) -> None:
    hunt, ines = revealed(town, themes=()), town.asker(INES)
    proposed = town.core.themes.propose(ines, hunt, now=town.now)
    assert proposed.piles
    for words in ("Un sentier fléché vers la gare", "Des sentiers fléchés pour les vélos", "Un sentier fléché de plus"):
        town.post(hunt, "didier", words)
    town.core.themes.take_piles(ines, hunt, ticked(proposed), now=town.now)
    names = {theme.id: theme.name for theme in town.core.themes.themes(ines, hunt, now=town.now).themes}
    under = {number: names[theme] for number, (theme, *_) in where(town, hunt).items() if theme is not None}
    assert under == {int(number): pile.label for pile in proposed.piles for number in pile.numbers}


def test_a_pile_too_large_for_its_form_is_found_again_by_the_ideas_it_names(town: Town) -> None:
    hunt, ines = revealed(town, themes=()), town.asker(INES)
    proposed = town.core.themes.propose(ines, hunt, now=town.now)
    pile = max(proposed.piles, key=lambda one: len(one.numbers))
    form = town.core.themes.take_piles(ines, hunt, (TickedPile("Un nom", pile.numbers[:1], whole=False),), now=town.now)
    (theme,) = form.themes
    assert (theme.name, theme.total) == ("Un nom", len(pile.numbers))


def test_nothing_ticked_is_no_step(town: Town) -> None:
    hunt, ines = revealed(town, themes=()), town.asker(INES)
    before = town.core.themes.themes(ines, hunt, now=town.now).undoes
    assert town.core.themes.take_piles(ines, hunt, (), now=town.now).undoes == before
