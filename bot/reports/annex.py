"""The method annex: how a round was held and counted, from its real settings, so that anybody can check it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.names import FIRST_EXTRA
from bot.domain.rules import LEAST_VOTERS, Quorum, RoundKind, Secrecy
from bot.reports.report import ClosedRound
from bot.reports.telling import Telling
from bot.words import Moment, Raw

EXPECTED = 16
"""Characters of the fingerprint in the command that checks it."""


def annexes(telling: Telling) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """A heading and its sentences for each closed round, then what holds for all of them."""
    rounds = telling.report.closed_rounds
    told = tuple((telling.heading(round), annex(telling, round)) for round in rounds)
    return (*told, (telling.say("report.method.all"), tuple(_all(telling, rounds)))) if rounds else ()


def annex(telling: Telling, round: ClosedRound) -> tuple[str, ...]:
    """One sentence a fact, from the ballot to the fingerprint."""
    told = (
        *_ballot(telling, round),
        rule(telling, round),
        *_voters(telling, round),
        quorum(telling, round),
        *_ties(telling, round),
        *secrecy(telling, round),
        *_check(telling, round),
    )
    return tuple(sentence for sentence in told if sentence)


def _all(telling: Telling, rounds: tuple[ClosedRound, ...]) -> Iterator[str]:
    """The yardstick of a close call, second readings, the recipe of an order, what a fingerprint covers, the limits."""
    yield telling.say("report.method.close")
    if any(round.tally.balanced for round in rounds):
        yield telling.say("report.method.balanced")
    if any(round.round.by_role for round in rounds):
        yield telling.say("report.method.groups", n=LEAST_VOTERS)
    if any(round.round.seed for round in rounds):
        yield telling.say("report.method.recipe")
    if any(round.fingerprint for round in rounds):
        yield telling.say("report.method.covers")
    yield telling.say("report.method.limits")


def rule(telling: Telling, round: ClosedRound) -> str:
    """Dots, cap and places."""
    rules = round.round.rules
    themes = round.round.kind is RoundKind.THEMES
    places = Raw(telling.say("report.method.places", n=rules.places))
    dots = Raw(telling.dots(rules.dots))
    if themes:
        return telling.say("report.method.rule.themes", dots=dots, cap=rules.cap, places=places)
    return telling.say("report.method.rule", dots=dots, cap=rules.cap, places=places)


def quorum(telling: Telling, round: ClosedRound) -> str:
    """The quorum of the round's own rule, and whether it was reached."""
    share, tally = round.round.quorum, round.tally
    if share is Quorum.NONE:
        return telling.say("report.method.quorum.none")
    if tally.quorum is None:
        return telling.say(f"rules.quorum.share.{share}")
    key = "report.method.quorum.reached" if tally.quorate else "report.method.quorum.missed"
    return telling.say(key, share=Raw(telling.say(f"report.method.quorum.share.{share}")), n=tally.quorum)


def secrecy(telling: Telling, round: ClosedRound) -> tuple[str, ...]:
    """How ballots and voters were kept apart, what was destroyed at the close, and what is kept until when."""
    detached = round.round.secrecy is Secrecy.DETACHED
    key = "report.method.detached" if detached else "report.method.sealed"
    return (telling.say(key, at=Moment(round.closed_at, "date")), kept(telling, round))


def kept(telling: Telling, round: ClosedRound) -> str:
    """Whether ballots without names are kept for recounts, and until when."""
    if until := round.kept_until:
        return telling.say("report.method.kept", n=round.round.keep_days, at=Moment(until, "date"))
    if round.too_few and round.round.keep_days:
        return telling.say("report.method.kept.few", n=LEAST_VOTERS)
    return telling.say("report.method.kept.none")


def _ballot(telling: Telling, round: ClosedRound) -> Iterator[str]:
    """What stood on the ballot, and which likely duplicates nobody had decided."""
    extras = [option.number for option in round.options if option.number >= FIRST_EXTRA]
    yield telling.say("report.method.options", n=len(round.options) - len(extras))
    if extras:
        yield telling.say("report.method.extras", options=Raw(telling.listed(extras)))
    if round.round.waved:
        yield telling.say("report.method.waved", n=round.round.waved, who=Raw(round.waved_by))


def _voters(telling: Telling, round: ClosedRound) -> Iterator[str]:
    """Who could vote, how many did, how many of them on paper."""
    tally = round.tally
    who = telling.say(f"report.method.who.{round.round.who}")
    yield f"{who} {telling.say('report.method.abstain')}"
    voters = telling.say("report.voters", n=tally.voters)
    yield telling.say("report.method.turnout", voters=Raw(voters), eligible=tally.eligible)
    if tally.papers:
        yield telling.say("results.papers", n=tally.papers)


def _ties(telling: Telling, round: ClosedRound) -> Iterator[str]:
    """The rule, then what happened."""
    yield telling.say(f"rules.tie.{round.round.tie}")
    tied = round.tally.tied_at_cut
    if not tied:
        yield telling.say("report.method.clean")
        return
    yield telling.say("report.method.undecided", ideas=Raw(telling.listed(tied)))
    if after := telling.report.parting(round):
        yield telling.say("report.method.parted", number=int(after.number))


def _check(telling: Telling, round: ClosedRound) -> Iterator[str]:
    """The seed of the orders, the fingerprint, and the command that compares it."""
    if round.round.seed:
        yield telling.say("report.method.order", seed=Raw(round.round.seed))
    if round.fingerprint:
        yield telling.say("report.method.hash", hash=Raw(round.fingerprint))
        command = f"ideahunt verify {round.round.hunt} {round.number} --expect {round.fingerprint[:EXPECTED]}"
        yield telling.say("report.method.check", command=Raw(command))
