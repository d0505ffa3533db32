"""The hunt as a JSON document for other programs: stable keys, a version, moments in ISO 8601 UTC.

Options go by the numbers of their ballot; `ballot` of a round tells what each is, under which sign people read it.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

from bot.domain.names import NO_THEME, sign
from bot.domain.tally import Coverage, Group, Rank, Tally
from bot.reports.report import ClosedRound, HuntReport, OpenRound, ReportIdea

SCHEMA = "ideahunt.report/1"
"""Grows by one when a key changes its meaning or goes; new keys may appear at any time."""

ORDER = {
    "voter": "sha256(seed|workspace|person)",
    "option": "sha256(voter:number)",
    "sorted_by": "option",
}
"""How anybody draws their own order again: digests in hexadecimal, the number that of `ballot`, smallest first."""

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
        "theme_suggested": idea.suggested,
        "theme_to_check": idea.unsure,
        "author": idea.author or None,
        "state": idea.state.value,
        "merged_into": idea.merged_into,
        "voices": idea.voices,
        "way": idea.way.value,
        "posted_on": idea.day.isoformat(),
        "posted_at": _utc(idea.at),
    }


def _opened(round: OpenRound | ClosedRound) -> Document:
    kept = round.round
    return {
        "number": round.number,
        "kind": kept.kind.value,
        "runoff": round.runoff,
        "dots": kept.dots,
        "cap": kept.cap,
        "places": kept.places,
        "who": kept.who.value,
        "quorum_rule": kept.quorum.value,
        "tie_rule": kept.tie.value,
        "secrecy": kept.secrecy.value,
        "by_role": kept.by_role,
        "keep_days": kept.keep_days,
        "opened_at": _utc(kept.opened_at),
        "closes_at": _utc(kept.closes_at),
        "options": [option.number for option in round.options],
        "ballot": [
            {"number": o.number, "sign": sign(o.number), "text": o.text, "title": o.title or None}
            for o in round.options
        ],
    }


def _open(round: OpenRound) -> Document:
    kept = round.round
    return {**_opened(round), "closed": False, "eligible": kept.eligible or None, "voters": kept.voters}


def _closed(round: ClosedRound) -> Document:
    return {
        **_opened(round),
        "closed": True,
        "closed_at": _utc(round.closed_at),
        **_counted(round.tally),
        "close_calls": [
            {"above": list(call.above), "below": list(call.below), "dots": call.dots, "gap": call.gap}
            for call in round.close_calls
        ],
        "waved": {"pairs": round.round.waved, "by": round.waved_by or None} if round.round.waved else None,
        "kept_until": _utc(round.kept_until),
        "seed": round.round.seed,
        "order": ORDER,
        "sha256": round.fingerprint or None,
    }


def _counted(tally: Tally) -> Document:
    return {
        "eligible": tally.eligible or None,
        "voters": tally.voters,
        "papers": tally.papers,
        "quorum": tally.quorum,
        "quorum_reached": tally.quorate,
        "dots_placed": tally.dots_placed,
        "dots_possible": tally.dots_possible,
        "ranks": [_rank(rank) for rank in tally.ranks],
        "winners": list(tally.winners),
        "tied_at_cut": list(tally.tied_at_cut),
        "coverage": [_covered(way) for way in tally.coverages],
        "balanced": _covered(tally.balanced) if tally.balanced else None,
        "groups": [_group(group) for group in tally.groups],
    }


def _rank(rank: Rank) -> Document:
    """`idea` is None for an option that is none."""
    return {
        "place": rank.place,
        "option": rank.option,
        "sign": sign(rank.option),
        "idea": rank.option if rank.option < NO_THEME else None,
        "dots": rank.dots,
        "supporters": rank.supporters,
        "tied": rank.tied,
    }


def _covered(list_: Coverage) -> Document:
    return {"ideas": list(list_.chosen), "voters": list_.voters}


def _group(group: Group) -> Document:
    """`role` is None for the small groups told together; `dots` None where ballots were detached."""
    dots = [{"option": option, "dots": dots} for option, dots in group.dots.items()]
    return {"role": group.role or None, "voters": group.voters, "eligible": group.eligible, "dots": dots or None}


def _utc(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else None
