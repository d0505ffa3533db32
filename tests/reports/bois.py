"""The Bois des Forts hunt as a finished report, built from the day's own file: what the drawings are tried on."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from bot.domain.ballot import Extra, Option, Round
from bot.domain.hunt import Phase
from bot.domain.ideas import IdeaState, Way
from bot.domain.names import NO_THEME, HuntId, IdeaNumber, RoundNumber, TenantId
from bot.domain.readings import read
from bot.domain.rules import Quorum, RoundKind, TieRule
from bot.domain.tally import Group, Score, Tally, count
from bot.reports import ClosedRound, HuntReport, OpenRound, ReportIdea, ReportTheme

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


def kept(number: int = 1, closed_at: datetime | None = None, **more: Any) -> Round:
    """The round as storage has it: 7 dots, 2 at most on one idea, 4 places."""
    rules: dict[str, Any] = {"dots": 7, "cap": 2, "places": 4, "opened_at": OPENED, "eligible": 18, "voters": 9}
    rules["closes_at"] = OPENED + timedelta(days=2)
    round = {"tenant": TenantId("slack:TCANARY"), "hunt": HuntId("3f2a3f2a3f2a"), "number": RoundNumber(number)}
    return Round(**{**round, **rules, "closed_at": closed_at, **more})


def open_round(**more: Any) -> OpenRound:
    return OpenRound(kept(**more), options())


def counted(cast: list[dict[IdeaNumber, int]], over: tuple[Option, ...], places: int, **more: Any) -> Tally:
    """The tally as the close seals it."""
    scores = [Score(o.number, sum(p.get(o.number, 0) for p in cast), sum(o.number in p for p in cast)) for o in over]
    dots = more.pop("dots", 7)
    return replace(read(count(scores, places, len(cast), 18, dots), cast), quorum=Quorum.TWO_THIRDS.of(18), **more)


def main_round(**more: Any) -> ClosedRound:
    tally = counted(papers(), options(), 4)
    round = kept(1, datetime(2018, 3, 23, 16, tzinfo=UTC), seed="5e" * 16, **more)
    return ClosedRound(round, options(), tally, fingerprint="f0" * 32)


def runoff() -> ClosedRound:
    tally = count([Score(number("I11"), 5, 5), Score(number("I16"), 8, 8)], 1, 13, 18, 1)
    over = tuple(option for option in options() if option.number in {11, 16})
    opened, closed = OPENED + timedelta(days=4), datetime(2018, 3, 27, 10, tzinfo=UTC)
    rules = {"dots": 1, "cap": 1, "places": 1, "opened_at": opened, "closes_at": opened + timedelta(days=2)}
    round = kept(2, closed, kind=RoundKind.RUNOFF, seed="a1" * 16, **rules)
    return ClosedRound(round, over, replace(tally, quorum=12), fingerprint="e1" * 32)


# --- other votes over the same ideas


def theme_options() -> tuple[Option, ...]:
    return tuple(Option(IdeaNumber(NO_THEME + place), theme.name) for place, theme in enumerate(themes(), 1))


def theme_round(**more: Any) -> ClosedRound:
    """Themes first: T2 leads, T1 and T3 are tied for the second place."""
    over = theme_options()
    scores = [Score(option.number, dots, dots) for option, dots in zip(over, (6, 9, 6, 2), strict=True)]
    tally = replace(count(scores, 2, 12, 18, 3), quorum=12)
    round = kept(1, datetime(2018, 3, 22, 16, tzinfo=UTC), kind=RoundKind.THEMES, places=2, dots=3, **more)
    return ClosedRound(round, over, tally, fingerprint="d2" * 32)


def rich_round() -> ClosedRound:
    """Everything a round may have: two options that are no ideas, paper ballots, groups, duplicates waved through."""
    extras = tuple(
        Option(extra.number, text) for extra, text in zip(Extra, ("Ne rien changer", "Confier"), strict=True)
    )
    over = (*options(), *extras)
    nothing = {extras[0].number: 2}
    groups = (
        Group("Forestiers", 6, 8, {IdeaNumber(7): 5, IdeaNumber(10): 4, IdeaNumber(9): 2, IdeaNumber(16): 1}),
        Group("", 9, 10, {IdeaNumber(10): 7, extras[0].number: 2}),
    )
    tally = counted([*papers(), nothing], over, 3, papers=2, groups=groups)
    rules = {"places": 3, "by_role": True, "waved": 2, "papers": 2, "tie": TieRule.KEEP, "keep_days": 30}
    round = kept(1, datetime(2018, 3, 23, 16, tzinfo=UTC), seed="5e" * 16, **rules)
    return ClosedRound(round, over, tally, "c3" * 32, waved_by="Inès <i>")


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
