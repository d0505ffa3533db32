"""Who the people are: their language and zone for every private answer, their names for the mentions they are in."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.domain.cadence import known_zone
from bot.domain.names import PersonId
from bot.domain.people import Asker, Person
from bot.screens import Screen
from bot.usecases import Core
from bot.usecases.requests import Voice
from handlers.desk.wishes import Someone, text_at
from handlers.door import Door, Shut
from handlers.naming import Names, authors
from handlers.platform import Trouble, Wait
from handlers.slack.payloads import Home, ours
from handlers.slack.web_api import WebApi

log = logging.getLogger(__name__)

FRESH = timedelta(hours=24)
HURRY = 0.8
"""Seconds a person's first answer waits for their language: a trigger lives three."""
MOST_KNOWN = 20_000
MOST_LANGUAGE_WAIT = 5.0
PATIENCE = 20.0


class People:
    """Everybody met since the start, and what the platform says of them."""

    def __init__(self, core: Core, door: Door, api: WebApi, home: Home, now: Callable[[], datetime]) -> None:
        self._core = core
        self._door = door
        self._api = api
        self._home = home
        self._now = now
        self._voices: OrderedDict[PersonId, tuple[Voice, datetime]] = OrderedDict()
        self._strangers: set[PersonId] = set()
        self._waiting: asyncio.Queue[PersonId] = asyncio.Queue()
        self._queued: set[PersonId] = set()
        self.stopping = False
        self.names: dict[str, str] = {}
        """Person -> the name to read where somebody mentions them."""

    async def strangers(self, screen: Screen) -> Names:
        """The names of authors who are not of Slack; nothing is asked where there is none."""
        told = frozenset(person for person in authors(screen) if not ours(person))
        return await self._door.look(self._core.people.named, self._home.tenant, told) if told else {}

    async def voice(self, who: Someone) -> Voice:
        """How to speak to somebody: from memory, else from the database, else from Slack if it answers at once."""
        person, account = who.account, replace(who.asker, person=who.account)
        self._note_stranger(who)
        held = self._voices.get(person)
        if held is not None and self._now() - held[1] < FRESH:
            return held[0]
        voice = await self._door.look(self._core.people.voice, account, self._now())
        if voice.fresh:
            return self._hold(person, voice)
        if await self._asked_in_time(person):
            return self._hold(person, await self._door.look(self._core.people.voice, account, self._now()))
        self.learn([person])
        return voice

    def known(self, person: PersonId) -> Voice | None:
        """What memory holds of somebody, however old."""
        held = self._voices.get(person)
        return held[0] if held else None

    def forget(self, person: PersonId) -> None:
        """They changed their settings."""
        self._voices.pop(person, None)

    async def named(self, people: Iterable[str]) -> Mapping[str, str]:
        """The names of people, as far as they can be had at once."""
        for person in people:
            if person not in self.names:
                await self._asked_in_time(PersonId(person))
        return self.names

    def learn(self, people: Iterable[str]) -> None:
        """Asks Slack about people when there is time; nobody is asked about twice a day."""
        for person in map(PersonId, people):
            if person not in self._queued and person not in self._voices:
                self._queued.add(person)
                self._waiting.put_nowait(person)

    async def run(self) -> None:
        """Learns about whoever is waiting, one after the other, until stopped."""
        while not self.stopping:
            person = await self._waiting.get()
            self._queued.discard(person)
            try:
                await self._learn(person)
            except Wait as wait:
                await asyncio.sleep(wait.seconds)
                self.learn([person])
            except (Trouble, Shut) as trouble:
                log.info("a person's language stays unknown for now: %s", trouble)
                await asyncio.sleep(MOST_LANGUAGE_WAIT)

    async def _learn(self, person: PersonId) -> None:
        asker = Asker(self._home.tenant, person)
        voice = await self._door.look(self._core.people.voice, asker, self._now())
        if not voice.fresh:
            await self._ask(person, PATIENCE)
        elif person not in self._voices:
            self._hold(person, voice)

    async def _asked_in_time(self, person: PersonId) -> bool:
        try:
            await asyncio.wait_for(self._ask(person, 0.0), HURRY)
        except (Trouble, TimeoutError):
            return False
        return True

    async def _ask(self, person: PersonId, patience: float) -> None:
        answer = await self._api.call("users.info", user=person, include_locale=True, patience=patience)
        user = answer.get("user")
        if isinstance(user, Mapping):
            await self._door.do(self._core.people.keep, self._read(person, user))

    def _read(self, person: PersonId, user: Mapping[str, Any]) -> Person:
        """A user object as the core keeps it: no e-mail, no picture. Bots do not vote: they are inactive."""
        names = (text_at(user, "profile", "display_name"), text_at(user, "real_name"), text_at(user, "name"))
        self.names[person] = next((name for name in names if name), str(person))
        zone = text_at(user, "tz")
        elsewhere = text_at(user, "team_id") not in {"", self._home.team} and not user.get("enterprise_user")
        guest = bool(user.get("is_restricted") or user.get("is_ultra_restricted") or user.get("is_stranger"))
        return Person(
            self._home.tenant,
            person,
            name=self.names[person],
            locale=text_at(user, "locale"),
            zone=zone if zone and known_zone(zone) else "",  # the core falls back on the workspace's own
            outsider=elsewhere or guest or person in self._strangers,
            inactive=bool(user.get("deleted") or user.get("is_bot")),
            seen_at=self._now(),
        )

    def _note_stranger(self, who: Someone) -> None:
        """Somebody from another workspace, seen in a shared channel: what memory held of them is asked again."""
        if who.stranger and who.account not in self._strangers:
            self._strangers.add(who.account)
            self.forget(who.account)

    def _hold(self, person: PersonId, voice: Voice) -> Voice:
        self._voices[person] = (replace(voice, fresh=True), self._now())
        self._voices.move_to_end(person)
        while len(self._voices) > MOST_KNOWN:
            self._voices.popitem(last=False)
        return voice
