"""The engine in a process of its own: the bot's memory and its clicks do not feel that ideas are grouped."""

from __future__ import annotations

import json
import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from threading import Lock, Thread
from time import monotonic
from typing import Any, TypeVar

from bot.domain.ideas import IdeaText, Likeness, Pile, Standing, ThemeSeed
from bot.ports import Unanswered
from bot.theming.choice import SHIPPED, WORDS, Choice
from bot.theming.lexical import LexicalThemer
from bot.theming.lexicon import WordList
from bot.theming.process import Dead, Faulty, Late, Silent, Worker
from bot.theming.worker import IDLE

log = logging.getLogger(__name__)

AT_ONCE = 0.02
"""Seconds an arriving idea waits for its likely theme; then the words alone tell it."""
SOON = 0.6
"""Seconds that whoever wants to see pairs waits for the process, its start included; else they see what is known."""
WORTH = 8
"""Ideas from which pairs are worth waking the process for, as from so many a hunt is grouped as a whole."""
SIGN_WITHIN = 60.0
"""Seconds without a sign of life from the process. While it reads ideas it gives one every few seconds."""
PER_IDEA = 0.02
"""Seconds more for each idea: between two signs lies the graph of all of them."""
CLOSE_WITHIN = 5.0
"""Seconds that whoever waits for an answer may take to see that there will be none."""
START_WITHIN = 120.0
"""Seconds for reading models: one of a library of its own may take long."""
FIRST_RETRY, LAST_RETRY = 30.0, 3_600.0
"""Seconds until a model that could not be read, or a process that did not start, is tried again; doubled each time."""
GROUPED = 8
"""Groupings that are remembered, and as many sets of pairs."""
FORELOOKED_OVER = 256
"""Likely themes that are known and not asked for yet."""

T = TypeVar("T")


