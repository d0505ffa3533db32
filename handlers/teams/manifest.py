"""The app as Teams is told of it: a package of a manifest and two icons, with the least that makes it work."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from typing import Any

from handlers.desk.wire import HUNT_NEW, IDEA_FROM_MESSAGE, IDEA_NEW

MANIFEST_VERSION = "1.29"
"""The first that offers slash commands beside mentions."""
SCHEMA = "https://developer.microsoft.com/en-us/json-schemas/teams/v{}/MicrosoftTeams.schema.json"
PERMISSIONS: Mapping[str, str] = {
    "ChannelMessage.Read.Group": "only messages that mention the bot become ideas in a channel",
    "ChatMessage.Read.Chat": "only messages that mention the bot become ideas in a group chat",
}
"""What the owner of a team or a chat consents to when they add the app, each with what stops without it."""
BLUE, WHITE, CLEAR = (0x1F, 0x3A, 0x5F, 255), (255, 255, 255, 255), (255, 255, 255, 0)
Colour = tuple[int, int, int, int]
SITE = "https://github.com/ideahunt/ideahunt"

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "short": "Idea hunts: collect, group by theme, vote with dots, act on the result.",
        "full": (
            "ideahunt helps a team find ideas and do something with them. A facilitator mentions @ideahunt in a "
            "channel; everyone posts ideas, each alone first; the bot groups them by theme and points out "
            "duplicates; people vote with dots, in secret until the close; and the result is told plainly, ties "
            "included. Ideas may be posted without a name, and then no name is kept. French and English. It runs on "
            "your own machine and needs no artificial intelligence service."
        ),
        HUNT_NEW: "Launch an idea hunt",
        IDEA_NEW: "Add an idea",
        IDEA_FROM_MESSAGE: "Save as an idea",
        "new": "new",
        "new.about": "Launch a hunt in this channel",
        "idea": "idea",
        "idea.about": "Add an idea",
        "vote": "vote",
        "vote.about": "Place your dots",
        "results": "results",
        "results.about": "See the results",
        "help": "help",
        "help.about": "What you can type",
    },
    "fr": {
        "short": "Chasses aux idées : récolter, grouper par thème, voter, agir.",
        "full": (
            "ideahunt aide une équipe à trouver des idées et à en faire quelque chose. Une animatrice ou un animateur "
            "mentionne @ideahunt dans un canal ; chacun propose ses idées, d’abord de son côté ; le bot les "
            "groupe par thème et signale les doublons ; on vote avec des gommettes, en secret jusqu’à la "
            "clôture ; et le résultat est dit simplement, égalités comprises. On peut proposer sans nom : "
            "aucun nom n’est alors gardé. En français et en anglais. Il tourne chez vous, sans service "
            "d’intelligence artificielle."
        ),
        HUNT_NEW: "Lancer une chasse",
        IDEA_NEW: "Proposer une idée",
        IDEA_FROM_MESSAGE: "Garder comme idée",
        "new": "nouvelle",
        "new.about": "Lancer une chasse dans ce canal",
        "idea": "idée",
        "idea.about": "Proposer une idée",
        "vote": "vote",
        "vote.about": "Placer vos gommettes",
        "results": "résultats",
        "results.about": "Voir les résultats",
        "help": "aide",
        "help.about": "Ce que vous pouvez taper",
    },
}
"""What Teams itself shows of the app, before anybody speaks to it; hence not in the catalogues of the screens."""
TRANSLATED = frozenset({"short", "full", "title", "description"})
"""The names under which a manifest holds words of a language."""
LOCALIZATION = "https://developer.microsoft.com/en-us/json-schemas/teams/v{}/MicrosoftTeams.Localization.schema.json"
TYPED = ("new", "idea", "vote", "results", "help")


def package(app_id: str, language: str = "en") -> bytes:
    """The app package to upload: the manifest in `language`, a file for each other language, and two icons.

    Teams shows everybody the app in the language of their client, where the package has it, else in `language`.
    Raises KeyError for a language we do not speak.
    """
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("manifest.json", json.dumps(manifest(app_id, language), ensure_ascii=False, indent=2))
        for other in others(language):
            packed.writestr(f"{other}.json", json.dumps(localization(app_id, other), ensure_ascii=False, indent=2))
        packed.writestr("color.png", icon(192, BLUE, WHITE))
        packed.writestr("outline.png", icon(32, CLEAR, WHITE))
    return held.getvalue()


def manifest(app_id: str, language: str = "en") -> dict[str, Any]:
    """The manifest of a bot with this id. Shape and limits: Microsoft's app manifest schema 1.29."""
    words = WORDS[language]
    return {
        "$schema": SCHEMA.format(MANIFEST_VERSION),
        "manifestVersion": MANIFEST_VERSION,
        "version": version("ideahunt"),
        "localizationInfo": {
            "defaultLanguageTag": language,
            "additionalLanguages": [{"languageTag": one, "file": f"{one}.json"} for one in others(language)],
        },
        "id": app_id,
        "developer": {"name": "ideahunt", "websiteUrl": SITE, "privacyUrl": SITE, "termsOfUseUrl": SITE},
        "name": {"short": "ideahunt", "full": "ideahunt"},
        "description": {"short": words["short"], "full": words["full"]},
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": "#1F3A5F",
        "bots": [_bot(app_id, words)],
        "composeExtensions": [{"botId": app_id, "commands": _actions(words)}],
        "webApplicationInfo": {"id": app_id, "resource": f"api://{app_id}"},  # consent by the team's owner needs it
        "authorization": {
            "permissions": {"resourceSpecific": [{"name": name, "type": "Application"} for name in PERMISSIONS]}
        },
        "defaultInstallScope": "team",
        "defaultGroupCapability": {"team": "bot", "groupchat": "bot"},
    }


