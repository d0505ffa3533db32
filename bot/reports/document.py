"""The hunt as a JSON document for other programs: stable keys, a version, moments in ISO 8601 UTC."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from bot.reports.report import ClosedRound, HuntReport, OpenRound, ReportIdea

SCHEMA = "ideahunt.report/1"
"""Grows by one when a key changes its meaning or goes; new keys may appear at any time."""

Document = dict[str, object]


def document(report: HuntReport) -> str:
    """The document as indented JSON, non-ASCII letters as they are."""
    return json.dumps(facts(report), ensure_ascii=False, indent=1) + "\n"


def facts(report: HuntReport) -> Document:
    """The document before it is written down."""
    return {
        "schema": SCHEMA,
        "made_at": _utc(report.made_at),
        "hunt": _hunt(report),
        "figures": {"ideas": len(report.counted), "voices": report.voices, "parked": len(report.parked)},
        "themes": [{"name": theme.name, "origin": theme.origin.value} for theme in report.themes],
        "ideas": [_idea(idea) for idea in sorted((*report.counted, *report.parked), key=lambda i: i.number)],
        "rounds": [_closed(r) if isinstance(r, ClosedRound) else _open(r) for r in report.rounds],
        "final": list(report.final),
        "undecided": list(report.undecided),
    }


def _hunt(report: HuntReport) -> Document:
    return {
        "question": report.question,
        "language": report.language,
        "zone": report.zone,
        "rooms": list(report.rooms),
        "phase": report.phase.value,
        "names": report.names.value,
        "created_at": _utc(report.created_at),
        "collect_until": _utc(report.collect_until),
        "vote_until": _utc(report.vote_until),
        "closed_at": _utc(report.closed_at),
    }


def _idea(idea: ReportIdea) -> Document:
    return {
        "number": idea.number,
        "text": idea.text,
        "title": idea.title or None,
        "theme": idea.theme or None,
        "author": idea.author or None,
        "state": idea.state.value,
        "merged_into": idea.merged_into,
        "voices": idea.voices,
        "way": idea.way.value,
        "posted_on": idea.day.isoformat(),
        "posted_at": _utc(idea.at),
    }


def _opened(round: OpenRound | ClosedRound) -> Document:
    return {
        "number": round.number,
        "runoff": round.runoff,
        "dots": round.rules.dots,
        "cap": round.rules.cap,
        "places": round.rules.places,
        "opened_at": _utc(round.rules.opened_at),
        "closes_at": _utc(round.rules.closes_at),
        "options": [option.number for option in round.options],
    }


def _open(round: OpenRound) -> Document:
    return {**_opened(round), "closed": False, "eligible": round.eligible or None, "voters": round.voters}


def _closed(round: ClosedRound) -> Document:
    tally = round.tally
    return {
        **_opened(round),
        "closed": True,
        "closed_at": _utc(round.closed_at),
        "eligible": tally.eligible or None,
        "voters": tally.voters,
        "quorum": round.quorum,
        "quorum_reached": round.quorate,
        "dots_placed": tally.dots_placed,
        "dots_possible": tally.dots_possible,
        "ranks": [
            {"place": r.place, "idea": r.option, "dots": r.dots, "supporters": r.supporters, "tied": r.tied}
            for r in tally.ranks
        ],
        "winners": list(tally.winners),
        "tied_at_cut": list(tally.tied_at_cut),
        "coverage": [{"ideas": list(c.chosen), "voters": c.voters} for c in round.coverages],
        "balanced": {"ideas": list(round.balanced.chosen), "voters": round.balanced.voters} if round.balanced else None,
        "seed": round.seed,
        "sha256": round.fingerprint,
    }


def _utc(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else None