@dataclass(slots=True)
class AsideThemer:
    """The Themer port over the process; words alone wherever it does not answer. May be used from any thread.

    The process is started when it is first needed, and ends by itself some time after the last question.
    """

    choice: Choice = SHIPPED
    idle: float = IDLE
    clock: Callable[[], float] = monotonic
    words: LexicalThemer = field(init=False)
    """What answers where the process does not; it reads the team's own words too."""
    _worker: Worker | None = None
    _lock: Lock = field(default_factory=Lock)
    _closed: bool = False
    _failures: int = 0
    _not_before: float = 0.0
    """When a start that failed is tried again, by `clock`."""
    _foreseen: OrderedDict[tuple[str, tuple[ThemeSeed, ...]], int | None] = field(default_factory=OrderedDict)
    _grouped: OrderedDict[bytes, tuple[Pile, ...]] = field(default_factory=OrderedDict)
    """The latest answers: who proposes piles soon takes some, and who waited too long asks again."""
    _alike: OrderedDict[bytes, tuple[Likeness, ...]] = field(default_factory=OrderedDict)
    """The latest pairs: who looks at them decides on some, and looks again; the vote asks once more."""

    def __post_init__(self) -> None:
        self.words = LexicalThemer(WordList.read(self.choice.words))

    @property
    def _words_alone(self) -> bool:
        """Nothing but the grouping of a whole hunt is worth a process, where no model is wanted."""
        return self.choice.model == WORDS

    @property
    def outside(self) -> str:
        """The host that words are sent to."""
        return self.choice.outside

    def foresee(self, text: str, seeds: Sequence[ThemeSeed]) -> None:
        """Finds out the likely theme by meaning, when the process is awake and free, for the `place` that follows."""
        told = [(seed.id, seed.name, seed.examples) for seed in seeds]
        if self._words_alone or not self._lock.acquire(blocking=False):
            return
        try:
            worker = self._worker
            if worker is None or not worker.running or not worker.ready:
                self.wake()
                return
            found = worker.ask({"do": "place", "text": text, "seeds": told}, AT_ONCE)
            self._foreseen[text, tuple(seeds)] = int(found) if found is not None else None
            while len(self._foreseen) > FORELOOKED_OVER:
                self._foreseen.popitem(last=False)
        except (Late, Faulty):
            pass  # the second look will tell
        except Silent:
            self._end()
        finally:
            self._lock.release()

    def place(self, text: str, seeds: Sequence[ThemeSeed]) -> int | None:
        """The likely theme of one idea, at once: what was foreseen, else by words."""
        try:
            return self._foreseen.pop((text, tuple(seeds)))
        except KeyError:
            return self.words.place(text, seeds)

    def group(self, ideas: Sequence[IdeaText]) -> tuple[Pile, ...]:
        """Piles for ideas; long on large hunts. Raises Unanswered when it is being closed."""
        rows = _rows(ideas)
        key = blake2b(json.dumps(rows).encode()).digest()
        if (known := self._grouped.get(key)) is not None:
            return known
        try:
            found = _piles(self._wait({"do": "group", "ideas": rows}, len(ideas)))
        except Silent:
            self._expect_open()
            return self.words.group(ideas)
        self._keep(self._grouped, key, found)
        return found

    def _keep(self, known: OrderedDict[bytes, tuple[T, ...]], key: bytes, found: tuple[T, ...]) -> None:
        """Remembers an answer by meaning; one by words alone, for want of a model, is asked for again."""
        worker = self._worker
        if worker is not None and not worker.fault:
            known[key] = found
            while len(known) > GROUPED:
                known.popitem(last=False)

    def regroup(self, ideas: Sequence[IdeaText], standing: Standing) -> tuple[Pile, ...]:
        """Piles that keep what people decided. Raises Unanswered when the process does not answer."""
        if self._words_alone:
            return self.words.regroup(ideas, standing)
        themes = [asdict(theme) for theme in standing.themes]
        asked = {"do": "regroup", "ideas": _rows(ideas), "themes": themes, "placed": dict(standing.placed)}
        asked |= {
            "pinned": sorted(standing.pinned),
            "apart": list(standing.apart),
            "looked_over": sorted(standing.looked_over),
        }
        try:
            return _piles(self._wait(asked, len(ideas)))
        except Silent as silent:
            raise Unanswered from silent

    def alike(self, ideas: Sequence[IdeaText], *, patient: bool = False) -> tuple[Likeness, ...]:
        """Pairs that may be the same idea; by words where few ideas stand, or no model is wanted.

        Raises Unanswered when the process does not answer, or not in time for who waits.
        """
        if len(ideas) < WORTH or self._words_alone:
            return self.words.alike(ideas)
        asked = {"do": "alike", "ideas": _rows(ideas)}
        key = blake2b(json.dumps(asked).encode()).digest()
        if (known := self._alike.get(key)) is not None:
            return known
        try:
            found = _pairs(self._wait(asked, len(ideas)) if patient else self._hurry(asked))
        except Silent as silent:
            raise Unanswered from silent
        self._keep(self._alike, key, found)
        return found

    def alike_in_words(self, ideas: Sequence[IdeaText]) -> tuple[Likeness, ...]:
        """Pairs by shared words alone, without the process."""
        return self.words.alike(ideas)

    def _hurry(self, asked: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
        """An answer within SOON. Raises Silent; what it read until then need not be read again."""
        until = monotonic() + SOON
        if (waking := self._waking()) is not None:
            waking.join(SOON)
        if not self._lock.acquire(timeout=max(0.0, until - monotonic())):
            raise Late
        try:
            worker = self._worker
            if worker is None or not worker.running or not worker.ready:
                raise Late
            return worker.ask(asked, SOON, until)
        except Dead:
            self._end()
            raise
        finally:
            self._lock.release()

    def wake(self) -> None:
        """Starts the process aside, unless it is there: what is asked next finds it awake."""
        self._waking()

    def _waking(self) -> Thread | None:
        if self._words_alone or self.running or self.clock() < self._not_before or self._closed:
            return None
        waking = Thread(target=self._wake, name="themes-wake", daemon=True)
        waking.start()
        return waking

    def close(self) -> None:
        """Ends the process at once, whoever waits for its answer; nothing is asked of it any more."""
        self._closed = True
        if (worker := self._worker) is not None:
            worker.kill()  # whoever holds the lock waits for it, and hears its end
        if self._lock.acquire(timeout=CLOSE_WITHIN):
            try:
                self._end()
            finally:
                self._lock.release()

    @property
    def running(self) -> bool:
        """Whether the process is there."""
        return self._worker is not None and self._worker.running

    def _wake(self) -> None:
        with self._lock:
            try:
                self._awake()
            except Silent:
                self._end()

    def _wait(self, asked: Mapping[str, Any], ideas: int) -> Any:  # noqa: ANN401 - JSON
        with self._lock:
            for last in (False, True):
                try:
                    return self._awake().ask(asked, SIGN_WITHIN + PER_IDEA * ideas)
                except Faulty:
                    raise
                except Silent as silent:
                    self._end()
                    if last or self._closed or not isinstance(silent, Dead):
                        raise
        raise AssertionError("the second try answers or raises")

    def _awake(self) -> Worker:
        """The process, started where it is not there. Raises Silent, at once while a failed start is not retried."""
        worker = self._worker
        if self._closed:
            raise Silent
        if worker is not None and worker.running and worker.ready and not (worker.fault and self._may_try()):
            return worker
        self._end()
        if not self._may_try():
            raise Silent
        self._worker = worker = Worker.start(self.idle, self.choice)
        if self._closed:  # closed just now: it must not stay behind
            raise Silent
        told = self._begun(worker)
        worker.ready, worker.fault = True, str(told.get("fault", ""))
        if worker.fault:
            self._failed(worker.fault)
        else:
            self._failures = 0
        return worker

    def _begun(self, worker: Worker) -> dict[str, Any]:
        try:
            return worker.hear(START_WITHIN)
        except Silent:
            self._failed("the grouping process ended, or said nothing")
            raise

    def _may_try(self) -> bool:
        return self.clock() >= self._not_before

    def _failed(self, why: str) -> None:
        if self._closed:
            return
        wait = min(LAST_RETRY, FIRST_RETRY * 2**self._failures)
        self._failures += 1
        self._not_before = self.clock() + wait
        log.warning("ideas are grouped by their words alone: %s; it is tried again in %d s", why, wait)

    def _expect_open(self) -> None:
        if self._closed:
            raise Unanswered

    def _end(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.end()


def _rows(ideas: Sequence[IdeaText]) -> list[tuple[int, str]]:
    return [(idea.number, idea.text) for idea in ideas]


def _pairs(rows: Sequence[dict[str, Any]]) -> tuple[Likeness, ...]:
    return tuple(Likeness(row["one"], row["other"], row["score"], tuple(row["shared"])) for row in rows)


def _piles(rows: Sequence[dict[str, Any]]) -> tuple[Pile, ...]:
    return tuple(
        Pile(
            row["label"], tuple(row["ideas"]), row["example"], tuple(row["shared"]), tuple(row["unsure"]), row["theme"]
        )
        for row in rows
    )
