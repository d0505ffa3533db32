"""What each person did and saw, told as it happened: the story of a played day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

MOST = 150
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
        """Adds a line; its line ends become separators."""
        plain = " · ".join(part.strip() for part in text.splitlines() if part.strip())
        told = Told(at, kind, who, plain if len(plain) <= MOST else f"{plain[: MOST - 1].rstrip()}…")
        self.lines.append(told)
        self.watch(told)

    def text(self) -> str:
        """The whole story as plain text."""
        return "\n".join(line for told in self._paced() for line in told) + "\n"

    def _paced(self) -> Iterator[tuple[str, ...]]:
        shown = ""
        for told in self.lines:
            clock = self.clock(told.at)
            if told.kind is Kind.TITLE:
                shown = ""
                yield ("", told.text, "─" * min(len(told.text), 78))
                continue
            yield (f"{clock if clock != shown else '':5}  {self.line(told)}",)
            shown = clock

    def line(self, told: Told) -> str:
        """One line without its time: deeds stand out, what is seen is indented."""
        match told.kind:
            case Kind.DID:
                return f"{told.who} {told.text}"
            case Kind.SAW:
                return f"   → {told.text}"
            case Kind.ROOM:
                return f"   {told.who} │ {told.text}"
            case Kind.CLOCK:
                return f"⏰ {told.text}"
            case _:
                return told.text

    def clock(self, at: datetime) -> str:
        """The time of day in the day's zone."""
        return f"{at.astimezone(ZoneInfo(self.zone)):%H:%M}"
