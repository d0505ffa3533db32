"""The emoji people use most: Slack turns each into a code between colons, and keeps its code points beside."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from standins.slack.wire import Json

EMOJI: Mapping[str, str] = {
    "👍": "+1",
    "👎": "-1",
    "👏": "clap",
    "🙏": "pray",
    "💡": "bulb",
    "🎉": "tada",
    "🔥": "fire",
    "🚀": "rocket",
    "🌱": "seedling",
    "🌳": "deciduous_tree",
    "⭐": "star",
    "✅": "white_check_mark",
    "❌": "x",
    "❤️": "heart",
    "😀": "grinning",
    "🙂": "slightly_smiling_face",
    "😊": "blush",
    "😂": "joy",
    "😉": "wink",
    "🤔": "thinking_face",
}
NAMES: Mapping[str, str] = {name: sign for sign, name in EMOJI.items()}
SIGN = re.compile("|".join(map(re.escape, EMOJI)))
CODE = re.compile(rf":({'|'.join(map(re.escape, NAMES))}):")


def coded(text: str) -> str:
    """Write the emoji of a text as codes."""
    return SIGN.sub(lambda found: f":{EMOJI[found.group()]}:", text)


def spans(text: str) -> Iterator[Json]:
    """Cut a raw text into rich text elements: words, and emoji with their code points in hexadecimal."""
    start = 0
    for found in CODE.finditer(text):
        if found.start() > start:
            yield {"type": "text", "text": text[start : found.start()]}
        points = "-".join(f"{ord(sign):x}" for sign in NAMES[found.group(1)])
        yield {"type": "emoji", "name": found.group(1), "unicode": points}
        start = found.end()
    if start < len(text):
        yield {"type": "text", "text": text[start:]}
