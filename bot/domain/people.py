"""People, rooms and tenants as the core knows them: no e-mail, no profile, no picture."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.names import HuntId, PersonId, RoomId, TenantId

LANGUAGES = ("en", "fr")


def language_of(locale: str) -> str:
    """French for any French locale, English for every other."""
    return "fr" if locale.lower().startswith("fr") else "en"


@dataclass(frozen=True, slots=True)
class Tenant:
    """One workspace. `active` turns false when its token dies; nothing is sent then."""

    id: TenantId
    bot: PersonId | None = None
    language: str = "en"
    zone: str = "UTC"
    active: bool = True


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody seen in a tenant. `language` is their own choice; `locale` and `zone` what the platform says, or ""."""

    tenant: TenantId
    id: PersonId
    name: str = ""
    locale: str = ""
    zone: str = "UTC"
    language: str | None = None
    outsider: bool = False
    """From another organisation (a shared channel) or a guest."""
    inactive: bool = False
    muted: bool = False
    """Wants no reminders."""
    plain_ballot: bool = False
    """Wants the ballot with number fields (screen readers, keyboards)."""
    role: str = ""
    """A label a facilitator gave ("field staff"), for figures of groups of five or more."""
    seen_at: datetime | None = None

    @property
    def speaks(self) -> str:
        """`fr` or `en`: the language of every private answer to this person."""
        return self.language or language_of(self.locale)


@dataclass(frozen=True, slots=True)
class Room:
    """A channel. `language` is the language of announcements there."""

    tenant: TenantId
    id: RoomId
    name: str = ""
    language: str = "en"
    zone: str = "UTC"
    private: bool = False
    digest: bool = True
    present: bool = False
    """The bot is in the room."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who is asking, in which tenant: the first argument of every use case a person may start."""

    tenant: TenantId
    person: PersonId


@dataclass(frozen=True, slots=True)
class Conversation:
    """Where a room, or a person's own chat with the bot, is written to on a platform that does not look it up itself.

    `place` is the room's or the person's id; `id` what the platform calls the conversation; `team` the team a channel
    belongs to.
    """

    tenant: TenantId
    place: RoomId | PersonId
    id: str
    service_url: str
    team: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """A short word typed on the other platform: it adds a room to `hunt`, or links the account of `person`."""

    tenant: TenantId
    code: str
    expires_at: datetime
    hunt: HuntId | None = None
    person: PersonId | None = None
