"""Texts as people and attackers send them: cleaned, accepted or refused, titled, split, compared, cut."""

from __future__ import annotations

import time
import unicodedata

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import TooLong, TooShort
from bot.domain.ideas import MAX_TEXT, MAX_TITLE
from bot.text import accept, clean, fold, shorten, split_list, title_of, told_apart


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("e\u0301cole", "école"),
        ("a\x00b\x07c\x1b[31m", "abc[31m"),
        ("invoice\u202egnp.exe", "invoicegnp.exe"),
        ("\u2066secret\u2069 word", "secret word"),
        ("pay\u200bpal\ufeff", "paypal"),
        ("pay\u200dpal", "paypal"),
        ("half \ud800 a pair", "half a pair"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("a\n\n\n\n\nb", "a\n\nb"),
        ("a" + "\n" * 3_000 + "b", "a\n\nb"),
        ("a\n \n\t\n \nb", "a\n\nb"),
        ("\u3164\u115f\u1160\uffa0\u2800", ""),
        ("un\u00a0banc\u202f!  oui", "un banc ! oui"),
        ("Z" + "\u0335\u0321\u0334" * 1_000, "Z\u0335\u0321\u0334"),
        ("\u0301\u0302 x", "x"),
    ],
)
def test_takes_away_what_is_invisible_or_deceptive(typed: str, kept: str) -> None:
    cleaned = clean(typed)
    assert unicodedata.normalize("NFD", cleaned) == unicodedata.normalize("NFD", kept)
    assert unicodedata.is_normalized("NFC", cleaned)


@pytest.mark.parametrize(
    "typed",
    [
        "👨‍👩‍👧 un jeu pour tous",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f a flag",
        "👍🏽 merci à tous",
        "می‌خواهم درخت بکارم",
        "हिन्दी में एक विचार",
        "Việt Nam",
        "<!channel> <@U1> `code` *bold*",
        "=1+1; DROP TABLE ideas;--",
    ],
)
def test_keeps_what_people_wrote_in_their_own_language_and_signs(typed: str) -> None:
    assert clean(typed) == unicodedata.normalize("NFC", typed)


@given(st.text())
def test_cleaning_twice_changes_nothing_more(typed: str) -> None:
    assert clean(clean(typed)) == clean(typed)


@given(st.text())
def test_a_cleaned_text_can_be_written_and_holds_no_tower_of_marks(typed: str) -> None:
    cleaned = clean(typed)
    cleaned.encode("utf-8")
    assert regex.search(r"\p{M}{4}|[\p{Cc}--\n]|\p{Bidi_Control}", cleaned, regex.V1) is None


@pytest.mark.parametrize(
    "hostile",
    [
        "a" + "\u0301\u0316" * 50_000,
        "\u0316\u0301" * 50_000,
        "\u200d" * 100_000,
        "a\u200d\u200c" * 33_000,
        " \n" * 50_000,
        "a." * 50_000,
        "." * 100_000,
        "\U000e0067" * 100_000,
        "- " * 50_000,
        "- a\n" * 25_000,
        ":a" * 50_000,
        "«" * 100_000,
    ],
)
def test_hostile_text_is_read_in_the_time_of_its_length(hostile: str) -> None:
    start = time.perf_counter()
    clean(hostile)
    fold(hostile)
    title_of(hostile)
    split_list(hostile)
    shorten(hostile, 120)
    assert time.perf_counter() - start < 1.5


@pytest.mark.parametrize(
    "typed",
    [
        "Plus de bancs",
        "Poser un banc.",
        "公園にベンチを置く",
        "공원에 벤치를 놓자",
        "20, 40 ou 60 minutes",
        "🌳 planter des arbres",
    ],
)
def test_accepts_an_idea_of_three_words_or_a_short_sentence_without_spaces(typed: str) -> None:
    assert accept(f"  {typed}\u200b ") == typed


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " \n",
        "👍👍👍",
        "👍 👍 👍",
        ":tada: :tada: :+1::skin-tone-3:",
        "?! ... —",
        "Un banc",
        "\u3164" * 9,
        "公園",
        "1 2 3",
        "a b c",
    ],
)
def test_refuses_what_is_no_idea_and_says_how_many_words_it_takes(typed: str) -> None:
    with pytest.raises(TooShort) as refused:
        accept(typed)
    assert refused.value.least == 3


