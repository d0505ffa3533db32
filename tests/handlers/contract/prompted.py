"""The real core, whose next answer a test may choose: a screen to be shown as it is, a button to press, a refusal."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.domain.errors import Refusal
from bot.domain.names import RoomId
from bot.domain.people import Asker
from bot.screens import Help, Hub, LaunchForm, Note, Screen
from bot.theming import LexicalThemer
from bot.usecases import Core, build_core
from bot.usecases.hunts import Hunts
from bot.usecases.people import People
from bot.usecases.requests import SettingsRequest
from storage.sql import SqlStorage


@dataclass
class Prompt:
    """What is answered instead, while it is set: `opened` as a form (the hub), `told` as a message (help)."""

    opened: Screen | None = None
    told: Screen | None = None
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class PromptedHunts(Hunts):
    """Hunts, with a chosen hub and a chosen help."""

    prompt: Prompt = field(default_factory=Prompt)

    def hub(self, asker: Asker, room: RoomId, now: datetime) -> Hub | LaunchForm:
        """The chosen screen, or the hub."""
        if self.prompt.opened is not None:
            return self.prompt.opened  # type: ignore[return-value]  # any screen, on purpose
        return Hunts.hub(self, asker, room, now)

    def help(self, asker: Asker, room: RoomId) -> Help:
        """The chosen screen, the chosen refusal, or help."""
        if self.prompt.refusal is not None:
            raise self.prompt.refusal
        if self.prompt.told is not None:
            return self.prompt.told  # type: ignore[return-value]  # any screen, on purpose
        return Hunts.help(self, asker, room)


@dataclass(frozen=True, slots=True)
class PromptedPeople(People):
    """People, whose settings may be refused."""

    prompt: Prompt = field(default_factory=Prompt)

    def keep_settings(self, asker: Asker, wanted: SettingsRequest, now: datetime) -> Note:
        """The chosen refusal, or the settings kept."""
        if self.prompt.refusal is not None:
            raise self.prompt.refusal
        return People.keep_settings(self, asker, wanted, now)

    def mute(self, asker: Asker, now: datetime) -> Note:
        """The chosen refusal, or muted."""
        if self.prompt.refusal is not None:
            raise self.prompt.refusal
        return People.mute(self, asker, now)


def prompted(prompt: Prompt, storage: SqlStorage) -> Core:
    """The core with a prompt."""
    core = build_core(storage, LexicalThemer())
    return replace(core, hunts=PromptedHunts(storage, prompt=prompt), people=PromptedPeople(storage, prompt=prompt))
