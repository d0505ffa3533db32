"""What each person did and saw, told as it happened: the story of a played day."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

SPACES = re.compile(r"[ \t\r\n]+")
"""Not the no-break spaces of French."""
MOST = 160
"""Characters of one line; a longer one ends in an ellipsis."""


class Kind(StrEnum):
    """What a line tells."""

    TITLE = "title"
    DID = "did"
    SAW = "saw"
    """Only this person sees it."""
    ROOM = "room"
    """The whole room sees it."""
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Told:
    """One line: when (UTC), of which kind, who, what."""

    at: datetime
    kind: Kind
    who: str
    text: str


@dataclass(slots=True)
class Transcript:
    """The lines so far; `watch` hears each as it comes."""

    zone: str
    language: str
    watch: Callable[[Told], object] = id
    lines: list[Told] = field(default_factory=list)

    def tell(self, at: datetime, kind: Kind, who: str, text: str) -> None:
        """Adds a line; its own line ends become spaces."""
        plain = SPACES.sub(" ", text).strip()
        told = Told(at, kind, who, plain if len(plain) <= MOST else f"{plain[: MOST - 1].rstrip()}…")
        self.lines.append(told)
        self.watch(told)

    def text(self) -> str:
        """The whole story as plain text."""
        return "\n".join(line for _, line in self.rows()) + "\n"

    def rows(self) -> Iterator[tuple[Kind, str]]:
        """The story line by line, the time of day in front wherever it changed."""
        shown = ""
        for told in self.lines:
            if told.kind is Kind.TITLE:
                shown = ""
                yield told.kind, ""
                yield told.kind, told.text
                continue
            clock = f"{told.at.astimezone(ZoneInfo(self.zone)):%H:%M}"
            yield told.kind, f"{clock if clock != shown else '':5}  {_line(told)}"
            shown = clock


def _line(told: Told) -> str:
    """One line without its time: deeds stand out, what is seen is indented."""
    match told.kind:
        case Kind.SAW:
            return f"    → {told.text}"
        case Kind.ROOM:
            return f"    │ {told.text}"
        case Kind.CLOCK:
            return f"⏰ {told.text}"
        case _:
            return f"{told.who} {told.text}".strip()


STYLES: Mapping[Kind, str] = {
    Kind.TITLE: "bold",
    Kind.DID: "",
    Kind.SAW: "italic",
    Kind.ROOM: "cyan",
    Kind.CLOCK: "yellow",
}
"""How a terminal may show each kind, in the words of rich."""