@pytest.mark.parametrize("length", [MAX_TEXT + 1, 20_000, 5_000_000])
def test_refuses_a_text_that_is_too_long_and_says_its_length(length: int) -> None:
    with pytest.raises(TooLong) as refused:
        accept(("mot " * (length // 4 + 1))[: length - 1] + "x")
    assert (refused.value.most, refused.value.length) == (MAX_TEXT, length)


def test_accepts_the_longest_text() -> None:
    assert len(accept(("mot " * MAX_TEXT)[: MAX_TEXT - 1] + "x")) == MAX_TEXT


def test_a_short_text_needs_no_title() -> None:
    assert title_of("Baliser une boucle VTT à l’écart de l’allée du ruisseau.") == ""


def test_a_long_text_is_titled_by_its_first_sentence() -> None:
    assert title_of("Ouvrir un café des voisins au parc ! " + "Il serait tenu à tour de rôle. " * 30) == (
        "Ouvrir un café des voisins au parc !"
    )


def test_an_abbreviation_does_not_end_the_title() -> None:
    assert title_of("Avec M. le maire, ouvrir un café. " + "Il serait tenu par nous. " * 30) == (
        "Avec M. le maire, ouvrir un café"
    )


def test_a_long_first_sentence_is_cut_after_a_word() -> None:
    title = title_of("Planter des saules le long du ruisseau " * 30)
    assert len(title) <= MAX_TITLE
    assert title.endswith(("saules…", "ruisseau…", "long…", "Planter…", "des…", "le…", "du…"))


@pytest.mark.parametrize(
    ("pasted", "items"),
    [
        ("- un banc\n- une fontaine", ("un banc", "une fontaine")),
        ("• un banc\n• une fontaine\n\n• un abri", ("un banc", "une fontaine", "un abri")),
        ("1. un banc\n2. une fontaine", ("un banc", "une fontaine")),
        ("1) un banc\r\n2) une fontaine", ("un banc", "une fontaine")),
        (
            "Mes idées :\n* un banc\n  près de la mare\n* une fontaine",
            ("un banc près de la mare", "une fontaine"),
        ),
        ("- un banc", ()),
        ("un banc\nune fontaine", ()),
        ("1.5 km de piste\n2.5 km de plus", ()),
        ("-20 % de déchets\n-30 % de bruit", ()),
        ("un banc - une fontaine - un abri", ()),
    ],
)
def test_a_pasted_list_is_told_from_a_text(pasted: str, items: tuple[str, ...]) -> None:
    assert split_list(pasted) == items


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Éco-pâturage  au bois !", "eco paturage au bois"),
        ("ÉTÉ", "e\u0301te\u0301"),
        ("cœur de ville", "COEUR de VILLE"),
        ("un\u200bbanc", "unbanc"),
        ("ﬁnancer", "financer"),
    ],
)
def test_two_spellings_of_the_same_words_are_equal(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_different_words_and_different_signs_stay_different() -> None:
    assert fold("un banc") != fold("un bain")
    assert fold("🌳") != fold("🌊")


@given(st.text(), st.integers(min_value=0, max_value=40))
def test_shortening_never_exceeds_the_limit_nor_cuts_a_visible_sign(typed: str, most: int) -> None:
    short = shorten(typed, most)
    assert len(short) <= most
    if short != typed:
        whole = regex.findall(r"\X", typed)
        assert (
            regex.findall(r"\X", short.removesuffix("…")) == whole[: len(regex.findall(r"\X", short.removesuffix("…")))]
        )


def test_shortening_keeps_a_family_whole_and_cuts_after_a_word() -> None:
    assert shorten("abc 👨‍👩‍👧 def", 8) == "abc…"
    assert shorten("Planter des saules partout", 22) == "Planter des saules…"
    assert shorten("anticonstitutionnellement", 10) == "anticonst…"


def test_names_that_begin_alike_are_told_apart_where_they_are_cut() -> None:
    one, two = "Comment pourrions-nous faire aimer le bois", "Comment pourrions-nous faire reculer le bruit"
    assert told_apart((one, "Vélo", two), 20) == ("…aimer le bois", "Vélo", "…reculer le bruit")
    assert told_apart((one, "Comment faire"), 20) == (shorten(one, 20), "Comment faire")
    assert told_apart((one, one), 20) == (shorten(one, 20), shorten(one, 20))
    grown = ("Végétalisation" * 5, "Végétalisation" * 6)  # no word of its own: cut as any other
    assert told_apart(grown, 20) == tuple(shorten(name, 20) for name in grown)
    assert told_apart(("Un très long nom", "Un très long nom de plus"), 12) == ("Un très…", "…de plus")
    assert told_apart((), 20) == ()
