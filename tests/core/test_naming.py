"""Names of piles: headings in the ideas' own words, with their capitals, in their language."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.theming.phrases import Name, name_piles
from bot.theming.stems import language_of, language_of_one, languages_and_stems, stems_of
from bot.theming.wordings import Told

TREES = ["Planter des arbres", "Des arbres fruitiers", "Les arbres de la cour"]
LIGHTS = ["Fix the lights of the square", "More lights at night", "Lights along the path"]


def names(*piles: Sequence[str], known: Sequence[str] = ()) -> list[Name]:
    languages, stems = languages_and_stems([text for pile in piles for text in pile])
    told = iter(Told(*one) for one in zip([t for p in piles for t in p], stems, languages, strict=True))
    return name_piles([[next(told) for _ in pile] for pile in piles], known)


def name(*pile: str, beside: Sequence[str] = TREES) -> str:
    return names(pile, beside)[0].text


def test_a_phrase_that_stands_for_the_pile_is_its_name() -> None:
    assert name("Une piste cyclable vers la gare", "Des pistes cyclables", "Les pistes cyclables") == "Pistes cyclables"
    assert name("More bike lanes", "Paint the bike lanes", "Bike lanes to school", beside=LIGHTS) == "Bike lanes"


@pytest.mark.parametrize(
    ("pile", "found"),
    [
        (("Des points d'eau", "Un point d'eau au parc", "Réparer les points d’eau"), "Points d'eau"),
        (("Accès à l'école", "Un accès à l'école pour tous", "Sécuriser l'accès à l'école"), "Accès à l'école"),
        (("Des rendez-vous en ligne", "Un rendez-vous par mois", "Prendre rendez-vous"), "Rendez-vous"),
        (("Un sentier fléché", "Le sentier avec des flèches", "Le sentier du bois"), "Sentier fléché"),
        (("Une zone 30", "La zone 30 pour tous", "Étendre la zone 30"), "Zone 30"),
    ],
)
def test_articles_apostrophes_hyphens_and_figures_inside_stay(pile: tuple[str, ...], found: str) -> None:
    assert name(*pile) == found


def test_words_that_no_idea_says_together_are_joined_in_the_language_of_the_pile() -> None:
    french = ("Du vélo, des casques", "Le vélo : où est le stationnement ?", "Un stationnement", "Le vélo", "Vélo")
    assert name(*french) == "Vélo et stationnement"
    english = ("Bikes, helmets", "Bikes: where is the parking?", "A parking", "The bikes", "Bikes")
    assert name(*english, beside=LIGHTS) == "Bikes and parking"


def test_the_parts_of_a_name_are_told_without_taking_it_apart() -> None:
    made = names(("Du vélo", "Le vélo : quel stationnement ?", "Un stationnement", "Vélo"), TREES)[0]
    assert made == Name("Vélo et stationnement", ("vélo", "stationnement"))


@pytest.mark.parametrize(
    ("pile", "found"),
    [
        (("L'accès PMR au parc", "Un accès PMR", "Revoir les accès PMR"), "Accès PMR"),
        (("Un sentier au Bois des Forts", "Le Bois des Forts", "Bois des Forts"), "Bois des Forts"),
        (("Les quais de Paris", "Rues de Paris", "Un tram à Paris", "Ponts, Paris"), "Paris"),
        (("Boucle VTT", "Une boucle VTT", "La boucle VTT du bois"), "Boucle VTT"),
        (("Bancs publics", "Bancs publics au parc", "Des bancs publics"), "Bancs publics"),
        (
            ("Bancs publics", "Bancs publics au parc", "Bancs publics"),
            "Bancs publics",
        ),  # a first capital proves nothing
        (("DES BANCS PUBLICS", "Bancs publics", "LES BANCS PUBLICS"), "Bancs publics"),  # nor does shouting
    ],
)
def test_names_and_acronyms_keep_their_capitals(pile: tuple[str, ...], found: str) -> None:
    assert name(*pile) == found


def test_a_capital_inside_a_name_is_kept_wherever_it_stands() -> None:
    told = name("Le tram, à Paris", "Un tram", "Du tram : Paris", "Des quais à Paris", "Tram")
    assert "Paris" in told
    assert "paris" not in told
    assert "Tram" in told or "tram" in told


def test_a_word_with_capitals_of_its_own_gets_no_other() -> None:
    assert name("An app for iPhone", "The iPhone app", "My iPhone and me", beside=LIGHTS).split()[0] in {
        "iPhone",
        "App",
    }
    assert name("On an iPhone", "The iPhone", "My iPhone", beside=LIGHTS) == "iPhone"


def test_it_is_an_acronym_in_capitals_only() -> None:
    assert name("A better IT desk", "The IT desk", "IT desk at night", beside=LIGHTS) == "IT desk"
    assert name("Let it be a desk", "Paint it: a desk", "The desk of it", beside=LIGHTS) == "Desk"


def test_a_noun_of_the_same_stem_is_said_before_the_infinitive() -> None:
    pile = ("Végétaliser la cour", "Végétaliser les murs", "La végétalisation du parking")
    assert name(*pile, beside=["Une piste cyclable", "Des pistes"]).startswith("Végétalisation")


def test_an_adjective_is_not_joined_to_a_noun_it_does_not_stand_beside() -> None:
    assert name("Le repas scolaire", "Cartable scolaire", "Le bus scolaire", "Un bus, un cartable") == "Bus et cartable"
    assert name("A virtual card: fees", "The virtual shop", "Virtual desk, fees", "Fees", beside=LIGHTS) == "Fees"


def test_a_pile_of_two_languages_is_named_in_the_one_of_most_of_its_ideas() -> None:
    trains = ("Où est le train ?", "Un train pour la ville", "Le train du maire")
    transport = ("The transport we need", "More transport for the town", "Where is the transport?")
    assert name(*trains, *transport[:2]) == "Train"
    assert name(*trains[:2], *transport) == "Transport"


def test_no_two_names_differ_in_number_or_capitals_alone() -> None:
    piles = [["Le vélo", "Un vélo"], ["Des vélos", "Les vélos"], ["VÉLO", "Au vélo"]]
    made = [one.text for one in names(*piles)]
    assert len({one.rstrip("s") for one in made if one}) == len([one for one in made if one])
    assert names(["Le vélo", "Un vélo"], TREES, known=["Vélos"])[0].text == ""
    assert names(["Le vélo rouge", "Un vélo rouge"], TREES, known=["vélo rouge"])[0].text == "Vélo"


def test_words_of_one_family_are_not_joined() -> None:
    assert name("Le jardin", "Du jardinage", "Un jardin", "Le jardinage", "Au jardin") == "Jardin"


def test_a_comma_between_two_words_makes_no_phrase_of_them() -> None:
    assert name("Du pain, des livres", "Le pain, les livres", "Un pain, des livres") == "Livres et pain"


def test_a_capital_that_begins_a_sentence_is_not_kept_inside_a_name() -> None:
    assert name("Le vélo", "Un vélo", "Du vélo", "Stationnement", "Stationnement. Vélo") == "Vélo et stationnement"


SAID = "vélo Vélos VTT Paris l'école rendez-vous arbres, bus. Bike lanes and et de the PMR 30 iPhone ÉCOLE 👍 x"
WORDS = st.sampled_from(SAID.split())
TEXTS = st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=9).map(" ".join))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(TEXTS, min_size=1, max_size=6), min_size=1, max_size=5))
def test_whatever_people_write_names_are_short_their_own_and_in_the_ideas_words(piles: list[list[str]]) -> None:
    made = names(*piles)
    said = [one.text for one in made if one.text]
    assert len(set(said)) == len(said)
    assert made == names(*piles)
    for one, pile in zip(made, piles, strict=True):
        assert len(one.text) <= 40
        told = " ".join(" ".join(pile).replace("’", "'").lower().split())
        assert all(part.lower() in told for part in one.parts)


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXTS, max_size=8))
def test_texts_read_together_are_read_as_each_alone(texts: list[str]) -> None:
    most = language_of(texts)
    languages, stems = languages_and_stems(texts)
    assert languages == tuple(language_of_one(text, most) for text in texts)
    assert stems == tuple(stems_of(text, most) for text in texts)
