"""The words that tell why an idea is under its theme: what it shares with that theme and not with all."""

from __future__ import annotations

from bot.theming.reasons import Reasons

STREETS = {
    1: "Des vélos dans la rue",
    2: "Garer les vélos, rue du port",
    3: "Des arbres dans la rue",
    4: "Un banc dans la rue",
    5: "Un arbre par rue",
    6: "La rue sans bruit",
}


def test_a_word_that_a_third_of_the_hunt_says_is_no_reason() -> None:
    read = Reasons.of(STREETS)
    assert read.shared_words([1, 2, 4], "", [1, 2, 4]) == {1: ("vélos",), 2: ("vélos",), 4: ()}
    assert read.shared_words([1, 2, 4], "Vélo et rue", [1, 4]) == {1: ("vélos",), 4: ()}


def test_a_word_of_the_themes_name_is_a_reason_and_the_first_one() -> None:
    read = Reasons.of(STREETS | {7: "Un banc à vélos"})
    assert read.shared_words([1, 2, 7], "Les bancs", [1, 7]) == {1: ("vélos",), 7: ("banc", "vélos")}


def test_words_said_of_anything_are_no_reason() -> None:
    read = Reasons.of({1: "Installer un projet de mare", 2: "Installer un projet", 3: "Un banc"})
    assert read.shared_words([1, 2], "", [1, 2]) == {1: (), 2: ()}