def others(language: str) -> tuple[str, ...]:
    """The languages beside the manifest's own one."""
    return tuple(one for one in WORDS if one != language)


def localization(app_id: str, language: str) -> dict[str, str]:
    """The words of a manifest in another language, each under its place in it (`bots[0].commandLists[0]…`)."""
    return {"$schema": LOCALIZATION.format(MANIFEST_VERSION), **dict(_translated(manifest(app_id, language), ""))}


def _translated(held: object, at: str) -> Iterator[tuple[str, str]]:
    if isinstance(held, dict):
        for name, one in held.items():
            here = f"{at}.{name}" if at else name
            if isinstance(one, str) and name in TRANSLATED:
                yield here, one
            else:
                yield from _translated(one, here)
    elif isinstance(held, list):
        for place, one in enumerate(held):
            yield from _translated(one, f"{at}[{place}]")


def _bot(app_id: str, words: Mapping[str, str]) -> dict[str, Any]:
    """Commands by mention everywhere, and after a slash where Teams offers that."""
    commands = [{"title": words[one], "description": words[f"{one}.about"], "type": "basic"} for one in TYPED]
    return {
        "botId": app_id,
        "scopes": ["team", "groupChat", "personal"],
        "supportsTargetedMessages": True,
        "supportsFiles": True,
        "commandLists": [
            {"triggers": ["mention", "slash"], "scopes": ["team", "groupChat"], "commands": commands},
            {"triggers": ["mention"], "scopes": ["personal"], "commands": commands},
        ],
    }


def _actions(words: Mapping[str, str]) -> list[dict[str, Any]]:
    contexts = {
        HUNT_NEW: ["compose", "commandBox"],
        IDEA_NEW: ["compose", "commandBox"],
        IDEA_FROM_MESSAGE: ["message"],
    }
    return [
        {"id": id, "type": "action", "title": words[id], "context": context, "fetchTask": True}
        for id, context in contexts.items()
    ]


# --- icons


def icon(side: int, ground: Colour, sign: Colour) -> bytes:
    """A square picture as PNG: a bulb, which is a disc on a short neck."""
    rows = b"".join(b"\0" + b"".join(bytes(_pixel(x, y, side, ground, sign)) for x in range(side)) for y in range(side))
    head = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, held) for kind, held in parts)


def _pixel(x: int, y: int, side: int, ground: Colour, sign: Colour) -> Colour:
    across, down = (x + 0.5) / side - 0.5, (y + 0.5) / side
    disc = across**2 + (down - 0.42) ** 2 < 0.26**2
    neck = abs(across) < 0.1 and 0.6 < down < 0.82 and not 0.71 < down < 0.74  # noqa: PLR2004 - the same
    return sign if disc or neck else ground


def _chunk(kind: bytes, held: bytes) -> bytes:
    return struct.pack(">I", len(held)) + kind + held + struct.pack(">I", zlib.crc32(kind + held))
