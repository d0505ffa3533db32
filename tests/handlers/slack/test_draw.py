"""Every screen, both languages, full and plain, friendly and hostile texts: Slack accepts it, and it says the same."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest

from bot.domain.hunt import Phase
from bot.domain.names import IdeaNumber
from bot.domain.tally import Score, count
from bot.screens import Board, Button, Deed, Home, LaunchForm, Note, Parted, Screen
from bot.words import Moment, translator
from handlers.desk import wire
from handlers.desk.targets import DotsWish
from handlers.slack import blocks, draw
from standins.slack.limits import faults_of_blocks, faults_of_view, tables_in, weight
from tests.handlers.slack import samples

HOSTILE = (
    "<!channel> <!here> @here <@U0BAD> *b* _i_ ~s~ `c` ```x``` > q <https://evil.test|good> & &amp; <!subteam^S1>" * 4,
    "\n" * 3000 + "a b c",
    "\u202etxet desrever\u202c " * 50,
    "mot" * 900,
    ">>> cité\n> encore\n" * 200,
    "   \u200b\u2800 ",
    "مرحبا بالعالم " * 40,
)
ALLOWED = re.compile(r"<(?:!date\^\d+\^[^<>|]*\|[^<>|]*|@U0INES|#C0SALON)>")
LANGUAGES = ("fr", "en")


def hostile(n: int) -> str:
    return HOSTILE[n % len(HOSTILE)]


SOURCES = "\n".join(
    source.read_text("utf-8")
    for folder in ("bot", "handlers")
    for source in sorted((Path(__file__).parents[3] / folder).rglob("*.py"))
)


FRIENDLY_NAMES = list(samples.every())
EVERY = {"friendly": samples.every(), "hostile": samples.every(hostile)}


def texts(drawn: object) -> Iterator[dict[str, Any]]:
    """Every text object in a drawing."""
    if isinstance(drawn, dict):
        if drawn.get("type") in {"mrkdwn", "plain_text"} and "text" in drawn:
            yield drawn
        for inside in drawn.values():
            yield from texts(inside)
    elif isinstance(drawn, list):
        for inside in drawn:
            yield from texts(inside)


def buttons(drawn: object) -> Iterator[dict[str, Any]]:
    """Every element that acts in a drawing."""
    if isinstance(drawn, dict):
        if "action_id" in drawn:
            yield drawn
        for inside in drawn.values():
            yield from buttons(inside)
    elif isinstance(drawn, list):
        for inside in drawn:
            yield from buttons(inside)


def test_there_is_a_sample_of_every_screen() -> None:
    assert {type(screen) for screen in EVERY["friendly"].values()} == set(get_args(Screen))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", EVERY)
@pytest.mark.parametrize("name", FRIENDLY_NAMES)
def test_slack_accepts_every_drawing(name: str, kind: str, lang: str) -> None:
    screen = EVERY[kind][name]
    for mentions in (True, False):
        drawn = draw.message(screen, lang, "Europe/Paris", mentions=mentions)
        for shown in (drawn.blocks, drawn.fallback_blocks):
            assert faults_of_blocks(shown, "message") == []
            assert blocks.counted(shown) <= blocks.MOST_IN_MESSAGE
            assert tables_in(shown) <= 1
        assert 20 <= len(drawn.text) < 4_000
    view = draw.view(screen, lang, "Europe/Paris", room="C0SALON")
    assert faults_of_view(view, "modal") == []
    assert weight(view) < 250_000
    assert faults_of_view(draw.home(screen, lang, "Europe/Paris"), "home") == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", FRIENDLY_NAMES)
def test_the_plain_drawing_uses_only_blocks_every_workspace_has(name: str, lang: str) -> None:
    drawn = draw.message(EVERY["friendly"][name], lang)
    assert {block["type"] for block in drawn.fallback_blocks} <= {"section", "context", "actions", "divider", "header"}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", FRIENDLY_NAMES)
def test_what_people_typed_is_neutral_everywhere(name: str, lang: str) -> None:
    screen = EVERY["hostile"][name]
    drawn = draw.message(screen, lang, mentions=True)
    view = draw.view(screen, lang)
    said = [each for each in texts([drawn.blocks, drawn.fallback_blocks, view]) if each["type"] == "mrkdwn"]
    assert all(each.get("verbatim") is True for each in said)
    for text in (drawn.text, *(each["text"] for each in said)):
        assert "<" not in ALLOWED.sub("", text)
        assert not re.search(r"\*b\*|_i_|~s~|`|^\s*(?:&gt;)+", text, re.MULTILINE)
        assert "\u202e" not in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_posted_message_mentions_nobody(lang: str) -> None:
    for screen in EVERY["friendly"].values():
        drawn = draw.message(screen, lang)
        assert "U0INES" not in json.dumps([drawn.blocks, drawn.fallback_blocks, drawn.text])


@pytest.mark.parametrize("name", FRIENDLY_NAMES)
def test_both_languages_draw_the_same_shape_and_the_same_deeds(name: str) -> None:
    screen = EVERY["friendly"][name]
    french, english = (draw.message(screen, lang, mentions=True) for lang in LANGUAGES)
    shapes = [[block["type"] for block in drawn.blocks] for drawn in (french, english)]
    assert shapes[0] == shapes[1]
    doing = [
        [(each["action_id"], each.get("value")) for each in buttons([draw.view(screen, lang), drawn.blocks])]
        for lang, drawn in zip(LANGUAGES, (french, english), strict=True)
    ]
    assert doing[0] == doing[1]


@pytest.mark.parametrize("name", FRIENDLY_NAMES)
def test_both_languages_tell_the_same_facts(name: str) -> None:
    screen = EVERY["friendly"][name]
    figures = [re.findall(r"\d+", draw.message(screen, lang, mentions=True).text) for lang in LANGUAGES]
    assert sorted(figures[0]) == sorted(figures[1])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_button_is_understood_when_it_comes_back(lang: str) -> None:
    for screen in EVERY["friendly"].values():
        drawn = draw.message(screen, lang)
        view = draw.view(screen, lang)
        assert wire.form_of(view["callback_id"])
        assert wire.ViewState.unpack(view["private_metadata"]).pack() == view["private_metadata"]
        for each in buttons([drawn.blocks, drawn.fallback_blocks, view["blocks"]]):
            name = each["action_id"]
            known = wire.deed_of(name) or wire.pick_of(name) or wire.page_of(name)
            assert known is not None or name == wire.VALUE


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_deed_has_words_on_its_button(lang: str) -> None:
    for deed in Deed:
        facts: dict[str, str | int] = {"n": 4, "format": "CSV", "voters": 1, "eligible": 2, "room": "C1"}
        note = Note("note.empty", buttons=(Button(deed, confirm=True, facts=facts),))
        assert faults_of_blocks(draw.message(note, lang).blocks, "message") == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_titles_and_the_buttons_that_send_fit_whole(lang: str) -> None:
    words = translator(lang)
    for form in wire.Form:
        for key in (f"title.{form.value}", f"submit.{form.value}", "close.button"):
            if words.has(key):
                assert len(words.plain(key)) <= blocks.MOST_TITLE
        assert words.has(f"title.{form.value}")
        assert words.has(f"submit.{form.value}") is (form in draw.SUBMITS)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_buttons_fit_a_telephone(lang: str) -> None:
    words = translator(lang)
    assert [
        deed
        for deed in Deed
        if len(words.plain(f"button.{deed.value}", n=20, format="JSON", room="corridor-north")) > 24
    ] == []


def test_the_catalogue_holds_no_word_of_a_form_that_is_gone() -> None:
    wanted = {f"{area}.{form.value}" for form in wire.Form for area in ("title", "submit")}
    wanted |= {f"field.{field.value}" for field in wire.Field}
    wanted |= {f"field.{field.value}.hint" for field in wire.Field}
    wanted |= {f"{area}.{deed.value}" for deed in Deed for area in ("button", "confirm")} | {"confirm.other"}
    wanted |= set(re.findall(r'label="(button\.[a-z_]+)"', SOURCES))
    catalogue = (Path(__file__).parents[3] / "bot" / "words" / "fr.po").read_text()
    keys = re.findall(r'^msgid "((?:title|submit|field|button|confirm)\.[^"]+)"', catalogue, re.MULTILINE)
    assert sorted({key.removesuffix(".uncounted") for key in keys} - wanted) == []
    assert {f"field.{field.value}" for field in wire.Field} - set(keys) == set()


# --- secrecy


@pytest.mark.parametrize("lang", LANGUAGES)
def test_while_a_vote_is_open_the_board_depends_on_no_dot(lang: str) -> None:
    told = samples.results()
    silent = Board(samples.hunt(phase=Phase.VOTING), round=samples.round_())
    leaking = replace(silent, tally=told.tally, lines=tuple(told.lines.values()), themes=samples.themes())
    assert draw.message(silent, lang, mentions=True) == draw.message(leaking, lang, mentions=True)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_while_ideas_are_hidden_the_board_shows_none(lang: str) -> None:
    board = Board(samples.hunt(), samples.themes())
    drawn = draw.message(board, lang, mentions=True)
    assert "#1" not in json.dumps([drawn.blocks, drawn.fallback_blocks, drawn.text])


def test_a_form_remembers_no_vote() -> None:
    few, many = (draw.view(samples.ballot(used=used), "fr")["private_metadata"] for used in (1, 5))
    assert few == many


# --- the ballot


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_ballot_tells_the_dots_in_signs_and_in_words(lang: str) -> None:
    view = draw.view(samples.ballot(), lang)
    told = [each["text"] for each in texts(view["blocks"])]
    assert any(text.startswith("*●●●○○ — 3") for text in told)
    assert view["blocks"][0]["type"] == "alert"
    assert view["blocks"][0]["level"] == "warning"


def test_a_ballot_option_offers_up_to_what_the_voter_may_wish() -> None:
    form = samples.ballot()
    view = draw.view(form, "fr")
    selects = [each for each in buttons(view["blocks"]) if wire.pick_of(each["action_id"]) is wire.Pick.DOTS]
    for line, select in zip(form.lines, selects, strict=True):
        wishes = [DotsWish.unpack(option["value"]) for option in select["options"]]
        assert [wish.dots for wish in wishes] == list(range(line.most + 1))
        assert DotsWish.unpack(select["initial_option"]["value"]).dots == line.dots


def test_a_refused_wish_changes_the_names_of_the_blocks() -> None:
    first, second = (draw.view(replace(samples.ballot(), revision=n), "fr")["blocks"] for n in (1, 2))
    names = [{block["block_id"] for block in shown if "block_id" in block} for shown in (first, second)]
    assert not names[0] & names[1]


# --- results


def test_chart_labels_are_short_and_unique_with_equal_texts() -> None:
    told = samples.results(lambda _n: "La même idée mot pour mot")
    chart = next(b for b in draw.message(told, "fr").blocks if b["type"] == "data_visualization")
    labels = chart["chart"]["axis_config"]["categories"]
    assert len(set(labels)) == len(labels) == 7
    assert all(len(label) <= 20 for label in labels)


@pytest.mark.parametrize(("lang", "word"), [("fr", "à égalité"), ("en", "tied")])
def test_ties_are_told_as_ties(lang: str, word: str) -> None:
    text = draw.message(samples.results(), lang).text
    assert text.lower().count(word) >= 3


@pytest.mark.parametrize(("lang", "words"), [("fr", "À discuter"), ("en", "To be discussed")])
def test_a_gap_too_small_for_a_verdict_is_told_as_one_to_discuss(lang: str, words: str) -> None:
    text = draw.message(samples.results(scores=(40, 20, 18, 11, 10)), lang).text
    assert text.count(words) == 1
    said = next(line for line in text.splitlines() if line.startswith(words))
    assert "#4" in said
    assert "#5" in said
    assert words not in draw.message(samples.results(scores=(40, 30, 20, 10, 1)), lang).text


def test_a_narrow_run_off_is_to_be_discussed_too() -> None:
    told = samples.results(scores=(40, 20, 18, 11, 11))
    second = count((Score(IdeaNumber(n), dots, dots) for n, dots in ((4, 7), (5, 6))), 1, 13, 15, 1)
    text = draw.message(replace(told, parted=Parted(second, tuple(map(IdeaNumber, (1, 2, 3, 4))))), "fr").text
    assert text.count("À discuter") == 1


def test_an_idea_inside_a_sentence_leaves_its_full_stop_out() -> None:
    told = samples.results(lambda n: f"Idée {n}.", scores=(12, 8, 7, 6, 5))
    sentences = [
        line for line in draw.message(told, "fr").text.splitlines() if line.startswith(("Place", "À discuter"))
    ]
    assert sentences
    assert not any("Idée" in line and re.search(r"Idée \d+\.", line) for line in sentences)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_ballot_holds_its_rules_and_the_trust_notice_and_the_board_the_same_rules(lang: str) -> None:
    form = samples.ballot()
    words = translator(lang)
    board = json.dumps(draw.message(samples.every()["board, voting"], lang, "UTC").blocks, ensure_ascii=False)
    ballot = json.dumps(draw.view(form, lang, "UTC")["blocks"], ensure_ascii=False)
    for key, facts in form.rules:
        if not any(isinstance(fact, Moment) for fact in facts.values()):
            sentence = words.plain(key, "UTC", **facts)
            assert sentence in ballot
            assert sentence in board
    for key, facts in form.trust:
        assert words.plain(key, "UTC", **facts) in ballot


# --- forms


def test_more_options_keeps_what_was_typed() -> None:
    form = LaunchForm(samples.ROOM, "Que changer ?", dots=4)
    short, full = (draw.view(replace(form, full=full), "fr")["blocks"] for full in (False, True))
    shown = [block for block in short if block["type"] == "input"]
    assert len(shown) == 5
    assert [block for block in full if block["type"] == "input"][:5] == shown


def test_a_screen_on_a_foreign_surface_still_says_something() -> None:
    home = draw.home(samples.every()["hub"], "fr")
    assert home["type"] == "home"
    assert draw.view(Home((), (), True), "fr")["type"] == "modal"
    assert faults_of_view(draw.theme_name(wire.ViewState(number=3), "fr", "Ancien nom"), "modal") == []
    assert faults_of_view(draw.loading("en"), "modal") == []


# --- notes written elsewhere


def literal_notes() -> Iterator[tuple[str, set[str]]]:
    """Every `Note("key", {…})` of the sources whose facts are written out, with the names of its facts."""
    root = Path(__file__).parents[3]
    for path in (*sorted((root / "bot").rglob("*.py")), *sorted((root / "handlers").rglob("*.py"))):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Note" and node.args:
                key, facts = node.args[0], node.args[1] if len(node.args) > 1 else ast.Dict([], [])
                if isinstance(key, ast.Constant) and isinstance(facts, ast.Dict):
                    yield str(key.value), {str(one.value) for one in facts.keys if isinstance(one, ast.Constant)}


def test_every_note_has_the_facts_its_sentence_needs() -> None:
    notes = list(literal_notes())
    assert len(notes) > 20
    for key, given in notes:
        for lang in LANGUAGES:
            facts = {**dict.fromkeys(given, "du texte"), "n": 3, "deed": "deed.move"}
            assert len(draw.message(Note(key, facts), lang).text) >= 20, key
