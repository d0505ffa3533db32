"""The engine in a process of its own: the bot's memory and its clicks do not feel that ideas are grouped."""

from __future__ import annotations

import json
import logging
import select
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from threading import Lock, Thread
from typing import Any

from bot.domain.ideas import IdeaText, Likeness, Pile, Standing, ThemeSeed
from bot.theming.choice import SHIPPED, Choice
from bot.theming.lexical import LexicalThemer
from bot.theming.lexicon import WordList
from bot.theming.worker import IDLE

log = logging.getLogger(__name__)

AT_ONCE = 0.06
"""Seconds an arriving idea waits for its likely theme; then the words alone tell it."""
WITHIN = 120.0
"""Seconds a grouping may take; then it is given up and the words alone group."""


class Silent(Exception):
    """The process did not answer: not there, too late, or with a fault."""


class Late(Silent):
    """The answer did not come in time; it will still come, and must be read before the next one."""


@dataclass(slots=True)
class AsideThemer:
    """The Themer port over the process; words alone wherever it does not answer. May be used from any thread.

    The process is started when it is first needed, and ends by itself after `idle` seconds without a question.
    """

    choice: Choice = SHIPPED
    idle: float = IDLE
    words: LexicalThemer = field(init=False)
    """What answers where the process does not; it reads the team's own words too."""
    _process: subprocess.Popen[str] | None = None
    _ready: bool = False
    _owed: int = 0
    """Answers that came too late for who asked and were not read yet."""
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self.words = LexicalThemer(WordList.read(self.choice.words))

    @property
    def outside(self) -> str:
        """The host that words are sent to."""
        return self.choice.outside

    def place(self, text: str, seeds: Sequence[ThemeSeed]) -> int | None:
        """The likely theme of one idea, at once: by meaning when the process is awake and free, else by words."""
        told = [(seed.id, seed.name, seed.examples) for seed in seeds]
        if self._lock.acquire(blocking=False):
            try:
                if self._awake():
                    found = self._ask({"do": "place", "text": text, "seeds": told}, AT_ONCE)
                    return int(found) if found is not None else None
                self.wake()
            except Late:
                pass  # the second look will tell
            except Silent:
                self._end()
            finally:
                self._lock.release()
        return self.words.place(text, seeds)

    def group(self, ideas: Sequence[IdeaText]) -> tuple[Pile, ...]:
        """Piles for ideas; long on large hunts."""
        try:
            return _piles(self._wait({"do": "group", "ideas": _rows(ideas)}))
        except Silent:
            return self.words.group(ideas)

    def regroup(self, ideas: Sequence[IdeaText], standing: Standing) -> tuple[Pile, ...]:
        """Piles that keep what people decided; none when the process does not answer: then nothing changes."""
        themes = [asdict(theme) for theme in standing.themes]
        asked = {"do": "regroup", "ideas": _rows(ideas), "themes": themes, "placed": dict(standing.placed)}
        try:
            return _piles(self._wait(asked | {"pinned": sorted(standing.pinned), "apart": list(standing.apart)}))
        except Silent:
            return ()

    def alike(self, ideas: Sequence[IdeaText]) -> tuple[Likeness, ...]:
        """Pairs that may be the same idea: by their words, in this process."""
        return self.words.alike(ideas)

    def wake(self) -> None:
        """Starts the process aside, unless it is there: what is asked next finds it awake."""
        if not self.running:
            Thread(target=self._wake, name="themes-wake", daemon=True).start()

    def close(self) -> None:
        """Ends the process."""
        with self._lock:
            self._end()

    @property
    def running(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.poll() is None

    def _wake(self) -> None:
        with self._lock:
            try:
                self._start()
            except Silent:
                self._end()

    def _wait(self, asked: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
        with self._lock:
            try:
                self._start()
                return self._ask(asked, WITHIN)
            except Silent:
                self._end()
                raise

    def _awake(self) -> bool:
        return self.running and self._ready

    def _start(self) -> None:
        if self._awake():
            return
        self._end()
        command = [sys.executable, "-m", "bot.theming.worker", str(self.idle)]
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own module, nothing people typed
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, bufsize=1
            )
        except OSError as error:
            raise Silent from error
        self._tell(asdict(self.choice))  # on its input, not among its arguments: a key must not be in a process list
        told = self._read(WITHIN)
        self._ready = bool(told.get("ready"))
        if not self._ready:
            log.warning("the grouping process did not start: %s", told.get("fault", "it ended"))
            raise Silent

    def _ask(self, asked: Mapping[str, Any], within: float) -> Any:  # noqa: ANN401 - JSON
        while self._owed:
            self._read(within)
            self._owed -= 1
        self._tell(asked)
        self._owed += 1
        told = self._read(within)
        self._owed -= 1
        if "fault" in told:
            log.warning("grouping aside failed: %s", told["fault"])
            raise Silent
        return told["answer"]

    def _tell(self, told: Mapping[str, Any]) -> None:
        process = self._process
        if process is None or process.stdin is None:
            raise Silent
        try:
            process.stdin.write(json.dumps(told) + "\n")
            process.stdin.flush()
        except (OSError, ValueError) as error:  # it ended between two questions
            raise Silent from error

    def _read(self, within: float) -> dict[str, Any]:
        process = self._process
        if process is None or process.stdout is None:
            raise Silent
        try:
            ready, _, _ = select.select([process.stdout], [], [], within)
        except OSError as error:  # Windows waits for no pipe: there the words alone group
            raise Silent from error
        if not ready:
            raise Late
        line = process.stdout.readline()
        if not line:
            raise Silent
        told: dict[str, Any] = json.loads(line)
        return told

    def _end(self) -> None:
        process, self._process, self._ready, self._owed = self._process, None, False, 0
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        if process.poll() is None:
            process.kill()
        process.wait()


def _rows(ideas: Sequence[IdeaText]) -> list[tuple[int, str]]:
    return [(idea.number, idea.text) for idea in ideas]


def _piles(rows: Sequence[dict[str, Any]]) -> tuple[Pile, ...]:
    return tuple(
        Pile(
            row["label"], tuple(row["ideas"]), row["example"], tuple(row["shared"]), tuple(row["unsure"]), row["theme"]
        )
        for row in rows
    )
