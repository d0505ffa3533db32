"""The French-English lexicon and people's own words: what they read, and what they refuse."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.theming.lexicon import EMPTY, BadWordList, WordList, lexicon, lexicon_with, own_entries
from bot.theming.meanings import Meanings
from bot.theming.stems import stem


def test_it_knows_more_than_2_500_families_of_words() -> None:
    entries, _ = own_entries()
    assert len({stem(word.lower(), "fr") for word, _ in entries if " " not in word and "-" not in word}) > 2_500
    assert len(lexicon()) > 3_000


def test_no_entry_is_empty_or_too_long_for_a_gloss() -> None:
    entries, _ = own_entries()
    assert [pair for pair in entries if not pair[0].strip() or not pair[1].strip()] == []
    assert [pair for pair in entries if len(pair[1].split()) > 6] == []


@pytest.mark.parametrize(
    ("french", "english"),
    [
        ("Plus de pistes cyclables", "bicycle lane"),
        ("l'entretien des trottoirs", "maintenance sidewalk"),
        ("Végétaliser la cour de l’école", "greening schoolyard"),
        ("des journaux", "newspapers"),
        ("letat et les impots", "state income tax"),
        ("AMÉLIORER LA MAIRIE", "town hall"),
    ],
)
def test_it_reads_french_by_sense(french: str, english: str) -> None:
    assert lexicon().gloss(french) == english


def test_words_that_accents_tell_apart_have_each_their_sense() -> None:
    words = "marché marchés marche ferme fermée livre livrer mère mer tâche tache élève"
    senses = "market market walking farm closing books delivery mother sea task task pupil"
    assert list(map(lexicon().sense, words.split())) == senses.split()
    assert lexicon().sense("côté") is None  # no coast
    assert lexicon_with(WordList.read("marché: contract")).sense("Marché") == "contract"


def test_words_without_a_sense_stay_as_they_are() -> None:
    assert lexicon().gloss("un pumptrack à Soupetard") == "pumptrack soupetard"


@pytest.mark.parametrize("text", ["", "de la et", "👍", "améliorer", "…"])
def test_what_says_little_is_left_whole(text: str) -> None:
    assert lexicon().gloss(text) in {text, "improve"}


def test_a_team_reads_its_own_words_first() -> None:
    own = WordList.read("# notre lexique\nVTT → vélo\nWARA: weekly meeting\nla maison bleue -> mairie\n")
    words = lexicon_with(own)
    assert own.apply("un VTT devant la maison bleue") == "un vélo devant mairie"
    assert words.gloss("un VTT") == words.gloss("un vélo") == "bicycle"
    assert words.gloss("préparer la wara") == "weekly meeting"


def test_what_the_list_does_not_name_stays_as_it_is_written() -> None:
    own = WordList.read("VTT → vélo\nabri fermé → garage")
    assert own.apply("  L'abri fermé, près de l'école :\nà VTT !") == "  L'garage, près de l'école :\nà vélo !"
    assert own.apply("L'école… d'été") == "L'école… d'été"


def test_a_list_is_read_once() -> None:
    own = WordList.read("Kvz → pont Kvz")
    assert lexicon_with(own).gloss(own.apply("le Kvz")) == "bridge kvz"


def test_a_chain_of_words_is_followed_to_its_end() -> None:
    assert WordList.read("biclou → vtt\nvtt → vélo").apply("mon Biclou") == "mon vélo"


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("VTT", 1, "shape"),
        ("vélo → bicyclette\n→ x", 2, "shape"),
        ("a → b\nb → a", 2, "cycle"),
        ("a → a", 1, "cycle"),
        ("a → b\nb → c\nc → A", 3, "cycle"),
        ("x" * 401 + " → y", 1, "long"),
        ("VTT → vélo\nle → la", 2, "small"),
        ("it's → they", 1, "small"),
        ("VTT, des → les", 1, "small"),
        ("VTT: bike\nle: the", 2, "small"),
    ],
)
def test_a_word_list_that_cannot_be_used_says_where(text: str, line: int, why: str) -> None:
    with pytest.raises(BadWordList) as refused:
        WordList.read(text)
    assert (refused.value.line, refused.value.why) == (line, why)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("VTT → vtt", "VTT → VTT"),
        ("x → y\nÀ → b\nb → a", "b → À → b"),
        ("Vélo → biclou\nb → c\nBiclou → VTT\nvtt → vélo", "vtt → Vélo → Biclou → vtt"),
        ("a → b\nb → c\nc → d\nd → e\ne → a", "e → a → b → … → e"),
    ],
)
def test_a_cycle_is_told_as_people_wrote_it_from_the_line_that_closes_it(text: str, told: str) -> None:
    with pytest.raises(BadWordList) as refused:
        WordList.read(text)
    assert refused.value.word == told


@pytest.mark.parametrize("text", ["IT → informatique", "CE → comité d'entreprise", "la CAF → caf", "vélo → le vélo"])
def test_a_little_word_that_is_read_as_a_telling_one_is_accepted(text: str) -> None:
    assert WordList.read(text).same


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=200))
def test_whatever_people_write_is_read_to_an_end(text: str) -> None:
    words = lexicon_with(WordList.read("VTT → vélo"))
    assert isinstance(words.gloss(text), str)


def test_words_are_stemmed_when_one_of_their_beginning_is_asked_for_and_not_at_the_start() -> None:
    stem.cache_clear()
    mine = lexicon_with(EMPTY)
    meanings = Meanings((), mine)
    assert stem.cache_info().misses == 0
    assert meanings.words.sense("recyclerons") == lexicon().sense("recycler")
    assert 0 < stem.cache_info().misses < 300
    assert len(mine) > 3_000
