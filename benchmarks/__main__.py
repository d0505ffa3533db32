"""`python -m benchmarks`: measures what is asked for, or everything, and prints one table."""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections.abc import Sequence

from benchmarks import ballots, board, commits, ingest, memory, sockets, start, storm, tally
from benchmarks.bench import Bench, Scenario
from benchmarks.figures import SLACK, Row, Skipped
from benchmarks.machine import ground
from benchmarks.tables import as_json, as_markdown, print_table

SCENARIOS: tuple[Scenario, ...] = (
    ingest.SCENARIO,
    ballots.SCENARIO,
    sockets.SCENARIO,
    storm.SCENARIO,
    tally.SCENARIO,
    board.SCENARIO,
    memory.SCENARIO,
    start.SCENARIO,
    commits.SCENARIO,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs what was chosen; 1 only with `--gate` and an aim missed by more than a fifth."""
    asked = _parser().parse_args(arguments)
    chosen = [one for one in SCENARIOS if not asked.names or any(one.name.startswith(name) for name in asked.names)]
    if not chosen:
        print(f"No scenario of that name. There are: {', '.join(one.name for one in SCENARIOS)}.", file=sys.stderr)
        return 2
    rows: list[Row | Skipped] = []
    with ground() as place:
        bench = Bench(place, asked.quick)
        for scenario in chosen:
            rows += _measured(bench, scenario)
        if asked.json or asked.markdown:
            print((as_json if asked.json else as_markdown)(rows, place))
        else:
            print_table(rows, place)
    return int(asked.gate and any(isinstance(row, Row) and (row.missed_by or 0) > SLACK for row in rows))


def _measured(bench: Bench, scenario: Scenario) -> list[Row | Skipped]:
    bench.tell(f"{scenario.name}: {scenario.asks}")
    start = time.perf_counter()
    gc.collect()
    rows = list(scenario.run(bench))
    bench.tell(f"  {scenario.name} took {time.perf_counter() - start:.1f} s")
    return rows


def _parser() -> argparse.ArgumentParser:
    names = "\n".join(f"  {one.name:<10} {one.asks}" for one in SCENARIOS)
    parser = argparse.ArgumentParser(
        "python -m benchmarks",
        description="Measures ideahunt beside floors measured in the same run.",
        epilog=f"scenarios (the beginning of a name is enough):\n{names}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="scenario", help="what to measure; everything without")
    parser.add_argument("--quick", action="store_true", help="smaller sizes, fewer rounds: under a minute")
    parser.add_argument("--json", action="store_true", help="figures for a program, every sample included")
    parser.add_argument("--markdown", action="store_true", help="the table for docs/performance.md")
    parser.add_argument("--gate", action="store_true", help="exit 1 when an aim is missed by more than a fifth")
    return parser


if __name__ == "__main__":
    sys.exit(main())
