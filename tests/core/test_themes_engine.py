"""Grouping by meaning: what it finds, what people decided and it keeps, and strange input."""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.ideas import IdeaText, Pile, Standing, StandingTheme, ThemeSeed
from bot.theming import LexicalThemer
from bot.theming.choice import WORDS, Choice
from bot.theming.choice import engine as chosen
from bot.theming.communities import Ties, kept_communities
from bot.theming.engine import Themes
from bot.theming.lexicon import WordList, lexicon_with
from bot.theming.meanings import AT_ONCE, Meanings, Part, installed, shipped
from bot.theming.models import BadModel
from bot.theming.nearness import Sparse
from bot.theming.wordings import _fit
from standins.play import bois_des_forts

PARKS = [
    "Planter des arbres place du marché",
    "Plus d'espaces verts",
    "Un jardin partagé derrière la gare",
    "Végétaliser les toits",
]
BIKES = [
    "Une piste cyclable vers la gare",
    "Garage à vélos à l'école",
    "Prêter des bicyclettes",
    "Réparer son biclou ensemble",
]
SCHOOLS = [
    "Rénover la cantine scolaire",
    "Aide aux devoirs pour les collégiens",
    "Ouvrir la crèche plus tôt",
    "Des livres pour les élèves",
]
TOWN = [*PARKS, *BIKES, *SCHOOLS]


@pytest.fixture(scope="module")
def engine() -> Themes:
    if len(installed()) < 2 and not os.environ.get("CI"):
        pytest.skip("the models are not installed")
    return Themes(Meanings(shipped()))


WORDS_ONLY = Themes(Meanings(()))


def ideas(texts: Sequence[str]) -> list[IdeaText]:
    return [IdeaText(number, text) for number, text in enumerate(texts, start=1)]


def pile_of(piles: Sequence[Pile], number: int) -> Pile:
    return next(pile for pile in piles if number in pile.ideas)


def together(piles: Sequence[Pile], one: int, other: int) -> bool:
    return other in pile_of(piles, one).ideas


# --- meaning


def test_words_of_one_sense_come_together_without_a_word_in_common(engine: Themes) -> None:
    piles = engine.group(ideas(TOWN))
    assert together(piles, 5, 7)  # piste cyclable, bicyclettes
    assert together(piles, 1, 2)  # arbres, espaces verts
    assert not together(piles, 1, 5)


def test_french_and_english_ideas_of_one_sense_come_together(engine: Themes) -> None:
    mixed = [
        *BIKES,
        "More bicycle lanes",
        "Bike racks at the station",
        *PARKS,
        "Plant trees along the street",
        "A community garden",
    ]
    piles = engine.group(ideas(mixed))
    assert together(piles, 1, 5)
    assert together(piles, 7, 12) or together(piles, 7, 11)


def test_not_grouped_yet_is_allowed_and_rare(engine: Themes) -> None:
    odd = ideas([*TOWN, "Xylophone quantique"])
    loose = [number for pile in engine.group(odd) if not pile.label for number in pile.ideas]
    assert len(loose) <= 1
    assert not {number for number in loose if number <= len(TOWN)}


def test_the_order_of_arrival_changes_nothing(engine: Themes) -> None:
    told = ideas(TOWN)
    shuffled = random.Random(3).sample(told, len(told))
    assert engine.group(told) == engine.group(shuffled)


@pytest.mark.parametrize("themer", [WORDS_ONLY, LexicalThemer()])
def test_the_same_ideas_make_the_same_piles_whatever_came_first(themer: Themes | LexicalThemer) -> None:
    """Words by chance: communities that could as well be others, so that any order that matters shows."""
    nouns = [
        "vélo",
        "piste",
        "école",
        "cantine",
        "jardin",
        "arbre",
        "banc",
        "parc",
        "bus",
        "gare",
        "marché",
        "rue",
        "place",
        "piscine",
        "forêt",
        "chemin",
    ]
    chosen = random.Random(0)
    told = [" ".join(chosen.sample(nouns, 3)) for _ in range(60)]

    def piles(texts: Sequence[str]) -> list[tuple[str, list[str]]]:
        found = themer.group(ideas(texts))
        return sorted((pile.label, sorted(texts[number - 1] for number in pile.ideas)) for pile in found)

    for chance in range(3):
        assert piles(random.Random(chance).sample(told, len(told))) == piles(told)


