"""Who the people are: language and zone come with each activity and are kept; names for whoever is mentioned."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from bot.domain.names import PersonId, TenantId
from bot.domain.people import Person
from bot.screens import Screen
from bot.usecases import Core
from bot.usecases.requests import Voice
from handlers.desk.wishes import Someone
from handlers.door import Door, Shut
from handlers.naming import authors

log = logging.getLogger(__name__)

MOST_KNOWN = 20_000
STRANGER = Voice("en", "UTC", fresh=False)
"""How to speak to somebody while even the database does not answer."""


class People:
    """Everybody met since the start."""

    def __init__(self, core: Core, door: Door, tenant: TenantId, now: Callable[[], datetime]) -> None:
        self._core = core
        self._door = door
        self._tenant = tenant
        self._now = now
        self._known: OrderedDict[PersonId, tuple[str, str, str]] = OrderedDict()
        self._of: OrderedDict[str, PersonId] = OrderedDict()

    async def met(self, person: Person) -> None:
        """Keeps what an activity said of its doer, once for each change of it."""
        told = (person.name, person.locale, person.zone)
        if self._known.get(person.id) != told:
            await self._door.do(self._core.people.keep_told, [person])
            self._known[person.id] = told
            self._known.move_to_end(person.id)
            while len(self._known) > MOST_KNOWN:
                self._known.popitem(last=False)

    async def learn(self, told: Mapping[str, Person]) -> None:
        """Keeps what a roster says of people, by their accounts."""
        for account, person in told.items():
            self.remember(account, person.id)
        await self._door.do(self._core.people.keep_told, [person for person in told.values() if person.id])

    def remember(self, account: str, person: PersonId) -> None:
        """Whose account it is: events tell the account alone."""
        self._of[account] = person
        self._of.move_to_end(account)
        while len(self._of) > MOST_KNOWN:
            self._of.popitem(last=False)

    def of(self, account: str) -> PersonId | None:
        """Whose account it is, as far as was told since the start."""
        return self._of.get(account)

    async def voice(self, who: Someone) -> Voice:
        """How to speak to somebody, whatever is out of order."""
        try:
            return await self._door.look(self._core.people.voice, replace(who.asker, person=who.account), self._now())
        except Shut:
            return STRANGER

    def forget(self, person: PersonId) -> None:
        """They changed their settings: nothing of them is remembered here."""

    async def names(self, screen: Screen) -> Mapping[PersonId, str]:
        """The names of everybody a screen tells of."""
        told = frozenset(authors(screen))
        return await self._door.look(self._core.people.named, self._tenant, told) if told else {}
