"""What a voter is told before the first dot: the rules, and who can see what; made from the round's real settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.domain.ballot import Round
from bot.domain.rules import LEAST_VOTERS, RoundKind
from bot.words.parts import Moment

Said = tuple[str, Mapping[str, object]]
"""A key of the catalogue and its facts."""


def rules_told(round: Round) -> tuple[Said, ...]:
    """The rules of a round, a sentence each: budget, places, until when; then who, quorum, ties.

    No quorum is promised where it is not known how many may vote: nobody could say whether it was reached.
    """
    return tuple(_rules(round))


def _rules(round: Round) -> Iterator[Said]:
    yield "rules.dots" if round.cap < round.dots else "rules.dots.free", {"n": round.dots, "cap": round.cap}
    yield "rules.places.themes" if round.kind is RoundKind.THEMES else "rules.places", {"n": round.places}
    if round.closes_at is not None:
        yield "rules.until", {"at": Moment(round.closes_at)}
    else:
        yield "rules.no_end", {}
    yield f"rules.who.{round.who}", {}
    needed = round.quorum.of(round.eligible)
    if needed is not None:
        yield "rules.quorum", {"n": needed, "eligible": round.eligible}
    yield f"rules.tie.{round.tie}", {}


def trust_told(round: Round, role: str = "") -> tuple[Said, ...]:
    """Who can see what, what is stored and for how long; changes when the settings change, because it is made of them.

    Says "confidential" of the open round, and "nobody can link" of the closed one only: while a key exists a ballot is
    pseudonymous, not anonymous (CNIL; product page c.1). `role`: the one the reader counts under.
    """
    return tuple(_trust(round, role))


def paper_told(round: Round) -> tuple[Said, ...]:
    """What is true of a ballot on paper: it has no name, a facilitator types it in, it is counted like any other."""
    return (("trust.paper", {}), ("trust.totals", {}), _kept(round))


def _trust(round: Round, role: str) -> Iterator[Said]:
    yield "trust.totals", {}
    yield f"trust.{round.secrecy}", {}
    yield _kept(round)
    if round.by_role:
        yield "trust.roles", {"n": LEAST_VOTERS}
        if role:
            yield "trust.role", {"role": role}
    if _few(round):
        yield "trust.few", {"n": LEAST_VOTERS}
    yield "trust.limits", {}


def _kept(round: Round) -> Said:
    """So few ballots are never kept: a list of them could point at somebody."""
    if _few(round) or not round.keep_days:
        return "trust.kept.none", {}
    return "trust.kept", {"n": round.keep_days, "least": LEAST_VOTERS}


def _few(round: Round) -> bool:
    return 0 < round.eligible < LEAST_VOTERS