@pytest.mark.parametrize(
    ("texts", "together"),
    [
        (["Des bancs publics", "Des bancs rouges", "Des bancs à l'ombre", "Un marché bio"], {1, 2, 3}),
        (
            ["More bike racks", "Bike lanes on Main Street", "A bike repair café", "Free parking", "Cheaper parking"],
            {4, 5},
        ),
    ],
)
def test_a_handful_of_ideas_makes_the_piles_that_anybody_sees(
    engine: Themes, texts: list[str], together: set[int]
) -> None:
    piles = [set(pile.ideas) for pile in engine.group(ideas(texts)) if pile.label]
    assert any(together <= pile for pile in piles), piles


def test_an_arriving_idea_gets_its_likely_theme_or_none(engine: Themes) -> None:
    seeds = [ThemeSeed(3, "Vélo et mobilité"), ThemeSeed(5, "Nature en ville"), ThemeSeed(9, "École", tuple(SCHOOLS))]
    assert engine.place("Des bicyclettes en libre-service", seeds) == 3
    assert engine.place("Moins d'élèves par classe", seeds) == 9
    assert engine.place("", seeds) is None
    assert engine.place("👍", seeds) is None
    assert engine.place("Une piste cyclable", []) is None


def test_a_teams_own_words_are_read(engine: Themes) -> None:
    own = WordList.read("WARA → vélo")
    mine = Themes(Meanings(engine.meanings.parts, lexicon_with(own)), own)
    seeds = [ThemeSeed(1, "Vélo"), ThemeSeed(2, "École")]
    assert mine.place("Une wara pour la mairie", seeds) == 1


# --- duplicates


def pairs_of(themer: Themes, texts: Sequence[str]) -> dict[tuple[int, int], tuple[str, ...]]:
    return {(pair.one, pair.other): pair.shared for pair in themer.alike(ideas(texts))}


def test_ideas_of_one_meaning_are_a_pair_without_a_word_in_common(engine: Themes) -> None:
    texts = [*PARKS, *SCHOOLS, "Louer des bicyclettes", "Location de vélos"]
    found = pairs_of(engine, texts)
    assert found[9, 10] == ()
    assert (9, 10) not in pairs_of(WORDS_ONLY, texts)


def test_a_pair_by_meaning_shows_the_words_it_shares(engine: Themes) -> None:
    found = pairs_of(engine, [*TOWN, "Prêter un vélo aux habitants", "Un prêt de vélos pour les habitants"])
    assert found[13, 14] == ("Prêter", "vélo", "habitants")


def test_one_word_of_two_senses_makes_no_pair(engine: Themes) -> None:
    texts = ["Plus de places", "La place du marché", *TOWN]
    for themer in (engine, WORDS_ONLY):
        assert (1, 2) not in pairs_of(themer, texts)


def test_the_wood_has_its_four_pairs_by_meaning_and_words_too(engine: Themes) -> None:
    for language in ("fr", "en"):
        day = bois_des_forts(language)
        place = {line.key: number for number, line in enumerate(day.lines, start=1)}
        wanted = {tuple(sorted((place[one], place[other]))) for one, other in day.pairs}
        assert set(pairs_of(engine, [line.text for line in day.lines])) == wanted


def test_pairs_do_not_depend_on_the_order_of_arrival(engine: Themes) -> None:
    told = ideas([*TOWN, "Louer des bicyclettes", "Location de vélos", TOWN[0].upper()])
    assert engine.alike(random.Random(3).sample(told, len(told))) == engine.alike(told)


@pytest.mark.parametrize("texts", [[], ["Un banc"], ["Un banc"] * 30, ["👍", "le la", "", "…"], ["👍"] * 5])
def test_pairs_of_few_equal_or_empty_ideas_are_told_without_ado(engine: Themes, texts: list[str]) -> None:
    same = [(1, number) for number in range(2, len(texts) + 1)] if "Un banc" in texts else []
    assert list(pairs_of(engine, texts)) == same


