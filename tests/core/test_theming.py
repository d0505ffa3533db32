"""Grouping by shared words: what it must find, what it must not, and what it does with strange input."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from importlib import resources
from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.ideas import IdeaText, Pile, ThemeSeed
from bot.theming import LexicalThemer
from bot.theming.aside import AsideThemer
from bot.theming.choice import Choice, engine
from bot.theming.lexicon import WordList
from bot.theming.stems import stem, words_of
from bot.theming.twins import twin

WOOD = [
    ("D1", "Baliser une boucle VTT à l'écart de l'allée du ruisseau."),
    ("D1", "Créer un circuit balisé réservé aux VTT, loin de l'allée des promeneurs."),
    ("D1", "Réserver des créneaux : vélos le matin, familles l'après-midi."),
    ("D1", "Clôturer un espace où les chiens peuvent courir sans laisse."),
    ("D1", "Aménager un enclos pour faire courir les chiens sans laisse, près du parking sud."),
    ("D1", "Écrire une charte du bois avec les clubs et l'afficher à chaque entrée."),
    ("D2", "Tracer un sentier fléché de 20, 40 ou 60 minutes au départ du parking."),
    ("D2", "Un sentier avec des flèches de couleur : 20, 40 et 60 minutes de marche."),
    ("D2", "Installer des assises et des hamacs en bois dans les clairières de l'est, pour lire ou ne rien faire."),
    ("D2", "Poser un platelage accessible aux fauteuils et aux poussettes sur le premier kilomètre."),
    ("D2", "Inventer un jeu de piste familial sur l'histoire des forts."),
    ("D2", "Monter un préau démontable pour accueillir une classe."),
    ("D2", "Construire un affût pour observer les oiseaux près de la mare."),
    ("D3", "Enlever les poubelles du cœur du bois et les regrouper aux sorties."),
    ("D3", "Distribuer des sacs à l'entrée pour que chacun remporte ses déchets."),
    ("D3", "Organiser chaque mois un ramassage avec les habitants volontaires."),
    ("D3", "Un ramassage mensuel des déchets avec des habitants et des associations volontaires."),
    ("D3", "Tenir une permanence le dimanche : un agent et une association, pour expliquer plutôt que verbaliser."),
    ("D3", "Ouvrir un numéro unique pour signaler les motos, avec une réponse sous 48 heures."),
    ("D3", "Poser des barrières sélectives à toutes les entrées contre les quads et les motos."),
    ("D4", "Sortir un stand mobile où les forestiers expliquent pourquoi on coupe et ce qu'on replante."),
    ("D4", "Laisser une parcelle en libre évolution et l'annoncer par un panneau : « ici, on laisse faire »."),
    ("D4", "Tenir un seul calendrier des interventions pour tous les services."),
    ("D4", "Proposer une journée « vis ma vie de forestier » aux agents des autres directions."),
    ("D4", "Publier chaque mois un carnet du bois : photos avant/après et travaux à venir."),
    ("D4", "Réunir deux fois par an un conseil du bois : agents, usagers, élus."),
]
"""The 26 ideas of the day at the Bois des Forts, each under its challenge."""
QUESTIONS = [
    "Comment pourrions-nous faire cohabiter promeneurs, vélos et chiens sans tout interdire ?",
    "Comment pourrions-nous donner envie d'aller au-delà des 300 premiers mètres ?",
    "Comment pourrions-nous faire reculer les incivilités avec les usagers plutôt que contre eux ?",
    "Comment pourrions-nous faire connaître le travail forestier et partager la gestion du bois ?",
]
TWINS = [(7, 8), (16, 17), (4, 5), (1, 2)]
THEMER = LexicalThemer()


def ideas(*texts: str) -> list[IdeaText]:
    return [IdeaText(number, text) for number, text in enumerate(texts, start=1)]


WOOD_IDEAS = ideas(*(text for _, text in WOOD))


def numbers(piles: Sequence[Pile]) -> list[int]:
    return sorted(number for pile in piles for number in pile.ideas)


# --- duplicates


def test_finds_the_four_pairs_of_the_wood_and_no_other() -> None:
    found = THEMER.alike(WOOD_IDEAS)
    assert [(pair.one, pair.other) for pair in found] == TWINS
    assert [pair.score for pair in found] == sorted((pair.score for pair in found), reverse=True)


def test_finds_the_same_four_pairs_challenge_by_challenge() -> None:
    asked = sorted(zip((challenge for challenge, _ in WOOD), WOOD_IDEAS, strict=True), key=lambda idea: idea[0])
    found = [
        (pair.one, pair.other)
        for _, members in groupby(asked, key=lambda idea: idea[0])
        for pair in THEMER.alike([idea for _, idea in members])
    ]
    assert sorted(found) == sorted(TWINS)


def test_tells_why_two_ideas_are_alike_in_their_own_words() -> None:
    shared = {(pair.one, pair.other): pair.shared for pair in THEMER.alike(WOOD_IDEAS)}
    assert shared[7, 8] == ("sentier", "fléché", "20", "40", "60", "minutes")
    assert shared[1, 2] == ("Baliser", "VTT", "allée")


def test_one_shared_word_is_a_theme_and_not_a_duplicate() -> None:
    assert THEMER.alike(ideas("Réparer les vélos", "Louer des vélos", "Un marché couvert", "Une école rénovée")) == ()


def test_the_same_idea_in_other_letters_is_alike_to_the_first() -> None:
    found = THEMER.alike(ideas("Planter des saules", "Un four à pain", "PLANTER DES SAULES !", "planter des saules"))
    assert [(pair.one, pair.other, pair.score) for pair in found] == [(1, 3, 1.0), (1, 4, 1.0)]


def test_english_twins_are_found_too() -> None:
    found = THEMER.alike(
        ideas(
            "Put more benches along the river path",
            "Benches along the path by the river",
            "Open the library on Sundays",
            "A repair café in the town hall",
        )
    )
    assert [(pair.one, pair.other) for pair in found] == [(1, 2)]


def test_of_two_short_ideas_one_word_makes_no_pair() -> None:
    assert THEMER.alike(ideas("Plus de places", "La place du marché", "Un four à pain", "Réparer les toits")) == ()


# --- one idea and those that stand


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (WOOD[7][1], 7),
        ("CLÔTURER un espace où les chiens peuvent courir, sans laisse !", 4),
        ("Ne pas clôturer d'espace où les chiens peuvent courir sans laisse", None),
        ("Un jeu vidéo sur l'histoire des rois de France et de leurs châteaux", None),
        ("👍", None),
        ("", None),
    ],
)
def test_who_writes_is_told_of_the_idea_most_like_theirs_and_never_of_its_contrary(
    text: str, found: int | None
) -> None:
    assert twin(text, WOOD_IDEAS[:7]) == found


def test_of_equal_ideas_the_first_is_told() -> None:
    assert twin("Planter des saules", ideas("Un four", "Planter des saules", "PLANTER DES SAULES")) == 2
    assert twin("Planter des saules", []) is None


def test_the_contrary_of_the_contrary_is_the_same() -> None:
    told = ideas("Stop cars in front of the school", "Plant trees in the yard", "Open the library on Sundays")
    assert twin("No cars in front of the school", told) == 1
    assert twin("Don't stop cars in front of the school", told) is None


def test_a_twin_is_found_by_the_teams_own_words() -> None:
    told = ideas("Louer des vélos à la gare", "Un four à pain", "Planter des saules")
    assert twin("Louer des VTT à la gare centrale", told, WordList.read("VTT → vélo")) == 1


# --- themes people gave


def seeds(without: int) -> list[ThemeSeed]:
    return [
        ThemeSeed(
            place,
            question,
            tuple(
                text
                for number, (challenge, text) in enumerate(WOOD, start=1)
                if challenge == f"D{place}" and number != without
            ),
        )
        for place, question in enumerate(QUESTIONS, start=1)
    ]


def test_places_most_ideas_of_the_wood_or_says_that_it_is_unsure() -> None:
    told = Counter(
        "unsure" if (theme := THEMER.place(text, seeds(number))) is None else f"D{theme}" == challenge
        for number, (challenge, text) in enumerate(WOOD, start=1)
    )
    assert told[True] >= 11
    assert told[False] <= 4


def test_a_theme_is_known_by_its_name_alone() -> None:
    given = [ThemeSeed(3, "Déchets et propreté"), ThemeSeed(5, "Vélos et trottinettes"), ThemeSeed(9, "Écoles")]
    assert THEMER.place("Des poubelles pour trier les déchets", given) == 3
    assert THEMER.place("Un garage à vélo devant la mairie", given) == 5


@pytest.mark.parametrize("text", ["", "👍👍👍", "de la et le", "Une piscine couverte", "x" * 2_000])
def test_is_unsure_about_what_shares_no_word(text: str) -> None:
    assert THEMER.place(text, [ThemeSeed(1, "Vélos"), ThemeSeed(2, "Écoles"), ThemeSeed(3, "")]) is None


def test_a_market_is_no_walk_though_both_are_written_alike_without_accents() -> None:
    given = [ThemeSeed(1, "Vélo et marche"), ThemeSeed(2, "Cantines")]
    assert THEMER.place("Des arbres pour le Marché", given) is None
    assert THEMER.place("Des arbres pour la marche", given) == 1
    assert THEMER.place("Une marche", [ThemeSeed(1, "Les marchés"), ThemeSeed(2, "Cantines")]) is None
    assert THEMER.place("Un marché", [ThemeSeed(1, "Les marchés"), ThemeSeed(2, "Cantines")]) == 1


def test_words_set_apart_are_stemmed_with_their_family_and_with_no_other_word() -> None:
    families = (
        "marché marchés", "marche marches marcher", "fermer fermée fermés", "ferme fermes", "mère mères", "mer mers",
        "tâche tâches", "tache taches", "côté côtés", "côte côtes", "livrer livrés", "livre livres",
        "arrêté arrêtés", "arrêt arrêts arrêter", "élevé élever", "élève élèves", "mûre mûrs", "mur murs",
    )  # fmt: skip
    stems = [{stem(word, "fr") for word in words.split()} for words in families]
    assert [len(one) for one in stems] == [1] * len(families)
    assert len(set[str]().union(*stems)) == len(families)
    assert stem("marche\u0301", "fr") == stem("marché", "fr")  # an accent typed as a sign of its own
    assert stem("marché", "en") == "marche"


def test_is_unsure_between_two_themes_and_without_any() -> None:
    assert THEMER.place("vélos et écoles", [ThemeSeed(1, "Vélos"), ThemeSeed(2, "Écoles")]) is None
    assert THEMER.place("vélos", []) is None


# --- piles


def test_every_idea_of_the_wood_is_in_one_pile_and_the_labels_are_readable() -> None:
    piles = THEMER.group(WOOD_IDEAS)
    assert numbers(piles) == list(range(1, 27))
    assert 3 <= len(piles) <= 10
    labels = [pile.label for pile in piles]
    assert len(set(labels)) == len(labels)
    assert all(len(label) <= 40 for label in labels)
    assert all(pile.example in pile.ideas for pile in piles)
    assert all(pile.label for pile in piles[:-1])
    for one, other in TWINS:
        assert any(one in pile.ideas and other in pile.ideas for pile in piles)


def test_two_plain_subjects_make_two_piles_named_after_them() -> None:
    piles = THEMER.group(
        ideas(
            "Des pistes pour les vélos",
            "Un potager dans la cour",
            "Réparer les vélos abîmés",
            "Un potager sur le toit",
            "Prêter des vélos aux enfants",
            "Le potager des voisins",
        )
    )
    assert sorted(pile.ideas for pile in piles) == [(1, 3, 5), (2, 4, 6)]
    assert {pile.shared[0].capitalize() for pile in piles} == {"Vélos", "Potager"}


def test_the_order_of_arrival_and_the_process_change_nothing() -> None:
    shuffled = WOOD_IDEAS.copy()
    random.Random(1).shuffle(shuffled)
    assert THEMER.group(shuffled) == THEMER.group(WOOD_IDEAS)
    assert THEMER.alike(shuffled) == THEMER.alike(WOOD_IDEAS)
    code = (
        "from bot.domain.ideas import IdeaText; from bot.theming import LexicalThemer; import sys\n"
        "texts = sys.stdin.buffer.read().decode().split('|')\n"
        "ideas = [IdeaText(number, text) for number, text in enumerate(texts, 1)]\n"
        "sys.stdout.buffer.write(repr(LexicalThemer().group(ideas)).encode())"
    )
    told = [
        subprocess.run(
            [sys.executable, "-c", code],
            input="|".join(text for _, text in WOOD).encode(),
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            capture_output=True,
            check=True,
        ).stdout.decode()
        for seed in ("1", "2")
    ]
    assert told[0] == told[1] == repr(THEMER.group(WOOD_IDEAS))


@pytest.mark.parametrize(
    ("texts", "piles"),
    [
        ([], []),
        (["Un banc"], [("", (1,))]),
        (["de la", "👍", "", "et le"], [("", (1, 2, 3, 4))]),
        (["Un four à pain"] * 3, [("Four à pain", (1, 2, 3))]),
        (["Une piscine", "Un théâtre", "Un marché"], [("", (1, 2, 3))]),
    ],
)
def test_strange_hunts_get_a_sensible_answer(texts: list[str], piles: list[tuple[str, tuple[int, ...]]]) -> None:
    assert [(pile.label, pile.ideas) for pile in THEMER.group(ideas(*texts))] == piles


def test_french_and_english_in_one_hunt_are_each_read_in_their_language() -> None:
    piles = THEMER.group(
        ideas(
            "Il faut planter des arbres dans la rue",
            "We should plant trees in the street",
            "Des arbres pour la place",
            "More trees for the square",
            "Les arbres de la cour",
            "The trees of the yard",
        )
    )
    assert sorted(pile.ideas for pile in piles) == [(1, 3, 5), (2, 4, 6)]
    assert {pile.shared[0].capitalize() for pile in piles} == {"Arbres", "Trees"}


WORDS = st.sampled_from(["vélo", "école", "arbre", "bancs", "Jeux", "20", "the", "de", "la", "👍", "x", "trees"])
TEXTS = st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=8).map(" ".join))


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXTS, max_size=30))
def test_every_idea_is_in_exactly_one_pile_whatever_people_write(texts: list[str]) -> None:
    told = ideas(*texts)
    piles = THEMER.group(told)
    assert numbers(piles) == list(range(1, len(texts) + 1))
    labels = [pile.label for pile in piles]
    assert len(set(labels)) == len(labels)
    assert all(len(label) <= 40 for label in labels)
    assert "" not in labels[:-1]
    for pair in THEMER.alike(told):
        assert pair.one < pair.other
        assert 0.3 <= pair.score <= 1
        assert pair.shared


def test_two_thousand_ideas_take_about_twice_as_long_as_a_thousand() -> None:
    chosen = random.Random(0)
    words = [f"mot{chosen.randrange(10**6)}" for _ in range(3_000)]
    told = ideas(*(" ".join(chosen.choices(words, k=9)) for _ in range(2_000)))

    def spent(many: int) -> float:
        """Seconds of CPU at best: the collector may come by at any time."""
        start = time.process_time()
        THEMER.alike(told[:many])
        return time.process_time() - start

    spent(50)
    assert min(spent(2_000) for _ in range(3)) < 3.5 * min(spent(1_000) for _ in range(3)) + 0.2


def test_a_thousand_copies_of_one_idea_are_told_at_once() -> None:
    start = time.process_time()
    found = THEMER.alike(ideas(*["Planter des arbres dans la cour"] * 1_000))
    assert {pair.one for pair in found} == {1}
    assert time.process_time() - start < 2


def test_grouping_costs_nothing_before_it_is_used() -> None:
    code = "import bot.theming, sys; assert not {'networkx', 'snowballstemmer', 'numpy'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_teams_own_words_are_read_whatever_the_words_only_engine_is_asked() -> None:
    own = LexicalThemer(WordList.read("VTT → vélo"))
    ideas = [IdeaText(1, "Un abri pour les VTT"), IdeaText(2, "Un abri pour les vélos")]
    assert [(pair.one, pair.other) for pair in own.alike(ideas)] == [(1, 2)]
    assert own.group(ideas)[0].label
    assert own.place("Le VTT du maire", [ThemeSeed(4, "Vélo"), ThemeSeed(5, "École")]) == 4
    assert LexicalThemer().place("Le VTT du maire", [ThemeSeed(4, "Vélo"), ThemeSeed(5, "École")]) is None


def test_whichever_engine_is_chosen_duplicates_are_found_by_the_teams_own_words() -> None:
    ideas = [IdeaText(1, "Un abri pour les VTT"), IdeaText(2, "Un abri pour les vélos")]
    assert engine(Choice(words="VTT → vélo")).alike(ideas)
    assert not engine(Choice()).alike(ideas)


def test_the_process_aside_compares_by_the_teams_own_words() -> None:
    ideas = [IdeaText(1, "Un abri pour les VTT"), IdeaText(2, "Un abri pour les vélos")]
    assert AsideThemer(Choice(words="VTT → vélo")).alike(ideas)
    assert not AsideThemer(Choice()).alike(ideas)


def test_a_long_chain_of_words_ends_where_it_ends_and_is_read_once() -> None:
    chain = WordList.read("\n".join(f"m{n} → m{n + 1}" for n in range(19_000, 0, -1)))
    assert chain.read_as("M1") == "m19001"
    assert chain.apply("Un m7 et des m19001") == "Un m19001 et des m19001"


def test_the_quick_stemmer_gives_the_stems_of_the_one_that_is_always_there() -> None:
    quick = pytest.importorskip("Stemmer")
    from snowballstemmer.english_stemmer import EnglishStemmer
    from snowballstemmer.french_stemmer import FrenchStemmer

    lines = resources.files("bot.theming").joinpath("fr_en.txt").read_text("utf-8")
    words = sorted({word for line in lines.lower().splitlines() for word in words_of(line)})
    assert len(words) > 5_000
    for slow, name in ((FrenchStemmer(), "french"), (EnglishStemmer(), "english")):
        assert [slow.stemWord(word) for word in words] == quick.Stemmer(name).stemWords(words)
