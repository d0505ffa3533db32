"""The Bois des Forts hunt as a finished report, built from the day's own file: what the drawings are tried on."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from bot.domain.ballot import Option
from bot.domain.hunt import Phase
from bot.domain.ideas import IdeaState, Way
from bot.domain.names import IdeaNumber, RoundNumber
from bot.domain.tally import Score, count, coverage
from bot.reports import ClosedRound, Coverage, HuntReport, OpenRound, ReportIdea, ReportTheme, Rules

OPENED = datetime(2018, 3, 21, 15, 50, tzinfo=UTC)


@cache
def day() -> Any:
    return json.loads((files("standins.play") / "bois_des_forts.json").read_text("utf-8"))


def number(key: str) -> IdeaNumber:
    return IdeaNumber(int(key[1:]))


def themes() -> tuple[ReportTheme, ...]:
    return tuple(ReportTheme(challenge["question"]) for challenge in day()["defis"])


@cache
def ideas() -> tuple[ReportIdea, ...]:
    people = {person["cle"]: person["nom"] for person in day()["personnes"]}
    challenges = {challenge["id"]: challenge["question"] for challenge in day()["defis"]}
    merged = {key: lead for lead, pile in day()["fusions"].items() for key in pile["membres"] if key != lead}
    posted = datetime(2018, 3, 21, 14, 47, tzinfo=UTC)
    return tuple(
        ReportIdea(
            number=number(idea["id"]),
            text=idea["texte"],
            day=posted.date(),
            title=day()["fusions"].get(idea["id"], {}).get("titre", ""),
            theme=challenges[idea["defi"]],
            author="" if idea["anonyme"] else people[idea["auteur"]],
            at=None if idea["anonyme"] else posted + timedelta(seconds=20 * place),
            state=IdeaState.MERGED if idea["id"] in merged else IdeaState.STANDING,
            way=Way.DIRECT if idea["anonyme"] else Way.FORM,
            merged_into=number(merged[idea["id"]]) if idea["id"] in merged else None,
            voices=2 if idea["id"] in day()["fusions"] else 1,
        )
        for place, idea in enumerate(day()["idees"])
    )


def options() -> tuple[Option, ...]:
    standing = (idea for idea in ideas() if idea.state is IdeaState.STANDING)
    return tuple(Option(idea.number, idea.text, idea.theme, idea.title) for idea in standing)


def papers() -> list[dict[IdeaNumber, int]]:
    return [{number(k): n for k, n in paper.items()} for paper in day()["vote"]["bulletins"].values()]


def rules(dots: int = 7, cap: int = 2, places: int = 4, after_days: int = 0) -> Rules:
    opened = OPENED + timedelta(days=after_days)
    return Rules(dots, cap, places, opened, opened + timedelta(days=2))


def open_round() -> OpenRound:
    return OpenRound(RoundNumber(1), rules(), options(), 18, 9)


def main_round() -> ClosedRound:
    scores = [
        Score(o.number, sum(p.get(o.number, 0) for p in papers()), sum(1 for p in papers() if o.number in p))
        for o in options()
    ]
    tally = count(scores, 4, 14, 18, 7)
    ways = tuple(
        Coverage((*tally.winners, tied), coverage(papers(), (*tally.winners, tied))) for tied in tally.tied_at_cut
    )
    closed = datetime(2018, 3, 23, 16, tzinfo=UTC)
    return ClosedRound(RoundNumber(1), rules(), options(), tally, closed, seed="5e" * 16, coverages=ways)


def runoff() -> ClosedRound:
    scores = [Score(number("I11"), 5, 5), Score(number("I16"), 8, 8)]
    tally = count(scores, 1, 13, 18, 1)
    closed = datetime(2018, 3, 27, 10, tzinfo=UTC)
    over = tuple(option for option in options() if option.number in {11, 16})
    return ClosedRound(RoundNumber(2), rules(1, 1, 1, 4), over, tally, closed, runoff=True, seed="a1" * 16)


def report(
    language: str = "fr",
    rounds: tuple[OpenRound | ClosedRound, ...] | None = None,
    more: tuple[ReportIdea, ...] = (),
    phase: Phase = Phase.CLOSED,
) -> HuntReport:
    """The whole hunt, or as it stood with other rounds."""
    return HuntReport(
        question="Comment mieux vivre ensemble le Bois des Forts, promeneurs, métiers et milieux ?",
        language=language,
        zone="Europe/Paris",
        rooms=("transfo-dunkerque",),
        phase=phase,
        created_at=datetime(2018, 3, 21, 14, 45, tzinfo=UTC),
        made_at=datetime(2018, 3, 27, 10, 5, tzinfo=UTC),
        ideas=(*ideas(), *more),
        themes=themes(),
        rounds=(main_round(), runoff()) if rounds is None else rounds,
        collect_until=datetime(2018, 3, 21, 14, 58, tzinfo=UTC),
    )
