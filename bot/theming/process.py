"""The process that groups, seen from the bot: what it is told, and the lines it says."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from math import inf
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import Any

from bot.theming.choice import Choice

log = logging.getLogger(__name__)

Lines = SimpleQueue[str | None]


class Silent(Exception):
    """The process did not answer: not there, too late, or with a fault."""


class Late(Silent):
    """The answer did not come in time; it will still come, and must be read before the next one."""


class Dead(Silent):
    """The process ended while it was asked."""


class Faulty(Silent):
    """The process could not answer this question; it goes on, with all it has read."""


@dataclass(slots=True)
class Worker:
    """A process that groups, and the lines it says, read by a thread of their own: no pipe is ever waited for."""

    process: subprocess.Popen[str]
    said: Lines = field(default_factory=SimpleQueue)
    owed: int = 0
    """Answers that came too late for who asked and were not read yet."""
    ready: bool = False
    reader: Thread = field(init=False)
    fault: str = ""
    """Why it groups by words alone, "" when it does not."""

    def __post_init__(self) -> None:
        assert self.process.stdout is not None
        said = (self.process.stdout, self.said)
        self.reader = Thread(target=_pump, args=said, name="themes-read", daemon=True)

    @classmethod
    def start(cls, idle: float, choice: Choice) -> Worker:
        """A process that begins to read its models. Raises Silent when it cannot be started."""
        command = [sys.executable, "-m", "bot.theming.worker", str(idle)]
        try:
            process = subprocess.Popen(  # noqa: S603 - our own module, nothing people typed
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, bufsize=1
            )
        except OSError as error:
            raise Silent from error
        made = cls(process)
        made.reader.start()
        made.tell(asdict(choice))  # on its input, not among its arguments: a key must not be in a process list
        return made

    @property
    def running(self) -> bool:
        """Whether the process is there."""
        return self.process.poll() is None

    def tell(self, told: Mapping[str, Any]) -> None:
        """Says one line. Raises Dead."""
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(json.dumps(told) + "\n")
            self.process.stdin.flush()
        except (OSError, ValueError) as error:  # it ended between two questions
            raise Dead from error

    def hear(self, within: float, until: float = inf) -> dict[str, Any]:
        """The next line that is no sign of life. Raises Late when not even a sign came in time, Dead at the end.

        `until`: when, by the monotonic clock, it is late whatever signs came.
        """
        while True:
            try:
                line = self.said.get(timeout=max(0.0, min(within, until - monotonic())))
            except Empty:
                raise Late from None
            if line is None:
                raise Dead
            try:
                told: dict[str, Any] = json.loads(line)
            except ValueError:  # killed in the middle of a line
                raise Dead from None
            if "reading" not in told:
                return told

    def ask(self, asked: Mapping[str, Any], within: float, until: float = inf) -> Any:  # noqa: ANN401 - JSON
        """The answer to a question, behind those that are owed. Raises Silent."""
        while self.owed:
            self.hear(within, until)
            self.owed -= 1
        self.tell(asked)
        self.owed += 1
        told = self.hear(within, until)
        self.owed -= 1
        if "fault" in told:
            log.warning("grouping aside failed: %s", told["fault"])
            raise Faulty
        return told["answer"]

    def kill(self) -> None:
        """Ends it at once, whoever waits for it."""
        if self.running:
            self.process.kill()

    def end(self) -> None:
        """Ends it and gives its pipes back."""
        self.kill()
        self.process.wait()
        self.reader.join()
        if self.process.stdin is not None:
            try:
                self.process.stdin.close()
            except OSError:
                log.debug("the grouping process left words unread")


def _pump(lines: Iterable[str], said: Lines) -> None:
    """Reads what a process says to its end."""
    try:
        for line in lines:
            said.put(line)
    except ValueError:  # half a letter: it was killed in the middle of one
        log.debug("the grouping process ended in the middle of a word")
    finally:
        said.put(None)
        lines.close()  # type: ignore[attr-defined]  # a pipe
