"""A counted vote told: as a table with sentences, as JSON, or as CSV."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from io import StringIO
from math import comb
from typing import Any

from bot.cli.ballots import Cast
from bot.cli.count import Counted, SetAside
from bot.domain.errors import CapReached, NoDotsLeft
from bot.domain.names import IdeaNumber
from bot.domain.readings import MOST_WAYS
from bot.domain.rules import LEAST_VOTERS
from bot.domain.tally import CloseCall, Coverage
from bot.reports.table import BOM, SEPARATORS, guarded
from bot.words import Fact, Raw, Translator, translator

MOST_TOLD = 20
"""Ballots set aside that the table names; JSON names them all."""
WIDTH = 100
"""Columns of the table where there is no terminal to ask."""


def told(counted: Counted, file: str, shape: str, language: str) -> str:
    """The whole result as text, its last line ended; `shape` is table, json or csv."""
    if shape == "json":
        return json.dumps({"file": file, **_document(counted)}, ensure_ascii=False, indent=2) + "\n"
    words = translator(language)
    if shape == "csv":
        return _csv(counted, words)
    return "\n".join(_Told(counted, words).lines(file)) + "\n"


# --- as a table with sentences


class _Told:
    """One counted vote in the words of one language."""

    def __init__(self, counted: Counted, words: Translator) -> None:
        self.counted, self.tally, self.words = counted, counted.tally, words

    def say(self, key: str, /, **facts: Fact) -> str:
        return self.words.plain(key, "UTC", **facts)

    def lines(self, file: str) -> Iterator[str]:
        yield self._headed(file, self._turnout())
        yield self._rules()
        yield from self._not_counted()
        if not self.tally.voters:
            yield self.say("report.no_votes")
            return
        yield from ("", self._table(), "", *self._verdict(), *self._readings())
        if self.counted.runoff:
            yield from ("", *self._runoff(self.counted.runoff))
        yield from ("", self._headed(self.say("report.heading.final"), self._listed(self.counted.final) or "—"))

    def _headed(self, what: str, told: str) -> str:
        return self.say("count.told", what=Raw(what), told=Raw(told))

    def _turnout(self) -> str:
        tally = self.tally
        voters = self.say("report.voters", n=tally.voters)
        if tally.dots_possible:
            dots = self.words.figure(tally.dots_placed)
            placed = self.say("report.figure.dots", n=tally.dots_placed, possible=tally.dots_possible)
            return f"{voters}, {dots} {placed}"
        return f"{voters}, {self.say('report.dots', n=tally.dots_placed)}"

    def _rules(self) -> str:
        rules = self.counted.rules
        places = Raw(self.say("report.method.places", n=rules.places))
        if rules.dots and rules.cap:
            dots = Raw(self.say("report.dots", n=rules.dots))
            return self.say("report.method.rule", dots=dots, cap=rules.cap, places=places)
        if rules.dots:
            return self.say("count.rules.dots", dots=Raw(self.say("report.dots", n=rules.dots)), places=places)
        if rules.cap:
            return self.say("count.rules.cap", cap=rules.cap, places=places)
        return self.say("count.rules.none", places=places)

    def _not_counted(self) -> Iterator[str]:
        counted = self.counted
        if counted.poll.costly:
            yield self.say("count.costs")
        if counted.poll.repeated:
            yield self.say("count.repeated", n=counted.poll.repeated)
        if counted.blank:
            yield self.say("count.blank", n=counted.blank)
        if counted.set_aside:
            yield self.say("count.set_aside", n=len(counted.set_aside))
            yield from (f"  {self._broken(one)}" for one in counted.set_aside[:MOST_TOLD])
        if len(counted.set_aside) > MOST_TOLD:
            yield f"  {self.say('count.set_aside.more', n=len(counted.set_aside) - MOST_TOLD)}"

    def _broken(self, one: SetAside) -> str:
        where = Raw(self._where(one.cast))
        match one.why:
            case NoDotsLeft(total=total):
                return self.say("count.broken.dots", where=where, used=sum(one.cast.placed.values()), total=total)
            case CapReached(cap=cap):
                used = one.cast.placed[one.option]
                return self.say("count.broken.cap", where=where, used=used, cap=cap, option=Raw(one.option))
            case _:
                return self.say("count.broken.option", where=where, option=Raw(one.option))

    def _where(self, cast: Cast) -> str:
        if not cast.line:
            return cast.voter
        line = self.say("count.line", line=Raw(str(cast.line)))
        return f"{line} ({cast.voter})" if cast.voter else line

    def _table(self) -> str:
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        keys = ("report.column.place", "count.option", "report.column.dots", "report.column.supporters")
        table = Table(box=None, pad_edge=False, header_style="bold")
        for key in keys:
            table.add_column(self.say(key), justify="right" if key != "count.option" else "left", overflow="fold")
        for rank in self.tally.ranks:
            place = self.say("report.place.tied", place=Raw(str(rank.place))) if rank.tied else str(rank.place)
            cells = (place, self._named(rank.option), *map(self.words.figure, (rank.dots, rank.supporters)))
            table.add_row(*map(Text, cells))  # Text: what people typed is no markup
        console = Console(highlight=False, emoji=False)
        if not console.is_terminal:
            console.width = WIDTH
        with console.capture() as drawn:
            console.print(table)
        return "\n".join(line.rstrip() for line in drawn.get().splitlines())

    def _verdict(self) -> Iterator[str]:
        tally = self.tally
        if tally.tied_at_cut:
            open_places = tally.places - len(tally.winners)
            dots = next(rank.dots for rank in tally.ranks if rank.option == tally.tied_at_cut[0])
            yield self.say(
                "report.tie",
                n=open_places,
                ideas=Raw(self._listed(tally.tied_at_cut)),
                dots=Raw(self.say("report.dots", n=dots)),
                count=len(tally.tied_at_cut),
            )
            yield self.say("report.tie.honest")
        else:
            yield self.say("report.method.clean")
        yield from map(self._close, self.counted.close)

    def _close(self, call: CloseCall) -> str:
        return self.say(
            "count.close",
            n=call.gap,
            above=Raw(self._listed(call.above)),
            dots=call.dots,
            below=Raw(self._listed(call.below)),
            fewer=call.dots - call.gap,
        )

    def _readings(self) -> Iterator[str]:
        tally = self.tally
        for way in tally.coverages:
            yield self._covered(way)
        if not tally.coverages:
            ways = comb(len(tally.tied_at_cut), tally.places - len(tally.winners))
            yield self.say("count.ways", n=ways, most=MOST_WAYS)
        if tally.balanced:
            ideas = Raw(self._listed(tally.balanced.chosen))
            yield self.say("report.balanced", n=tally.balanced.voters, voters=tally.voters, ideas=ideas)
        elif tally.voters < LEAST_VOTERS:
            yield self.say("count.few", least=LEAST_VOTERS)

    def _covered(self, way: Coverage) -> str:
        chosen = [number for number in way.chosen if number in self.tally.tied_at_cut]
        if chosen:
            idea = Raw(self._listed(chosen))
            return self.say("report.coverage.with", n=way.voters, voters=self.tally.voters, idea=idea)
        return self.say("report.coverage.list", n=way.voters, voters=self.tally.voters)

    def _runoff(self, runoff: Counted) -> Iterator[str]:
        second = _Told(runoff, self.words)
        one_dot = Raw(self.say("report.dots", n=1))
        voters = self.say("report.runoff.voters", n=runoff.tally.voters, dots=one_dot)
        yield self._headed(self.say("report.heading.runoff"), voters)
        yield from second._not_counted()
        yield second._table()
        if runoff.tally.winners:
            yield self.say("report.runoff.won", idea=Raw(self._listed(runoff.tally.winners)))
        if runoff.tally.tied_at_cut:
            yield self.say("report.method.undecided", ideas=Raw(self._listed(runoff.tally.tied_at_cut)))
        yield from map(self._close, runoff.close)

    def _listed(self, numbers: Iterable[IdeaNumber]) -> str:
        return self.words.flat(self.words.listed([Raw(self._named(number)) for number in numbers]))

    def _named(self, number: IdeaNumber) -> str:
        option = self.counted.option(number)
        return f"{option} {self.counted.poll.names.get(option, '')}".rstrip()


# --- for programs


def _document(counted: Counted) -> dict[str, Any]:
    tally, rules = counted.tally, counted.rules

    def options(numbers: Iterable[IdeaNumber]) -> list[str]:
        return [counted.option(number) for number in numbers]

    def covered(way: Coverage) -> dict[str, Any]:
        return {"options": options(way.chosen), "voters": way.voters}

    return {
        "dots": rules.dots,
        "cap": rules.cap,
        "places": rules.places,
        "voters": tally.voters,
        "blank": counted.blank,
        "dots_placed": tally.dots_placed,
        "dots_possible": tally.dots_possible or None,
        "ranks": list(_ranks(counted)),
        "winners": options(tally.winners),
        "tied_at_cut": options(tally.tied_at_cut),
        "close_calls": [
            {"above": options(c.above), "below": options(c.below), "dots": c.dots, "gap": c.gap} for c in counted.close
        ],
        "coverage": [covered(way) for way in tally.coverages],
        "balanced": covered(tally.balanced) if tally.balanced else None,
        "set_aside": [_aside(one) for one in counted.set_aside],
        "runoff": _document(counted.runoff) if counted.runoff else None,
        "final": options(counted.final),
    }


def _ranks(counted: Counted) -> Iterator[dict[str, Any]]:
    for rank in counted.tally.ranks:
        option = counted.option(rank.option)
        named = {"name": counted.poll.names[option]} if option in counted.poll.names else {}
        figures = {"dots": rank.dots, "supporters": rank.supporters, "tied": rank.tied}
        yield {"place": rank.place, "option": option, **named, **figures}


def _aside(one: SetAside) -> dict[str, Any]:
    reasons = {NoDotsLeft: "dots", CapReached: "cap"}
    reason = reasons.get(type(one.why), "option")
    return {"line": one.cast.line or None, "voter": one.cast.voter or None, "rule": reason, "option": one.option}


def _csv(counted: Counted, words: Translator) -> str:
    written = StringIO(newline="")
    writer = csv.writer(written, delimiter=SEPARATORS.get(words.lang, ","), quoting=csv.QUOTE_ALL)
    columns = ("report.column.place", "count.option", "count.name", "report.column.dots", "report.column.supporters")
    writer.writerow(words.plain(key) for key in (*columns, "report.column.runoff", "report.column.final"))
    second = {rank.option: rank.dots for rank in counted.runoff.tally.ranks} if counted.runoff else {}
    final = set(counted.final)
    for rank in counted.tally.ranks:
        option = counted.option(rank.option)
        won = words.plain("report.yes") if rank.option in final else ""
        cells = (rank.place, option, counted.poll.names.get(option, ""), rank.dots, rank.supporters)
        writer.writerow(guarded(str(cell)) for cell in (*cells, second.get(rank.option, ""), won))
    return BOM + written.getvalue()
