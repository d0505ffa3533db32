"""The process that groups: niced, its models read once, gone when nobody has asked for a while.

It reads one JSON object a line on standard input, the choice of an engine first, and answers one a line on standard
output; `bot.theming.aside` asks. Ideas are never written anywhere else.
"""

from __future__ import annotations

import json
import os
import select
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from time import monotonic
from typing import IO, Any

NICENESS = 10
IDLE = 180.0
"""Seconds without a question after which the process ends."""
STAY = 10
"""It stays this many times as long as it took to read what it knows: a large hunt is not read anew at each idea."""
SIGN_EVERY = 1.0
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def serve(questions: IO[str], answers: IO[str], idle: float = IDLE) -> None:
    """Answers until nobody asked for `idle` seconds or the asker is gone; by words alone without its models."""
    from bot.theming.choice import Choice, engine, words_alone
    from bot.theming.models import BadModel

    choice = Choice(**json.loads(questions.readline()))
    reading = Reading(answers)
    try:
        themer = engine(choice, reading.sign)
        if choice.model:
            themer.wake()  # a model of one's own may fail at its first words only
        _say(answers, {"ready": True})
        if not choice.model and not choice.url:
            themer.wake()  # the first idea that comes does not wait for it
    except BadModel as bad:
        themer = words_alone(choice)
        _say(answers, {"ready": True, "fault": bad.sentence})
    while _asked(questions, idle + max(0.0, STAY * reading.spent - IDLE)):
        line = questions.readline()
        if not line:
            return
        reading.begin()
        _say(answers, answer(themer, json.loads(line)))


@dataclass(slots=True)
class Reading:
    """Signs of life while ideas are read, at most one a second, and the seconds that reading took."""

    answers: IO[str]
    spent: float = 0.0
    _last: float = field(default_factory=monotonic)
    _said: float = field(default_factory=monotonic)

    def begin(self) -> None:
        """A question came."""
        self._last = self._said = monotonic()

    def sign(self, _read: int, _of: int) -> None:
        """Some ideas were read."""
        now = monotonic()
        self.spent += now - self._last
        self._last = now
        if now - self._said >= SIGN_EVERY:
            self._said = now
            _say(self.answers, {"reading": True})


def answer(themer: Any, asked: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ANN401 - any engine
    """The answer to one question; a fault of ours is told by its name, and the process goes on."""
    from bot.theming.models import BadModel

    try:
        return {"answer": DEEDS[asked["do"]](themer, asked)}
    except BadModel as fault:
        return {"fault": fault.sentence}
    except (ValueError, TypeError, KeyError, IndexError, ArithmeticError, MemoryError) as fault:
        return {"fault": type(fault).__name__}


def _group(themer: Any, asked: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
    return [asdict(pile) for pile in themer.group(ideas_of(asked["ideas"]))]


def _place(themer: Any, asked: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
    from bot.domain.ideas import ThemeSeed

    seeds = [ThemeSeed(id, name, tuple(examples)) for id, name, examples in asked["seeds"]]
    return themer.place(asked["text"], seeds)


def _regroup(themer: Any, asked: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
    from bot.domain.ideas import Standing, StandingTheme

    standing = Standing(
        tuple(StandingTheme(**theme) for theme in asked["themes"]),
        {int(number): theme for number, theme in asked["placed"].items()},
        frozenset(asked["pinned"]),
        tuple((one, other) for one, other in asked["apart"]),
        frozenset(asked["looked_over"]),
    )
    return [asdict(pile) for pile in themer.regroup(ideas_of(asked["ideas"]), standing)]


def _alike(themer: Any, asked: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
    return [asdict(pair) for pair in themer.alike(ideas_of(asked["ideas"]), patient=True)]


DEEDS: Mapping[str, Callable[[Any, Mapping[str, Any]], Any]] = {
    "alike": _alike,
    "group": _group,
    "place": _place,
    "regroup": _regroup,
}


def ideas_of(rows: Any) -> list[Any]:  # noqa: ANN401 - JSON
    """Ideas from their numbers and texts."""
    from bot.domain.ideas import IdeaText

    return [IdeaText(int(number), str(text)) for number, text in rows]


def _asked(questions: IO[str], idle: float) -> bool:
    ready, _, _ = select.select([questions], [], [], idle)
    return bool(ready)


def _say(answers: IO[str], told: Mapping[str, Any]) -> None:
    answers.write(json.dumps(told) + "\n")
    answers.flush()


def main() -> None:
    """Lowers itself below the bot, then serves."""
    for name in THREADS:
        os.environ.setdefault(name, "1")
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    serve(sys.stdin, sys.stdout, float(sys.argv[1]) if len(sys.argv) > 1 else IDLE)


if __name__ == "__main__":
    main()
