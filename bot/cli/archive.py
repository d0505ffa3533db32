"""What was kept, read while the bot runs or not: the list of hunts, a hunt as a file, damage."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

from bot.cli.database import looking
from bot.cli.problems import FAILED, Problem, Stopped
from bot.cli.settings import Settings
from bot.domain.ballot import Round
from bot.domain.errors import UnknownHunt, UnknownRound
from bot.domain.hunt import Hunt
from bot.domain.names import HuntId, RoomId, RoundNumber
from bot.ports import Storage, Unit
from bot.reports import FORMATS, write
from bot.reports.paper import paper
from bot.reports.press import PressFailed
from bot.usecases.papers import Papers
from bot.usecases.reports import Reports
from storage.sql import SqlStorage

MOST = 1000
"""Closed hunts listed for one workspace."""
SIDES = "print ballots of one page on one side, of two pages on both sides of one sheet"


def list_hunts(settings: Settings) -> None:
    """Prints every hunt: its id, where it stands, its ideas, its question; for a program, with tabs between."""
    heads = ("hunt", "since", "phase", "ideas", "question")
    with looking(settings) as storage, storage.look() as unit:
        rows = [
            (hunt.id, hunt.created_at.date().isoformat(), str(hunt.phase), str(hunt.ideas), hunt.question)
            for hunt in _hunts(unit)
        ]
    if not rows:
        print("No hunt yet.")
    elif not sys.stdout.isatty():
        print("\n".join("\t".join(row) for row in (heads, *rows)))
    else:
        _draw(heads, rows)


def _draw(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*heads, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*map(Text, row))  # Text: what people typed is no markup
    Console().print(table)


def _hunts(unit: Unit) -> Iterator[Hunt]:
    for tenant in unit.people.tenants():
        yield from unit.hunts.open(tenant.id)
        yield from unit.hunts.recent(tenant.id, MOST)


def write_hunt(settings: Settings, hunt: str, room: str, shape: str, out: Path | None) -> None:
    """Writes one hunt to a file, or to standard output; `shape` is csv, md, json or html.

    Ideas nobody may see yet and totals of an open vote are in no export, this one included.
    """
    if shape not in FORMATS:
        raise Stopped(Problem(f"There is no format {shape!r}.", f"Write one of {', '.join(FORMATS)}."))
    with looking(settings) as storage:
        found = find_hunt(storage, hunt, room)
        report = Reports(storage).of_hunt(found.tenant, found.id, datetime.now(UTC))
    text = write(report, shape)
    if out is None:
        sys.stdout.buffer.write(text.encode())  # as it is: no terminal's encoding, no line ends of its own
        sys.stdout.flush()
        return
    try:
        out.write_text(text, "utf-8", newline="")
    except OSError as error:
        raise Stopped(Problem(f"{out} cannot be written ({error.strerror}).", "Choose another --out.")) from None
    print(f"{out}: {len(report.counted)} ideas", file=sys.stderr)


def print_ballots(settings: Settings, hunt: str, copies: int, out: Path) -> None:
    """Writes paper ballots of the hunt's newest round, as many as one file holds at most."""
    with looking(settings) as storage:
        found = find_hunt(storage, hunt)
        try:
            sheet = Papers(storage).sheet(found.tenant, found.id, copies, "", _zone(storage, found))
            closed = not _is_open(storage, found)
        except UnknownRound:
            raise Stopped(Problem(f"The hunt {hunt} has no vote yet.", "Open it first, then print.")) from None
    try:
        out.write_bytes(paper(sheet))
    except OSError as error:
        raise Stopped(Problem(f"{out} cannot be written ({error.strerror}).", "Choose another --out.")) from None
    except PressFailed as error:
        raise Stopped(Problem(f"The ballots were not set: {error}.", "Report it, with the hunt's question.")) from None
    print(f"{out}: {sheet.copies} ballots, A4; {SIDES}", file=sys.stderr)
    if closed:
        print(f"warning: the vote of the hunt {hunt} is closed; these can no longer be entered", file=sys.stderr)


def _is_open(storage: Storage, hunt: Hunt) -> bool:
    with storage.look() as unit:
        latest = unit.rounds.latest(hunt.tenant, hunt.id)
        return latest is not None and latest.open


def _zone(storage: Storage, hunt: Hunt) -> str:
    with storage.look() as unit:
        places = unit.hunts.rooms(hunt.tenant, hunt.id)
        return unit.people.room(hunt.tenant, places[0].room).zone if places else "UTC"


def find_hunt(storage: Storage, hunt: str, room: str = "") -> Hunt:
    """A hunt by its id, or the latest of a room. Raises Stopped where there is none."""
    with storage.look() as unit:
        for tenant in unit.people.tenants():
            if room and (latest := unit.hunts.latest_in(tenant.id, RoomId(room))):
                return latest
            with suppress(UnknownHunt):
                return unit.hunts.get(tenant.id, HuntId(hunt))
    what = f"There is no hunt in the channel {room}." if room else f"There is no hunt {hunt}."
    raise Stopped(Problem(what, "Run ideahunt export without anything to see them all."))


def closed_rounds(unit: Unit, hunt: Hunt, wanted: int = 0) -> Iterator[Round]:
    """The hunt's closed rounds, or the one of them that is wanted."""
    last = unit.rounds.latest(hunt.tenant, hunt.id)
    for number in range(1, last.number + 1 if last else 1):
        kept = unit.rounds.get(hunt.tenant, hunt.id, RoundNumber(number))
        if not kept.open and wanted in {0, number}:
            yield kept


def tell_letters(settings: Settings) -> None:
    """Prints how many letters are in each state, and the events set aside."""
    with looking(settings) as storage, storage.look() as unit:
        counts, dead = unit.letters.counts(), unit.calendar.dead_events()
    for state, number in [*sorted(counts.items()), ("events set aside", dead)]:
        print(f"{state:16} {number:6}")


def check(settings: Settings) -> int:
    """Looks for damage in a SQLite file and counts every closed vote again; returns the exit code."""
    with looking(settings) as storage:
        found = _damage(storage) + _differences(storage)
    for line in found:
        print(line, file=sys.stderr)
    print("Something differs." if found else "No damage; every closed vote is what was announced.")
    return FAILED if found else 0


def _damage(storage: SqlStorage) -> list[str]:
    if not storage.engines.sqlite:
        return []
    with storage.engines.read.connect() as connection:
        damage = [str(row[0]) for row in connection.execute(text("PRAGMA integrity_check(20)"))]
        broken = connection.execute(text("PRAGMA foreign_key_check")).fetchall()
    return [line for line in damage if line != "ok"] + [f"a row of {row[0]} points nowhere" for row in broken]


def _differences(storage: Storage) -> list[str]:
    """What differs between the announced totals of every closed vote and their ledgers; nothing when all agrees."""
    with storage.look() as unit:
        return [
            f"hunt {hunt.id}, round {kept.number}: {line}"
            for hunt in _hunts(unit)
            for kept in closed_rounds(unit, hunt)
            for line in unit.rounds.check(kept)
        ]
