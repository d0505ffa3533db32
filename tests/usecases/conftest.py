"""The town of the use-case tests, on each database."""

from __future__ import annotations

import pytest

from bot.domain.names import PersonId
from bot.domain.people import Room, Tenant
from bot.theming import LexicalThemer
from bot.usecases import build_core
from storage.sql import SqlStorage
from tests.usecases.town import PEOPLE, ROOM, TENANT, Town, person


@pytest.fixture
def town(clean_storage: SqlStorage) -> Town:
    """An open workspace with six people in one room, on each database."""
    core = build_core(clean_storage, LexicalThemer())
    core.people.keep_tenant(Tenant(TENANT, PersonId("bot"), "fr", "Europe/Paris"))
    for name in PEOPLE:
        core.people.keep(person(name))
    core.people.keep_room(
        Room(TENANT, ROOM, "transfo", zone="Europe/Paris", present=True), [PersonId(n) for n in (*PEOPLE, "bot")]
    )
    return Town(core, clean_storage)
