"""The hunt as a Markdown text for minutes and wikis; what people typed stays text, whatever signs it holds."""

from __future__ import annotations

import re

from bot.domain.rules import RoundKind
from bot.reports.annex import annexes
from bot.reports.report import ClosedRound, HuntReport, OpenRound, ReportIdea
from bot.reports.telling import Telling

SIGNS = re.compile(r"([\\`*_{}\[\]<>()#|~!&$^])")
OPENERS = re.compile(r"^(\s*)([-+=:])", re.MULTILINE)
NUMBERED = re.compile(r"^(\s*\d+)([.)])", re.MULTILINE)
LINE_BREAK = "<br>"
HEADINGS = {
    RoundKind.MAIN: "report.heading.vote",
    RoundKind.THEMES: "report.heading.themes",
    RoundKind.RUNOFF: "report.heading.runoff",
}


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
    parts = [_final(telling)] if report.main_round else []
    if opened := report.open_round:
        parts.append(_open(telling, opened))
    return parts + [_closed(telling, round) for round in (*report.main_chain, *report.theme_rounds)]


def _final(telling: Telling) -> list[str]:
    report = telling.report
    if not report.final:
        said = telling.say("report.tie.only") if report.undecided else telling.say("report.no_votes")
        return [f"## {telling.say('report.heading.vote')}", "", said, ""]
    lines = [f"{place}. {escaped(telling.named(number))}" for place, number in enumerate(report.final, 1)]
    heading = "report.heading.leading" if report.undecided else "report.heading.final"
    return [f"## {telling.words.plain(heading)}", "", *lines, ""]


def _open(telling: Telling, round: OpenRound) -> list[str]:
    heading = f"## {telling.say('report.heading.vote')}"
    return [heading, "", f"{telling.turnout(round)}. {telling.say('report.secret')}", ""]


def _closed(telling: Telling, round: ClosedRound) -> list[str]:
    told = (telling.turnout(round), telling.quorum(round))
    lines = [f"## {telling.words.plain(HEADINGS[round.round.kind])}", "", f"{'. '.join(filter(None, told))}.", ""]
    if tie := telling.tie(round):
        lines += [f"{escaped(tie)} {telling.say('report.tie.honest')}", ""]
    talk = (*telling.close_calls(round), *(sentence for sentence, _ in telling.coverage(round)))
    talk = (*talk, telling.ways(round), telling.balanced(round))
    listed = [f"- {escaped(sentence)}" for sentence in talk if sentence]
    return [*lines, *listed, *([""] if listed else []), *_ranks(telling, round), "", *_groups(telling, round)]


def _groups(telling: Telling, round: ClosedRound) -> list[str]:
    if not round.tally.groups:
        return []
    lines = [f"### {telling.say('report.heading.groups')}", "", telling.say("report.groups.lead"), ""]
    for group in round.tally.groups:
        first = (f"  - {escaped(one)}" for one in telling.group_first(group))
        lines += [f"- {escaped(telling.group(group))}", *first]
    return [*lines, ""]


def _ranks(telling: Telling, round: ClosedRound) -> list[str]:
    option = "count.option" if round.round.kind is RoundKind.THEMES else "report.column.idea"
    columns = ("report.column.place", option, "report.column.dots", "report.column.supporters")
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
    lines += [escaped(legend), ""] if (legend := telling.legend()) else []
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
    suggestion = f" · {told}" if (told := telling.suggestion(idea)) else ""
    own = f"- {telling.number(idea.number)} {title}{escaped(idea.text)} *({author})*{suggestion}"
    merged = telling.merged.get(idea.number, ())
    return [own, *(f"  {line}" for other in merged for line in _idea(telling, other))]


def _parked(telling: Telling) -> list[str]:
    parked = telling.report.parked
    if not parked:
        return []
    lines = [f"- {telling.number(idea.number)} {escaped(idea.text)}" for idea in parked]
    return [f"## {telling.say('report.heading.parked')}", "", *lines, ""]


def _method(telling: Telling) -> list[str]:
    told = annexes(telling)
    lines = [f"## {telling.say('report.heading.method')}", ""] if told else []
    for heading, sentences in told:
        lines += [f"### {heading}", "", *(f"- {escaped(sentence)}" for sentence in sentences), ""]
    return lines