def test_who_wants_words_alone_gets_them_whatever_else_is_set() -> None:
    choice = Choice(model=WORDS, url="http://models.example/v1")
    assert isinstance(chosen(choice), LexicalThemer)
    assert choice.outside == ""


@pytest.mark.parametrize("models", [True, False])
def test_a_teams_own_words_are_read_with_and_without_models(models: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not models:
        monkeypatch.setattr("bot.theming.choice.installed", lambda: ())
    themer = chosen(Choice(words="wara → vélo\nzelba → vélo"))
    assert isinstance(themer, LexicalThemer) is not models
    assert themer.alike(ideas(["Une wara à louer", "Une zelba à louer"]))
    assert sorted(themer.group(ideas(["Une wara", "Une zelba", "Un banc"]))[0].ideas) == [1, 2]
    if not models:
        assert themer.place("Une wara", [ThemeSeed(1, "Vélo"), ThemeSeed(2, "École")]) == 1


class Halting:
    """Reads texts of a letter each, and stops for good at one that says so."""

    name = "halting"

    def __init__(self) -> None:
        self.read: list[str] = []

    def encode(self, texts: Sequence[str]) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
        if "!" in "".join(texts):
            raise BadModel(self.name, "endpoint")
        self.read += texts
        return np.ones((len(texts), 4), dtype=np.float32)


def test_what_was_read_before_a_model_failed_is_kept_and_each_part_gives_a_sign() -> None:
    signs: list[tuple[int, int]] = []
    model = Halting()
    meanings = Meanings([Part(model, 1.0)], sign=lambda read, of: signs.append((read, of)))
    texts = [f"{number:04}" for number in range(200)]
    with pytest.raises(BadModel):
        meanings.vectors([*texts, "! and that was it"], ["en"] * 201)
    assert len(model.read) == len(signs) * AT_ONCE == 192
    assert signs == [(64, 201), (128, 201), (192, 201)]
    meanings.vectors(texts, ["en"] * 200)
    assert signs[3:] == [(8, 8)]
    assert sorted(model.read) == texts


def test_an_arriving_idea_is_read_by_the_quickest_model_alone_and_by_the_others_at_the_next_look() -> None:
    slow, quick = Halting(), Halting()
    themes = Themes(Meanings([Part(slow, 0.6, glossed=True), Part(quick, 0.4)]))
    themes.place("Un abri pour les vélos", [ThemeSeed(1, "Vélo", ("Prêter des vélos",))])
    assert (slow.read, sorted(quick.read)) == ([], ["Prêter des vélos", "Un abri pour les vélos", "Vélo"])
    themes.meanings.vectors(["Un abri pour les vélos"], ["fr"])
    assert (len(slow.read), len(quick.read)) == (1, 3)
    themes.wake()
    assert (len(slow.read), len(quick.read)) == (2, 4)


def test_only_the_latest_texts_are_kept_and_a_model_of_all_languages_reads_one_once() -> None:
    model = Halting()
    meanings = Meanings([Part(model, 1.0)], kept=2)
    for text, language in (("a", "fr"), ("b", "fr"), ("a", "en"), ("c", "fr"), ("b", "fr")):
        meanings.vectors([text], [language])
    assert model.read == ["a", "b", "c", "b"]


# --- names


def test_names_are_short_distinct_and_in_the_ideas_own_words(engine: Themes) -> None:
    piles = [pile for pile in engine.group(ideas(TOWN)) if pile.label]
    labels = [pile.label for pile in piles]
    assert len(set(labels)) == len(labels)
    for pile in piles:
        assert len(pile.label) <= 40
        assert pile.example in pile.ideas
        told = " ".join(TOWN[number - 1].lower() for number in pile.ideas)
        assert all(part.lower() in told for part in pile.shared)


# --- what people decided


def standing(**changes: object) -> Standing:
    given = {
        "themes": (
            StandingTheme(1, "Nature", named=True),
            StandingTheme(2, "Vélo", named=True),
        ),
        "placed": {1: 1, 5: 2},
        "pinned": frozenset({1, 5}),
    }
    return Standing(**(given | changes))  # type: ignore[arg-type]  # as a person's decisions come, one at a time


def test_an_idea_a_person_placed_stays_there_whatever_it_says(engine: Themes) -> None:
    odd = standing(placed={1: 1, 5: 2, 9: 2}, pinned=frozenset({1, 5, 9}))  # the canteen, under bicycles
    piles = engine.regroup(ideas(TOWN), odd)
    assert pile_of(piles, 9).theme == 2
    assert pile_of(piles, 1).theme == 1
    assert sorted(number for pile in piles for number in pile.ideas) == list(range(1, 13))


def test_themes_that_people_named_gather_what_is_near_them_and_others_may_open(engine: Themes) -> None:
    piles = engine.regroup(ideas(TOWN), standing())
    assert pile_of(piles, 7).theme == 2
    assert pile_of(piles, 2).theme == 1
    school = pile_of(piles, 9)
    assert school.theme is None
    assert school.label not in {"Nature", "Vélo"}


def test_a_theme_given_without_an_idea_is_a_seed(engine: Themes) -> None:
    given = Standing((StandingTheme(4, "École et enfants", named=True),))
    piles = engine.regroup(ideas(TOWN), given)
    assert pile_of(piles, 10).theme == 4


def test_what_the_name_of_a_given_theme_would_not_call_is_to_check(engine: Themes) -> None:
    names = {1: "Nature", 2: "Vélo"}
    themes = tuple(StandingTheme(id, name, named=True) for id, name in names.items())
    under = [pile for pile in engine.regroup(ideas(TOWN), Standing(themes, {}, frozenset(), ())) if pile.theme]
    called = {(pile.theme, number): pile.theme == _nearest(engine, TOWN[number - 1], names)
              for pile in under for number in pile.ideas}  # fmt: skip
    assert not all(called.values())
    assert {one for one, so in called.items() if not so} <= {(pile.theme, n) for pile in under for n in pile.unsure}


def test_a_pile_without_a_given_name_stays_a_pile_beside_given_themes(engine: Themes) -> None:
    piles = engine.regroup(ideas(TOWN), Standing((StandingTheme(2, "Vélo", named=True),), {}))
    assert {5, 6, 7, 8} <= set(pile_of(piles, 6).ideas)
    assert pile_of(piles, 6).theme == 2
    for number in (9, 10, 11, 12):
        assert pile_of(piles, number).theme is None


def _nearest(engine: Themes, text: str, names: dict[int, str]) -> int:
    """The theme whose name is nearest in meaning."""
    read = engine.meanings.vectors((text, *names.values()), ["fr"] * (1 + len(names)))
    close = sum(part.share * (one[0] @ one[1:].T) for part, one in zip(engine.meanings.parts, read, strict=True))
    return list(names)[int(np.argmax(close))]


def test_two_ideas_kept_apart_are_never_in_one_theme(engine: Themes) -> None:
    piles = engine.regroup(ideas(TOWN), standing(apart=((6, 7), (1, 2), (9, 10))))
    assert not together(piles, 6, 7)
    assert not together(piles, 1, 2)
    assert not together(piles, 9, 10)


def test_two_themes_of_people_never_become_one(engine: Themes) -> None:
    split = Standing(
        (StandingTheme(1, "Pistes"), StandingTheme(2, "Ateliers")),
        {5: 1, 7: 2},
        frozenset({5, 7}),
    )
    piles = engine.regroup(ideas(TOWN), split)
    assert {pile_of(piles, 5).theme, pile_of(piles, 7).theme} == {1, 2}


def test_a_theme_keeps_its_identity_when_an_idea_arrives(engine: Themes) -> None:
    first = [pile for pile in engine.group(ideas(TOWN)) if pile.label]
    themes = tuple(StandingTheme(place, pile.label) for place, pile in enumerate(first, start=1))
    placed = {number: place for place, pile in enumerate(first, start=1) for number in pile.ideas}
    piles = engine.regroup(ideas([*TOWN, "Des arceaux pour attacher les vélos"]), Standing(themes, placed))
    now = {number: pile.theme for pile in piles for number in pile.ideas}
    assert sum(now[number] == theme for number, theme in placed.items()) >= len(placed) - 2
    assert now[13] == placed[5]


def test_what_a_person_left_when_they_sorted_is_told_to_the_communities(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Ties] = []
    kept = kept_communities

    def heard(web: Sparse, ties: Ties, fineness: float) -> Any:
        told.append(ties)
        return kept(web, ties, fineness)

    monkeypatch.setattr("bot.theming.engine.kept_communities", heard)
    texts = sorted(TOWN)  # places are those of texts in their order
    standing = Standing((StandingTheme(1, "Vélo"),), {2: 1, 5: 1}, frozenset({2}), ((1, 3),), frozenset({4, 5}))
    WORDS_ONLY.regroup(ideas(texts), standing)
    [ties] = told
    assert ties == Ties({1: 1}, {1: 1, 4: 1}, frozenset({1}), ((0, 2),), frozenset({3, 4}))


@settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False))
def test_whatever_people_decide_is_kept(chance: random.Random) -> None:
    numbers = list(range(1, len(TOWN) + 1))
    placed = {number: chance.randrange(1, 4) for number in chance.sample(numbers, 6)}
    pinned = frozenset(chance.sample(sorted(placed), 4))
    apart = [tuple(sorted(chance.sample(numbers, 2))) for _ in range(3)]
    told = Standing(
        tuple(StandingTheme(one, f"T{one}") for one in (1, 2, 3)),
        placed,
        pinned,
        tuple((one, other) for one, other in apart),
    )
    piles = WORDS_ONLY.regroup(ideas(TOWN), told)
    assert sorted(number for pile in piles for number in pile.ideas) == numbers
    for number in pinned:
        assert pile_of(piles, number).theme == placed[number]
    for one, other in apart:
        both = {one, other} <= pinned and placed[one] == placed[other]
        assert both or not together(piles, one, other) or not pile_of(piles, one).label


