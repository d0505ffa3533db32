"""The hunt as a Markdown text for minutes and wikis; what people typed stays text, whatever signs it holds."""

from __future__ import annotations

import re

from bot.reports.report import ClosedRound, HuntReport, OpenRound, ReportIdea
from bot.reports.telling import Telling

SIGNS = re.compile(r"([\\`*_{}\[\]<>()#|~!&$^])")
OPENERS = re.compile(r"^(\s*)([-+=:])", re.MULTILINE)
NUMBERED = re.compile(r"^(\s*\d+)([.)])", re.MULTILINE)
LINE_BREAK = "<br>"


def escaped(text: str) -> str:
    """People's text with every sign of Markdown made plain, on one line: a line end becomes `<br>`."""
    plain = SIGNS.sub(r"\\\1", text)
    plain = OPENERS.sub(r"\1\\\2", NUMBERED.sub(r"\1\\\2", plain))
    return LINE_BREAK.join(line.strip() for line in plain.splitlines())


def markdown(report: HuntReport) -> str:
    """The whole hunt: figures, result, ideas by theme, method."""
    telling = Telling(report)
    parts = (_opening(telling), *_rounds(telling), _ideas(telling), _parked(telling), _method(telling))
    return "\n".join(line for part in parts for line in part).rstrip() + "\n"


def _opening(telling: Telling) -> list[str]:
    report = telling.report
    rooms = ", ".join(f"\\#{escaped(room)}" for room in report.rooms)
    counts = [
        telling.say("report.ideas", n=len(report.counted)),
        telling.say("report.voices", n=report.voices),
        telling.say(f"phase.{report.phase}"),
    ]
    colon = "\u00a0:" if report.language == "fr" else ":"
    lines = [f"# {escaped(report.question)}", "", f"{telling.say('report.kind')} · {rooms}".rstrip(" ·"), ""]
    lines += [" · ".join(counts), ""]
    lines += [f"- {label}{colon} {at}" for label, at in telling.dates()]
    return [*lines, ""]


def _rounds(telling: Telling) -> list[list[str]]:
    report = telling.report
    parts = [_final(telling)] if report.closed_rounds else []
    if opened := report.open_round:
        parts.append(_open(telling, opened))
    return parts + [_closed(telling, round) for round in report.closed_rounds]


def _final(telling: Telling) -> list[str]:
    report = telling.report
    if not report.final:
        return [f"## {telling.say('report.heading.vote')}", "", telling.say("report.no_votes"), ""]
    lines = [f"{place}. {escaped(telling.named(number))}" for place, number in enumerate(report.final, 1)]
    return [f"## {telling.say('report.heading.final')}", "", *lines, ""]


def _open(telling: Telling, round: OpenRound) -> list[str]:
    heading = f"## {telling.say('report.heading.vote')}"
    return [heading, "", f"{telling.turnout(round)}. {telling.say('report.secret')}", ""]


def _closed(telling: Telling, round: ClosedRound) -> list[str]:
    heading = "report.heading.runoff" if round.runoff else "report.heading.vote"
    told = (telling.turnout(round), telling.quorum(round))
    lines = [f"## {telling.words.plain(heading)}", "", f"{'. '.join(filter(None, told))}.", ""]
    if tie := telling.tie(round):
        lines += [escaped(tie), telling.say("report.tie.honest"), ""]
    lines += [f"- {escaped(sentence)}" for sentence, _ in telling.coverage(round)]
    if balanced := telling.balanced(round):
        lines += [f"- {escaped(balanced)}"]
    return [*lines, "", *_ranks(telling, round), ""]


def _ranks(telling: Telling, round: ClosedRound) -> list[str]:
    columns = ("report.column.place", "report.column.idea", "report.column.dots", "report.column.supporters")
    lines = ["| " + " | ".join(telling.words.plain(column) for column in columns) + " |", "|---:|---|---:|---:|"]
    for rank in round.tally.ranks:
        place = telling.place(rank.place, tied=rank.tied)
        idea = escaped(telling.named(rank.option))
        lines.append(f"| {place} | {idea} | {rank.dots} | {rank.supporters} |")
    return lines


def _ideas(telling: Telling) -> list[str]:
    report = telling.report
    lines = [f"## {telling.say('report.heading.ideas')}", ""]
    if not report.standing:
        return [*lines, telling.say("report.empty"), ""]
    by_theme: dict[str, list[ReportIdea]] = {theme.name: [] for theme in report.themes}
    for idea in report.standing:
        by_theme.setdefault(idea.theme, []).append(idea)
    for theme, ideas in by_theme.items():
        if ideas:
            heading = escaped(theme) if theme else telling.say("report.theme.none")
            lines += [f"### {heading}", "", *(line for idea in ideas for line in _idea(telling, idea)), ""]
    return lines


def _idea(telling: Telling, idea: ReportIdea) -> list[str]:
    author = escaped(telling.author(idea))
    title = f"**{escaped(idea.title)}**{LINE_BREAK}" if idea.title else ""
    own = f"- {telling.number(idea.number)} {title}{escaped(idea.text)} *({author})*"
    merged = telling.merged.get(idea.number, ())
    return [own, *(f"  {line}" for other in merged for line in _idea(telling, other))]


def _parked(telling: Telling) -> list[str]:
    parked = telling.report.parked
    if not parked:
        return []
    lines = [f"- {telling.number(idea.number)} {escaped(idea.text)}" for idea in parked]
    return [f"## {telling.say('report.heading.parked')}", "", *lines, ""]


def _method(telling: Telling) -> list[str]:
    rounds = telling.report.closed_rounds
    lines = [f"## {telling.say('report.heading.method')}", ""] if rounds else []
    for round in rounds:
        key = "report.method.runoff" if round.runoff else "report.method.round"
        lines += [f"### {telling.words.plain(key, number=int(round.number))}", ""]
        lines += [*(f"- {escaped(sentence)}" for sentence in telling.method(round)), ""]
    return lines
