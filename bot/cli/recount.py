"""`ideahunt verify`: closed votes counted again in a process of its own, and held against what was published."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.cli.archive import closed_rounds, find_hunt
from bot.cli.database import looking
from bot.cli.problems import FAILED, Problem, Stopped
from bot.cli.settings import Settings
from bot.domain.ballot import Round
from bot.domain.names import RoundNumber
from bot.ports import Unit

FEWEST, WHOLE = 8, 64
"""Characters of a published fingerprint: at least so many, at most all of them."""
PUBLISHED = re.compile(rf"[0-9a-f]{{{FEWEST},{WHOLE}}}")


@dataclass(frozen=True, slots=True)
class Recount:
    """One closed round counted again. `differences` is empty when all agrees; `fingerprint` "" when none was kept."""

    number: RoundNumber
    differences: tuple[str, ...]
    fingerprint: str

    def lines(self, expected: str) -> Iterator[str]:
        """What is printed of it."""
        if self.differences:
            yield f"round {self.number}: DIFFERS"
            yield from (f"  {difference}" for difference in self.differences)
        else:
            yield f"round {self.number}: counted again, all agrees"
        yield f"  fingerprint {self.fingerprint or 'none: it was closed by a version that kept none'}"
        if expected:
            yield "  it is the one published" if self.matches(expected) else f"  DIFFERS from the published {expected}"

    def matches(self, expected: str) -> bool:
        """Whether the fingerprint starts with a published one."""
        return bool(self.fingerprint) and self.fingerprint.startswith(expected)


def verify_hunt(settings: Settings, hunt: str, round: int, expect: str = "") -> int:
    """Counts closed rounds again and tells what differs, and whether `expect` is the fingerprint of the one counted.

    Returns the exit code. Raises Stopped where there is nothing to count or to compare with.
    """
    expected = _published(expect)
    with looking(settings) as storage:
        found = find_hunt(storage, hunt)
        with storage.look() as unit:
            counted = [_recount(unit, kept) for kept in closed_rounds(unit, found, round)]
    _expect_some(hunt, counted, one=bool(expected))
    for one in counted:
        print("\n".join(one.lines(expected)))
    good = all(not one.differences and (not expected or one.matches(expected)) for one in counted)
    return 0 if good else FAILED


def _recount(unit: Unit, kept: Round) -> Recount:
    return Recount(kept.number, unit.rounds.check(kept), unit.rounds.fingerprint(kept))


def _published(typed: str) -> str:
    """A fingerprint as people copy it: capitals, blanks and a trailing … do not matter."""
    told = typed.strip().lower().rstrip("….")
    if typed and not PUBLISHED.fullmatch(told):
        fix = f"Copy at least {FEWEST} of its {WHOLE} characters (0-9, a-f) from the method annex of an export."
        raise Stopped(Problem("What --expect was given is no fingerprint.", fix))
    return told


def _expect_some(hunt: str, counted: list[Recount], *, one: bool) -> None:
    if not counted:
        fix = "A vote is counted again once it is closed."
        raise Stopped(Problem(f"The hunt {hunt} has no closed vote of that number.", fix), code=FAILED)
    if one and len(counted) > 1:
        numbers = ", ".join(str(kept.number) for kept in counted)
        what = f"The hunt {hunt} has {len(counted)} closed votes, and --expect is the fingerprint of one."
        raise Stopped(Problem(what, f"Name its round after the hunt: one of {numbers}."))
