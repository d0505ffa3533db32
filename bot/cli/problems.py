"""What stops the command line: each problem is one sentence, and one thing to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

FAILED, UNUSABLE, INTERRUPTED = 1, 2, 130
"""Exit codes: something was checked and is wrong; nothing could be done at all; Ctrl-C, as shells say it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, in one sentence, and what to do about it, in another. Neither ever holds a secret."""

    what: str
    fix: str


class Stopped(Exception):
    """The command cannot go on; the command line tells the problems and leaves with `code`."""

    def __init__(self, *problems: Problem, code: int = UNUSABLE) -> None:
        super().__init__(" ".join(problem.what for problem in problems))
        self.problems: Sequence[Problem] = problems
        self.code = code
