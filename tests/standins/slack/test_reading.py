"""What a person reads of blocks and mrkdwn."""

from __future__ import annotations

import pytest

from standins.slack.reading import plain, visible_text

READ = {
    "a &lt;b&gt; &amp; c": "a <b> & c",
    "<https://mairie.example|the town>": "the town",
    "<https://mairie.example>": "https://mairie.example",
    "until <!date^1764000000^{date_short}|24 Nov>": "until 24 Nov",
    "<!here> look": "here look",
    "in <#C1|room>": "in room",
}


@pytest.mark.parametrize("text", READ)
def test_reads_mrkdwn(text: str) -> None:
    assert plain(text) == READ[text]


def words(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def test_reads_every_kind_of_block_the_app_draws() -> None:
    cell = {"type": "raw_text", "text": "Solar roof"}
    number = {"type": "raw_number", "value": 3, "text": "3"}
    blocks = [
        {"type": "header", "text": words("The question")},
        {"type": "container", "title": words("Theme"), "child_blocks": [{"type": "section", "text": words("#1")}]},
        {"type": "actions", "elements": [{"type": "button", "text": words("Vote")}]},
        {"type": "data_table", "caption": "Ideas", "rows": [[cell, number]]},
        {"type": "data_visualization", "title": "Top",
         "chart": {"type": "bar", "series": [{"name": "Dots", "data": [{"label": "#1", "value": 3}]}]}},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "2 &amp; 3"}]},
        {"type": "divider"},
    ]  # fmt: skip
    assert visible_text("fallback", blocks).split("\n") == [
        "The question", "Theme", "#1", "[Vote]", "Ideas", "Solar roof | 3", "Top", "#1: 3", "2 & 3",
    ]  # fmt: skip


def test_reads_the_text_of_a_message_without_blocks() -> None:
    assert visible_text("only &amp; text", []) == "only & text"