# --- strange input


def test_a_little_word_of_the_other_language_is_no_part_of_a_name_and_tea_is() -> None:
    assert [_fit(word, word) for word in ("the", "with", "thé", "banquet")] == [False, False, True, True]


def test_little_words_of_other_languages_are_no_names(engine: Themes) -> None:
    told = [
        "Mehr Fahrradwege in der Stadt",
        "Fahrradwege für die Schule",
        "Mehr Bäume in der Stadt",
        "Bäume für den Park",
    ]
    shown = " ".join(pile.label for pile in engine.group(ideas([*told, "Mehr Bänke", "Mehr Licht"])))
    assert not set(shown.lower().replace(",", "").split()) & {"mehr", "der", "für"}


@pytest.mark.parametrize(
    "texts",
    [
        [], ["Un banc"], ["Un banc", "Un arbre"], ["Un four à pain"] * 30, ["👍", "", "…", "de la", "et le", "🎉🎉"],
        ["x" * 4_000, "mot " * 900, *TOWN], [str(number) for number in range(12)], ["日本語", "العربية", *TOWN],
        ["=1+1", "<b>", *TOWN],
    ],
)  # fmt: skip
def test_strange_hunts_get_a_sensible_answer(engine: Themes, texts: list[str]) -> None:
    piles = engine.group(ideas(texts))
    assert sorted(number for pile in piles for number in pile.ideas) == list(range(1, len(texts) + 1))
    labels = [pile.label for pile in piles]
    assert len(set(labels)) == len(labels)
    assert "" not in labels[:-1]


@pytest.mark.parametrize("count", [30, 40, 100])
def test_the_same_idea_many_times_is_one_theme(engine: Themes, count: int) -> None:
    assert [len(pile.ideas) for pile in engine.group(ideas(["Un four à pain"] * count))] == [count]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.one_of(st.text(max_size=60), st.sampled_from(TOWN)), max_size=25))
def test_every_idea_is_in_exactly_one_pile_whatever_people_write(texts: list[str]) -> None:
    piles = WORDS_ONLY.group(ideas(texts))
    assert sorted(number for pile in piles for number in pile.ideas) == list(range(1, len(texts) + 1))
