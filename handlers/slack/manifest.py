"""The app as Slack is told of it: name, commands, shortcuts, events and the least permissions that make it work."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

EVENTS_PATH = "/slack/events"
"""Where Slack posts everything when the bot is reached over HTTP."""

SCOPES: Mapping[str, str] = {
    "commands": "`/ideahunt` and the shortcuts do not exist",
    "chat:write": "the bot cannot write anything",
    "channels:history": "messages in public channels do not become ideas",
    "channels:join": "the bot waits to be invited to public channels too",
    "channels:read": "the bot does not know who is in a public channel, so turnout is not shown",
    "groups:history": "messages in private channels do not become ideas",
    "groups:read": "the bot does not know who is in a private channel, so turnout is not shown",
    "im:history": "ideas sent in a direct message are not seen",
    "reactions:read": "a bulb reaction does not save a message as an idea",
    "reactions:write": "an idea taken from a message gets no receipt under it",
    "users:read": "everybody is answered in the default language and time zone",
}
"""The bot's permissions, each with what stops without it. The first two are the ones nothing works without."""
VITAL = ("commands", "chat:write")
OPTIONAL_SCOPES: Mapping[str, str] = {
    "files:write": "exports come as text in a direct message instead of a file",
    "im:write": "a message to one person may come twice when the bot was stopped while sending it",
    "pins:write": "the board is not pinned in its channel",
}
"""Permissions an administrator may decline when installing, each with what stops without it."""

EVENTS = (
    "app_home_opened",
    "app_uninstalled",
    "channel_archive",
    "channel_deleted",
    "channel_left",
    "channel_rename",
    "channel_unarchive",
    "group_archive",
    "group_deleted",
    "group_left",
    "group_rename",
    "group_unarchive",
    "member_joined_channel",
    "member_left_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "reaction_added",
    "reaction_removed",
    "tokens_revoked",
)
"""None needs a permission beyond SCOPES. Not `user_change`: a large workspace would send every change of status."""

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "description": "Run idea hunts in your channels: collect, group by theme, vote with dots, act on the result.",
        "long": (
            "ideahunt helps a team find ideas and do something with them. A facilitator types /ideahunt in a "
            "channel; everyone posts ideas, each alone first; the bot groups them by theme and points out "
            "duplicates; people vote with dots, in secret until the close; and the result is told plainly, ties "
            "included. Ideas may be posted without a name, and then no name is kept. French and English. It runs "
            "on your own machine, needs no artificial intelligence service, and reads only the channels it is in."
        ),
        "command": "Launch a hunt, add an idea, vote, see the results",
        "usage": "[new|idea|vote|board|results|close|export|settings|help]",
        "hunt_new": "Launch an idea hunt",
        "hunt_new.about": "Ask a question and collect ideas in a channel",
        "idea_new": "Add an idea",
        "idea_new.about": "Add an idea to a hunt that is open",
        "idea_from_message": "Save as an idea",
        "idea_from_message.about": "Add this message to a hunt",
    },
    "fr": {
        "description": "Des chasses aux idées dans vos salons : récolter, grouper par thème, voter, agir.",
        "long": (
            "ideahunt aide une équipe à trouver des idées et à en faire quelque chose. Une animatrice ou un "
            "animateur tape /ideahunt dans un salon ; chacun propose ses idées, d’abord de son côté ; le bot les "
            "groupe par thème et signale les doublons ; on vote avec des gommettes, en secret jusqu’à la clôture ; "
            "et le résultat est dit simplement, égalités comprises. On peut proposer sans nom : aucun nom n’est "
            "alors gardé. En français et en anglais. Il tourne chez vous, sans service d’intelligence artificielle, "
            "et ne lit que les salons où il se trouve."
        ),
        "command": "Lancer une chasse, proposer une idée, voter, voir les résultats",
        "usage": "[nouvelle|idée|vote|tableau|résultats|clore|export|réglages|aide]",
        "hunt_new": "Lancer une chasse",
        "hunt_new.about": "Poser une question et récolter des idées dans un salon",
        "idea_new": "Proposer une idée",
        "idea_new.about": "Ajouter une idée à une chasse en cours",
        "idea_from_message": "Garder comme idée",
        "idea_from_message.about": "Ajouter ce message à une chasse",
    },
}
"""Slack shows these in one language to everybody, whatever their own; hence not in the catalogues of the screens."""


def manifest(http_url: str | None = None, language: str = "en") -> dict[str, Any]:
    """The manifest, for Socket Mode, or for HTTP where `http_url` is the bot's public address (`https://host`).

    `language` is `en` or `fr`; raises KeyError for another. Shape and limits: Slack's app manifest reference.
    """
    words = WORDS[language]
    address = None if http_url is None else http_url.rstrip("/") + EVENTS_PATH
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": "ideahunt",
            "description": words["description"],
            "long_description": words["long"],
            "background_color": "#1F3A5F",
        },
        "features": _features(words, address),
        "oauth_config": {"scopes": {"bot": list(SCOPES), "bot_optional": list(OPTIONAL_SCOPES)}},
        "settings": _settings(address),
    }


def _features(words: Mapping[str, str], address: str | None) -> dict[str, Any]:
    command = {
        "command": "/ideahunt",
        "description": words["command"],
        "usage_hint": words["usage"],
        "should_escape": True,  # mentions and channels arrive as ids, not as names that may change
    }
    shortcuts = {"hunt_new": "global", "idea_new": "global", "idea_from_message": "message"}
    return {
        # The messages tab must be writable: an idea without a name comes as a direct message.
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": "ideahunt", "always_online": True},
        "slash_commands": [command if address is None else command | {"url": address}],
        "shortcuts": [
            {"type": kind, "name": words[id], "callback_id": id, "description": words[f"{id}.about"]}
            for id, kind in shortcuts.items()
        ],
    }


def _settings(address: str | None) -> dict[str, Any]:
    reached = {} if address is None else {"request_url": address}
    return {
        "event_subscriptions": {**reached, "bot_events": list(EVENTS)},
        "interactivity": {"is_enabled": True, **reached},
        "org_deploy_enabled": False,
        "socket_mode_enabled": address is None,
        "token_rotation_enabled": False,
    }
