"""The pact of a vote: the rules settled before its first dot, and the seal set at its close, in a few words."""

from __future__ import annotations

from dataclasses import dataclass

from bot.reports.annex import kept, quorum, rule
from bot.reports.report import ClosedRound
from bot.reports.telling import Telling
from bot.words import Moment

SHOWN = 16
"""Characters of the fingerprint on the wall; the annex holds it whole."""


@dataclass(frozen=True, slots=True)
class Pact:
    """What was promised and what was kept; `fingerprint` is its beginning, or "" where there is none."""

    ruled: str
    rules: tuple[str, ...]
    sealed: str
    seal: tuple[str, ...]
    print_label: str
    fingerprint: str


def pact(telling: Telling, round: ClosedRound) -> Pact:
    """The pact of a closed round."""
    say = telling.say
    return Pact(
        ruled=say("report.pact.ruled"),
        rules=(rule(telling, round), quorum(telling, round), say(f"rules.tie.{round.round.tie}")),
        sealed=say("report.pact.heading", at=Moment(round.closed_at)),
        seal=(say(f"report.pact.{round.round.secrecy}"), kept(telling, round)),
        print_label=say("report.pact.print"),
        fingerprint=round.fingerprint[:SHOWN],
    )
