"""One transaction: every store on one connection, built when first asked for."""

from __future__ import annotations

from functools import cached_property

from sqlalchemy import Connection

from storage.calendar import SqlCalendar
from storage.hunts import SqlHunts
from storage.ideas import SqlIdeas
from storage.letters import SqlLetters
from storage.links import SqlLinks
from storage.people import SqlPeople
from storage.rounds import SqlRounds


class SqlUnit:
    """bot.ports.Unit on a connection whose transaction somebody else begins and ends."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @cached_property
    def people(self) -> SqlPeople:
        return SqlPeople(self._connection)

    @cached_property
    def hunts(self) -> SqlHunts:
        return SqlHunts(self._connection)

    @cached_property
    def ideas(self) -> SqlIdeas:
        return SqlIdeas(self._connection)

    @cached_property
    def rounds(self) -> SqlRounds:
        return SqlRounds(self._connection)

    @cached_property
    def letters(self) -> SqlLetters:
        return SqlLetters(self._connection)

    @cached_property
    def calendar(self) -> SqlCalendar:
        return SqlCalendar(self._connection)

    @cached_property
    def links(self) -> SqlLinks:
        return SqlLinks(self._connection)
