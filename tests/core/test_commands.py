"""What is typed after `/ideahunt`, in two languages, mistyped and hostile."""

from __future__ import annotations

import time

import pytest

from bot.commands import SPELLINGS, Command, Unknown, Verb, parse
from bot.text import fold
from bot.words import translator


@pytest.mark.parametrize(
    ("typed", "verb", "rest"),
    [
        ("", Verb.HUB, ""),
        ("  \n", Verb.HUB, ""),
        ("new", Verb.NEW, ""),
        ("NEW How could we greet newcomers?", Verb.NEW, "How could we greet newcomers?"),
        ("nouvelle : Comment accueillir ?", Verb.NEW, "Comment accueillir ?"),
        ("Nouveau Comment mieux partager le bois ?", Verb.NEW, "Comment mieux partager le bois ?"),
        ("lancer", Verb.NEW, ""),
        ("idée Un banc près de la mare", Verb.IDEA, "Un banc près de la mare"),
        ("idee Un banc près de la mare", Verb.IDEA, "Un banc près de la mare"),
        ("ide\u0301e un banc ici", Verb.IDEA, "un banc ici"),
        ("IDÉE", Verb.IDEA, ""),
        ("idea: a bench by the pond", Verb.IDEA, "a bench by the pond"),
        ("proposer", Verb.IDEA, ""),
        ("mes idées", Verb.IDEAS, ""),
        ("my ideas", Verb.IDEAS, ""),
        ("Voter", Verb.VOTE, ""),
        ("ouvrir le vote", Verb.VOTE, ""),
        ("Lancer le vote", Verb.VOTE, ""),
        ("open vote", Verb.VOTE, ""),
        ("open the vote", Verb.VOTE, ""),
        ("start vote", Verb.VOTE, ""),
        ("start the vote", Verb.VOTE, ""),
        ("lancer le bal", Verb.NEW, "le bal"),
        ("tableau", Verb.BOARD, ""),
        ("Résultats", Verb.RESULTS, ""),
        ("clôturer", Verb.CLOSE, ""),
        ("fermer le vote", Verb.CLOSE, "le vote"),
        ("révéler", Verb.REVEAL, ""),
        ("exporter csv", Verb.EXPORT, "csv"),
        ("reglages", Verb.SETTINGS, ""),
        ("aide", Verb.HELP, ""),
        ("?", Verb.HELP, ""),
        ("regrouper", Verb.SORT, ""),
    ],
)
def test_understands_its_words_with_or_without_accents_in_any_case(typed: str, verb: Verb, rest: str) -> None:
    assert parse(typed) == Command(verb, rest)


def test_a_sentence_that_starts_with_a_verb_does_not_close_the_hunt() -> None:
    said = "Fermer le parking nord tous les dimanches"
    assert parse(said) == Unknown("Fermer", Verb.CLOSE, said)


def test_an_idea_that_starts_with_proposer_keeps_its_first_word() -> None:
    said = "Proposer une journée « vis ma vie de forestier »"
    assert parse(said) == Command(Verb.IDEA, said)


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        ("resutlats", Verb.RESULTS),
        ("votter", Verb.VOTE),
        ("hepl", Verb.HELP),
        ("tablaeu", Verb.BOARD),
        ("tablo", Verb.BOARD),
        ("setings", Verb.SETTINGS),
        ("Baliser une boucle VTT", None),
        ("🌳", None),
    ],
)
def test_a_mistyped_word_is_answered_with_the_nearest_one(typed: str, nearest: Verb | None) -> None:
    assert parse(typed) == Unknown(typed.split(maxsplit=1)[0], nearest, typed)


def test_a_word_of_ten_thousand_letters_is_answered_at_once() -> None:
    start = time.perf_counter()
    assert parse("vote" * 2_500) == Unknown("vote" * 2_500, None, "vote" * 2_500)
    assert time.perf_counter() - start < 0.2


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("verb", sorted(set(Verb) - {Verb.HUB}))
def test_the_word_shown_in_the_help_is_understood(lang: str, verb: Verb) -> None:
    assert parse(translator(lang).plain(f"verb.{verb.value}")) == Command(verb)


def test_every_spelling_is_written_as_it_is_compared_and_belongs_to_one_verb() -> None:
    spellings = [word.replace("_", " ") for words in SPELLINGS.values() for word in words.split()]
    assert [word for word in spellings if word != "?" and fold(word) != word] == []
    assert sorted(set(spellings)) == sorted(spellings)
    assert set(SPELLINGS) == set(Verb)
