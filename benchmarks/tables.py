"""The table for people and the JSON for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.figures import Row, Skipped
from benchmarks.machine import Ground, described

COLUMNS = ("what", "ours", "floor", "ratio", "aim", "verdict")


def print_table(rows: Sequence[Row | Skipped], ground: Ground) -> None:
    """Everything measured, a line each, with its remarks below."""
    width = None if sys.stdout.isatty() else 180
    console = Console(width=width)
    table = Table(title=f"ideahunt beside its floors, {datetime.now(UTC):%Y-%m-%d}", caption=head(ground))
    for column in COLUMNS:
        table.add_column(column, overflow="fold")
    before = ""
    for row in rows:
        if row.scenario != before:
            table.add_section()
            table.add_row(f"[bold]{row.scenario}[/bold]", *([""] * (len(COLUMNS) - 1)))
            before = row.scenario
        if isinstance(row, Skipped):
            table.add_row(f"not measured: {row.why}", *([""] * (len(COLUMNS) - 1)))
        else:
            table.add_row(*cells(row))
    console.print(table)
    for row in rows:
        if isinstance(row, Row) and row.note:
            console.print(f"{row.scenario}, {row.what}: {row.note}", highlight=False)


def cells(row: Row) -> tuple[str, ...]:
    """A row in words."""
    return (
        row.what,
        f"{row.ours.told} {row.unit}",
        f"{row.floor.told}" if row.floor else "",
        f"{row.ratio.told}" if row.ratio else "",
        row.aim.told + (f" {row.unit}" if row.aim.of == "figure" else "") if row.aim else "",
        row.verdict,
    )


def as_markdown(rows: Sequence[Row | Skipped], ground: Ground) -> str:
    """The table as docs/performance.md holds it."""
    lines = [f"{head(ground)}", "", "| scenario | what | ours | floor | ratio | aim | verdict |", f"|{' --- |' * 7}"]
    for row in rows:
        told = (f"not measured: {row.why}", *[""] * 5) if isinstance(row, Skipped) else cells(row)
        lines.append(f"| {row.scenario} | {' | '.join(told)} |")
    notes = [f"- {row.scenario}, {row.what}: {row.note}" for row in rows if isinstance(row, Row) and row.note]
    return "\n".join([*lines, "", *notes])


def head(ground: Ground) -> str:
    """What one must know to read the figures."""
    return f"{described()}; {ground.told}. Median (least to most) of rounds in turn; ratio: ours over the floor."


def as_json(rows: Sequence[Row | Skipped], ground: Ground) -> str:
    """The same, with every sample."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    return json.dumps({"at": at, "machine": head(ground), "rows": list(map(_plain, rows))}, indent=2)


def _plain(row: Row | Skipped) -> dict[str, Any]:
    told = asdict(row)
    if isinstance(row, Row):
        told |= {"ratio": asdict(row.ratio) if row.ratio else None, "verdict": row.verdict}
    return told
