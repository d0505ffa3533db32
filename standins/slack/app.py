"""The app as Slack knows it from its manifest: scopes, events, commands, shortcuts and tokens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from standins.slack.wire import Json, Refused

# An event needs its line in `bot_events` and the scope that lets the app see it.
EVENT_SCOPES: Mapping[str, str | None] = {
    "app_home_opened": None,
    "app_uninstalled": None,
    "tokens_revoked": None,
    "app_mention": "app_mentions:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "channel_archive": "channels:read",
    "channel_unarchive": "channels:read",
    "channel_rename": "channels:read",
    "group_archive": "groups:read",
    "group_unarchive": "groups:read",
    "group_rename": "groups:read",
    "channel_left": "channels:read",
    "group_left": "groups:read",
    "team_join": "users:read",
    "user_change": "users:read",
    "pin_added": "pins:read",
    "pin_removed": "pins:read",
}


@dataclass(frozen=True, slots=True)
class App:
    """One installation of the app in the workspace."""

    manifest: Json
    id: str
    bot_token: str
    app_token: str
    signing_secret: str
    verification_token: str
    declined: frozenset[str] = frozenset()

    @property
    def scopes(self) -> list[str]:
        """List what was granted: the required scopes, and the optional ones nobody declined."""
        scopes = self.manifest["oauth_config"]["scopes"]
        asked = [*scopes.get("bot", []), *scopes.get("bot_optional", [])]
        return [scope for scope in asked if scope not in self.declined]

    @property
    def commands(self) -> dict[str, Json]:
        """List the slash commands by name."""
        return {each["command"]: each for each in self.manifest["features"].get("slash_commands", [])}

    def shortcut(self, callback_id: str, kind: str) -> bool:
        """Say whether the manifest declares this shortcut of kind `global` or `message`."""
        declared = self.manifest["features"].get("shortcuts", [])
        return any(each["callback_id"] == callback_id and each["type"] == kind for each in declared)

    def hears(self, subscription: str, scope: str | None = None) -> bool:
        """Say whether an event reaches the app: subscribed to, and covered by a scope."""
        wanted = self.manifest["settings"].get("event_subscriptions", {}).get("bot_events", [])
        needed = scope or EVENT_SCOPES.get(subscription)
        return subscription in wanted and (needed is None or needed in self.scopes)

    def require(self, *scopes: str) -> None:
        """Refuse with `missing_scope` when none of these was granted."""
        granted = self.scopes
        if scopes and not any(scope in granted for scope in scopes):
            raise Refused("missing_scope", breach="missing_scope", needed=",".join(scopes), provided=",".join(granted))
