"""What people typed: unescaped once, mentions by name, links by their target, emoji codes alone are no words."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.slack.typed import from_mrkdwn, mentioned, typed_text

NAMES = {"U1": "Alice"}


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("a &amp; b &lt; c", "a & b < c"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("ask <@U1> and <@U2>", "ask @Alice and @U2"),
        ("ask <@U2|bob>", "ask @bob"),
        ("in <#C1|general>", "in #general"),
        ("<!here> <!channel> <!subteam^S1|@crew> <!subteam^S2>", "@here @channel @crew @subteam"),
        ("<https://evil.example|https://mairie.fr>", "https://mairie.fr (https://evil.example)"),
        ("<https://mairie.fr|mairie.fr>", "https://mairie.fr"),
        ("<mailto:a@b.fr|a@b.fr>", "a@b.fr"),
        ("<!date^1392734382^{date}|18 February>", "18 February"),
        ("<>", "<>"),
        ("a < b > c", "a < b > c"),
    ],
)
def test_reads_what_was_typed(raw: str, read: str) -> None:
    assert from_mrkdwn(raw, NAMES) == read


@pytest.mark.parametrize("text", [":tada: :tada:", ":+1::skin-tone-2:", "  :bulb:\n"])
def test_emoji_codes_alone_are_no_words(text: str) -> None:
    assert typed_text({"text": text}, NAMES) == ""


def test_mentions_are_found_once_each() -> None:
    assert mentioned({"text": "<@U1> <@U2> <@U1>"}) == ("U1", "U2")


def rich(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"text": "not this", "blocks": [{"type": "rich_text", "elements": list(elements)}]}


def section(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text_section", "elements": list(elements)}


def test_reads_rich_text_by_its_elements() -> None:
    message = rich(
        section(
            {"type": "text", "text": "with "},
            {"type": "user", "user_id": "U1"},
            {"type": "text", "text": " & "},
            {"type": "link", "url": "https://a.example", "text": "b"},
            {"type": "emoji", "name": "tada", "unicode": "1f389"},
        )
    )
    assert typed_text(message, NAMES) == "with @Alice & b (https://a.example)🎉"


def test_a_list_keeps_its_marks() -> None:
    items = [section({"type": "text", "text": text}) for text in ("a bench", "a tree")]
    bullets = {"type": "rich_text_list", "style": "bullet", "elements": items}
    ordered = {"type": "rich_text_list", "style": "ordered", "elements": items, "offset": 2}
    assert typed_text(rich(bullets, ordered), NAMES) == "- a bench\n- a tree\n3. a bench\n4. a tree"


@pytest.mark.parametrize(
    "strange",
    [{"blocks": "x"}, {"blocks": [None, 3]}, rich({"type": "rich_text_section", "elements": 7}), {"text": None}, {}],
)
def test_strange_shapes_are_no_words(strange: dict[str, Any]) -> None:
    assert typed_text(strange, NAMES) == ""


def test_a_strange_emoji_is_no_failure() -> None:
    assert typed_text(rich(section({"type": "emoji", "name": "x", "unicode": "zz-1"})), NAMES) == ""
