"""Which accounts are one person: read into memory, because every payload of both platforms asks it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace

from bot.domain.names import PersonId, TenantId
from bot.domain.people import Asker
from bot.usecases import Core
from handlers.door import Door, Shut

log = logging.getLogger(__name__)


class Accounts:
    """The linked accounts of one tenant. Read anew at every tick; ballots ask the database itself besides."""

    def __init__(self, core: Core, door: Door, tenant: TenantId) -> None:
        self._core = core
        self._door = door
        self._tenant = tenant
        self._main: Mapping[PersonId, PersonId] = {}

    async def read(self) -> None:
        """What is linked now; where the database does not answer, what was linked before."""
        try:
            self._main = await self._door.look(self._core.rooms.accounts, self._tenant)
        except Shut as shut:
            log.warning("linked accounts were not read: %s", shut)

    def itself(self, person: PersonId) -> PersonId:
        """The account a person is known under."""
        return self._main.get(person, person)

    def asker(self, asker: Asker) -> Asker:
        """The asker under the account they are known under."""
        main = self._main.get(asker.person)
        return asker if main is None else replace(asker, person=main)

    def every(self, person: PersonId) -> tuple[PersonId, ...]:
        """All accounts of a person, the one they are known under first."""
        main = self.itself(person)
        return (main, *(other for other, stands_for in self._main.items() if stands_for == main))
