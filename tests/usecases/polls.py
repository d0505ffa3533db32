"""Hunts that are ready to vote, and what tests read in a database beside the screens."""

from __future__ import annotations

from sqlalchemy import text

from bot.domain.ballot import Ballot, Round
from bot.domain.names import HuntId, PersonId, RoundNumber
from bot.domain.tally import Tally
from bot.screens import Results
from tests.usecases.town import ROOM, TENANT, Town, person

VOTERS = ("paul", "youssef", "monique", "karima", "didier")
TEXTS = (
    "Fence a field for the dogs.",
    "Build a hide to watch birds.",
    "Plant an orchard near the school.",
    "Mark three paths by colour.",
    "Open the gate on Sundays.",
    "Lend lamps for night walks.",
    "Invite a choir at midsummer.",
    "Keep bees behind the barn.",
)


def ready(town: Town, options: int = 6, **launch: object) -> HuntId:
    """A revealed hunt whose ideas are nothing like each other."""
    hunt = town.launch(**launch)
    for n in range(options):
        town.post(hunt, VOTERS[n % len(VOTERS)], TEXTS[n])
    town.core.hunts.reveal(town.asker("ines"), hunt, now=town.now)
    return hunt


def join(town: Town, *names: str, **rest: object) -> None:
    """People who come into the room."""
    for name in names:
        town.core.people.keep(person(name, **rest))
        town.core.people.member_joined(TENANT, ROOM, PersonId(name))


def round_of(town: Town, hunt: HuntId, number: int = 1) -> Round:
    with town.storage.look() as unit:
        return unit.rounds.get(TENANT, hunt, RoundNumber(number))


def ballot_of(town: Town, hunt: HuntId, name: str, number: int = 1) -> Ballot:
    with town.storage.look() as unit:
        return unit.rounds.ballot(round_of(town, hunt, number), PersonId(name))


def closed(town: Town, hunt: HuntId) -> Tally:
    """The tally once the facilitator closed the vote."""
    town.core.votes.close(town.asker("ines"), hunt, now=town.now)
    return results(town).tally


def results(town: Town) -> Results:
    told = town.core.votes.results(town.asker("didier"), ROOM, now=town.now)
    assert isinstance(told, Results)
    return told


def audit(town: Town, deed: str) -> list[tuple[object, ...]]:
    """Who did a deed and about what, from the audit trail."""
    return rows(town, f"select actor, object from audit where deed = '{deed}' order by at, id")


def rows(town: Town, query: str) -> list[tuple[object, ...]]:
    """What a query finds in the database itself."""
    with town.storage.begin() as unit:
        return [tuple(row) for row in unit.rounds.connection.execute(text(query))]
