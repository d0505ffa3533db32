"""Everything people and the clock may ask of ideahunt: one method, one wish, one transaction."""

from __future__ import annotations

from dataclasses import dataclass

from bot.ports import Storage, Themer
from bot.usecases.ballots import Ballots
from bot.usecases.clock import Clock
from bot.usecases.facilitation import Facilitation
from bot.usecases.grouping import Grouping
from bot.usecases.hunts import Hunts
from bot.usecases.ideas import Ideas
from bot.usecases.incoming import Incoming
from bot.usecases.papers import Papers
from bot.usecases.people import People
from bot.usecases.post import Outgoing, Post
from bot.usecases.regrouping import Regrouping
from bot.usecases.reports import Reports
from bot.usecases.rooms import Rooms
from bot.usecases.themes import Themes
from bot.usecases.twins import Twins
from bot.usecases.votes import Votes
from bot.usecases.wordlist import WordLists


@dataclass(frozen=True, slots=True)
class Core:
    """Every use case, by noun: what handlers, the clock and the command line hold."""

    people: People
    hunts: Hunts
    ideas: Ideas
    incoming: Incoming
    grouping: Grouping
    themes: Themes
    words: WordLists
    votes: Votes
    ballots: Ballots
    papers: Papers
    facilitation: Facilitation
    reports: Reports
    post: Post
    clock: Clock
    rooms: Rooms


def build_core(storage: Storage, themer: Themer) -> Core:
    """The use cases over a storage and a Themer."""
    grouping, twins = Grouping(storage, themer), Twins()
    reports, papers = Reports(storage), Papers(storage)
    return Core(
        People(storage),
        Hunts(storage, themer.outside),
        Ideas(storage, themer, twins),
        Incoming(storage, themer, twins),
        grouping,
        Themes(storage, themer),
        WordLists(storage),
        Votes(storage, grouping),
        Ballots(storage),
        papers,
        Facilitation(storage),
        reports,
        Post(storage, reports, papers, themer.outside),
        Clock(storage, grouping, Regrouping(storage, themer)),
        Rooms(storage),
    )


__all__ = ["Core", "Outgoing", "build_core"]
