"""Whether a person may vote in a round, inside a transaction: the list, the rooms, the rules."""

from __future__ import annotations

from bot.domain.ballot import Elector, Round
from bot.domain.errors import AlreadyVoted, NotAVoter, ObserverDoesNotVote, VoteOver, WrongPhase
from bot.domain.hunt import Hunt, Phase
from bot.domain.names import HuntId, PersonId
from bot.domain.people import Asker
from bot.domain.rules import Electorate
from bot.ports import Unit
from bot.usecases.closing import may_vote


def open_round_of(unit: Unit, asker: Asker, hunt: HuntId) -> tuple[Hunt, Round]:
    """The hunt and its open round. Raises WrongPhase before any, VoteOver after the last."""
    kept = unit.hunts.get(asker.tenant, hunt)
    round = unit.rounds.latest(asker.tenant, hunt)
    if round is None:
        raise WrongPhase(kept.phase.value, (Phase.VOTING.value,))
    if not round.open:
        raise VoteOver(round.closed_at)
    return kept, round


def expect_voter(unit: Unit, hunt: Hunt, round: Round, asker: Asker) -> Elector:
    """Where the person stands. Raises NotAVoter, and AlreadyVoted where their ballot is cast or on paper.

    Listed voters vote; so do those who facilitated when the round opened, and, by the rule ROOM, whoever facilitates
    or joined a room of the hunt since. Guests, observers and deactivated people never do. Where a room's members are
    not known, everybody of the tenant may vote.
    """
    elector = unit.rounds.elector(round, asker.person)
    if elector.on_paper or (round.detached and elector.done):
        raise AlreadyVoted
    if elector.listed:
        return elector
    here = elector.enrolled or hunt.led_by(asker.person) or in_a_room(unit, hunt, asker.person)
    late = round.who is Electorate.PRESENT and bool(round.eligible) and not elector.enrolled
    if late or not here or not may_vote(unit, hunt, asker.person):
        raise ObserverDoesNotVote if asker.person in hunt.observers else NotAVoter
    return elector


def in_a_room(unit: Unit, hunt: Hunt, person: PersonId) -> bool:
    """Whether the person is in a room of the hunt, or in one whose members are not known."""
    rooms = unit.hunts.rooms(hunt.tenant, hunt.id)
    return any(unit.people.is_member(hunt.tenant, place.room, person) is not False for place in rooms)
