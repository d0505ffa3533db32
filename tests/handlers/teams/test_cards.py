"""Every screen in every language as a card that Teams shows, with hostile words in it, and within 28 KB."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from bot.domain.names import PersonId
from bot.screens import Note
from handlers.teams import cards, elements, markup
from handlers.teams.seal import LENGTH, Seal
from standins.teams import cards as teams
from tests.handlers.slack import samples

LANGUAGES = ("en", "fr")
SCREENS = samples.every()
WORDS = (
    "<at>Everybody</at> {{DATE(2026-01-01T00:00:00Z)}} [free](https://evil.test) *b* _i_ ~s~ `c` &lt; \\*x\\* " * 4,
    "\n" * 3000 + "a b c",
    "\u202etxet desrever\u202c " * 50,
    "mot" * 900,
    "# title\n- list\n1. first\n> quoted\n" * 100,
    "   \u200b\u2800 ",
    "مرحبا بالعالم " * 40,
    "🧑‍🌾🧑‍🌾🧑‍🌾" * 200,
)


def hostile(n: int) -> str:
    return WORDS[n % len(WORDS)]


HOSTILE = samples.every(hostile)
SEAL = Seal(SecretStr("secret"))
NAMES = {PersonId("U0ANNA"): "**Anna** <at>all</at>"}
MARKS = re.compile(r"<at>|\{\{(?!DATE|TIME)|\]\(|&lt;")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SCREENS)
@pytest.mark.parametrize("typed", ["friendly", "hostile"])
def test_every_screen_is_a_message_and_a_dialog_that_teams_takes(name: str, language: str, typed: str) -> None:
    screen = (SCREENS if typed == "friendly" else HOSTILE)[name]
    drawn = cards.message(screen, language, "Europe/Paris", NAMES)
    activity = drawn.activity()
    teams.check(activity["attachments"][0]["content"])
    teams.check(drawn.activity(short=True)["attachments"][0]["content"])
    assert activity["summary"].strip()
    dialog = cards.dialog(screen, language, "Europe/Paris", NAMES, room="19:c@thread.tacv2", id="abcd")
    SEAL.put(dialog, PersonId("00000000-0000-4000-8000-000000000001"))
    teams.check(elements.card(dialog["body"]))
    assert dialog["title"]


def test_a_card_as_large_as_we_draw_them_has_room_for_its_seals() -> None:
    dialogs = [cards.dialog(screen, "fr", "Europe/Paris", NAMES, id="abcd") for screen in SCREENS.values()]
    seals = max(len(teams.buttons(elements.card(dialog["body"]))) for dialog in dialogs)
    around = len(json.dumps(elements.card([]), ensure_ascii=False).encode())
    assert elements.MOST_BYTES + around + seals * len(json.dumps(["x" * LENGTH])) <= teams.MOST_BYTES


@pytest.mark.parametrize("name", HOSTILE)
def test_what_people_typed_formats_nothing(name: str) -> None:
    dialog = cards.dialog(HOSTILE[name], "en", "UTC", NAMES)
    told = [one["text"] for one in teams.walk(dialog["body"]) if one.get("type") == "TextBlock"]
    assert [text for text in told if MARKS.search(text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SCREENS)
def test_every_button_is_one_we_understand(name: str, language: str) -> None:
    from handlers.desk import wire

    for button in teams.buttons(elements.card(cards.dialog(SCREENS[name], language)["body"])):
        do = button["data"]["do"]
        assert wire.deed_of(do) or wire.pick_of(do) or wire.page_of(do) or do == "submit"


def test_a_note_of_another_platform_names_our_way_to_ask() -> None:
    drawn = cards.message(Note("command.unknown", good=False), "en")
    assert "@ideahunt help" in drawn.body[0]["text"]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("*bold* and _this_", "\u2217bold\u2217 and \u02cdthis\u02cd"),
        ("<at>Everybody</at>", "\u2039at\u203aEverybody\u2039/at\u203a"),
        ("[free](https://evil.example)", "[free]\u200a(https://evil.example)"),
        ("{{DATE(2026-01-01T00:00:00Z)}}", "{\u200a{DATE(2026-01-01T00:00:00Z)}}"),
        ("fish &amp; chips & peas", "fish \uff06amp; chips & peas"),
        ("# not a heading", "\uff03 not a heading"),
        ("snake_case stays", "snake_case stays"),
    ],
)
def test_signs_that_could_format_become_look_alikes(said: str, shown: str) -> None:
    assert markup.typed(said) == shown


@pytest.mark.parametrize(
    ("language", "told"), [("fr", "mercredi 24 juin à 17:00"), ("en", "Wednesday 24 June at 17:00")]
)
def test_a_notification_tells_moments_in_words(language: str, told: str) -> None:
    closing = replace(SCREENS["nudge"].round, closes_at=datetime(2026, 6, 24, 15, 0, tzinfo=UTC))
    drawn = cards.message(replace(SCREENS["nudge"], round=closing), language, "Europe/Paris")
    assert told in drawn.summary.replace("\u00a0", " ").replace("\u202f", " ")
    assert "{{" not in drawn.summary
    assert "{{DATE(2026-06-24T15:00:00Z, LONG)}}" in str(drawn.body)
