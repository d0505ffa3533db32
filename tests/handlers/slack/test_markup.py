"""What people typed never formats, mentions, links or quotes; what we say about moments and people does."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.names import PersonId, RoomId
from bot.words import Mention, Moment, Raw, RoomLink, Words, translator
from handlers.slack import markup

FR = translator("fr")
NOON = datetime(2026, 11, 25, 16, 0, tzinfo=UTC)
FORMATTING = re.compile(r"(?<![^\W_])[*_~]+[^\s]|[^\s][*_~]+(?![^\W_])|`")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("<!channel> <@U1>", "&lt;!channel&gt; &lt;@U1&gt;"),
        ("<https://evil.test|our site>", "&lt;https://evil.test|our site&gt;"),
        ("*bold* _it_ ~no~", "∗bold∗ ˍitˍ ∼no∼"),
        ("`code` and ```more```", "ˋcodeˋ and ˋˋˋmoreˋˋˋ"),
        ("snake_case 3*4 a~b", "snake_case 3*4 a~b"),
        ("> quoted\n>>> more", "› quoted\n››› more"),
        ("AT&T &amp;", "AT&amp;T &amp;amp;"),
        ("1 < 2 > 0", "1 &lt; 2 &gt; 0"),
    ],
)
def test_typed_signs_stay_signs(typed: str, shown: str) -> None:
    assert markup.typed(typed) == shown


@given(st.text(alphabet=st.sampled_from("ab é1*_~`<>&|@#!\n "), max_size=60))
def test_no_typed_text_formats_or_makes_a_control_sequence(typed: str) -> None:
    shown = markup.typed(typed)
    assert "<" not in shown
    assert ">" not in shown
    assert not FORMATTING.search(shown)
    assert not re.search(r"^\s*&gt;", shown, re.MULTILINE)
    assert len(re.sub(r"&(?:amp|lt|gt);", "x", shown)) == len(typed)


def test_one_line_is_clean_and_short() -> None:
    assert markup.one_line("  a\n\n b\u202e c\u200b  ") == "a b c"
    assert len(markup.one_line("mot " * 900)) <= markup.MOST_TYPED
    assert markup.one_line("\n" * 3000) == ""
    assert markup.one_line("\n" * 3000 + "a b") == "a b"
    assert markup.one_line("a b " * 300, 10) == "a b a b a…"


def test_a_moment_is_told_by_slack_in_the_zone_of_each_reader() -> None:
    told = markup.mrkdwn((Words("Le "), Moment(NOON)), FR, "Europe/Paris")
    assert told == f"Le <!date^{int(NOON.timestamp())}^{{date_long}} à {{time}}|mercredi 25 novembre à 17:00>"
    assert markup.mrkdwn((Moment(NOON, "time"),), FR, "Europe/Paris").endswith("^{time}|17:00>")


def test_a_mention_is_drawn_only_where_it_notifies_nobody() -> None:
    sentence = (Mention(PersonId("U0INES"), "Inès *"),)
    assert markup.mrkdwn(sentence, FR, "UTC") == "<@U0INES>"
    assert markup.mrkdwn(sentence, FR, "UTC", mentions=False) == "Inès ∗"
    assert markup.mrkdwn((Mention(PersonId("U0INES")),), FR, "UTC", mentions=False) == "quelqu’un"


@pytest.mark.parametrize("crafted", ["!channel", "U1>", "u1", "U1|x", "subteam^S1"])
def test_a_crafted_id_is_never_a_mention_or_a_room(crafted: str) -> None:
    assert "<" not in markup.mrkdwn((Mention(PersonId(crafted)), RoomLink(RoomId(crafted))), FR, "UTC")


def test_a_room_is_a_link() -> None:
    assert markup.mrkdwn((RoomLink(RoomId("C0SALON")),), FR, "UTC") == "<#C0SALON>"


def test_our_own_words_are_escaped_too() -> None:
    assert markup.mrkdwn((Words("a < b & c"), Raw("d > e")), FR, "UTC") == "a &lt; b &amp; cd &gt; e"


def test_plain_text_keeps_every_sign() -> None:
    assert markup.plain((Words("« "), Raw("*a* <b> &\nc"), Words(" »")), FR, "UTC") == "« *a* <b> & c »"
