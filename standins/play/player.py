"""Plays a day from its first command to its last file, and holds what came of it against what must come of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from standins.play import collecting, edges, ending, grouping, simulation, trusting, voting
from standins.play.clock import PlayClock
from standins.play.day import Day
from standins.play.expected import Comparison, compare
from standins.play.narration import narrate
from standins.play.stage import NotSeen, Stage
from standins.play.transcript import Kind, Told, Transcript
from standins.slack import NotAcknowledged, NothingThere, SlackStandin

Progress = Callable[[str, int, int], object]
"""What is going on, how much of it is done, out of how much."""
FILE_NAMES = {"csv": "ideas.csv", "md": "report.md", "html": "board.html", "json": "report.json"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """A played day: its story, the files the bot delivered (by file name), every figure that differs."""

    story: Transcript
    files: dict[str, str] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)
    compared: int = 0

    @property
    def transcript(self) -> str:
        """The story as plain text."""
        return self.story.text()


def _silent(what: str, done: int, total: int) -> None:
    """Shows no progress."""


async def play(
    slack: SlackStandin,
    day: Day,
    clock: PlayClock,
    tick: Callable[[], Awaitable[object]],
    *,
    progress: Progress = _silent,
    watch: Callable[[Told], object] = id,
) -> Outcome:
    """Plays `day` in a stand-in that a running bot is connected to.

    `clock` must be the clock of both; `tick` makes the bot do at once what its clock would do by itself, and deliver
    what is due. Nothing else of the bot is touched: all comes from commands, clicks, forms and messages. A day that
    cannot go on ends early and says where, among the differences.
    """
    story = Transcript(day.zone, day.language, watch)
    stage = Stage(slack, day, clock, tick, story, progress)
    title = narrate(day.language, "title.any" if day.simulated else "title", file=day.simulated)
    story.tell(clock.now(), Kind.TITLE, "", title)
    story.tell(clock.now(), Kind.ROOM, "", day.fiction)
    try:
        found, held = await (simulation.scenes(stage) if day.simulated else _scenes(stage))
    except (NotSeen, NothingThere, NotAcknowledged, TimeoutError) as lost:
        return Outcome(story, {}, [*stage.findings, f"the day could not go on: {type(lost).__name__}: {lost}"])
    files = {FILE_NAMES[form]: text for form, text in found.items()}
    return Outcome(story, files, [*stage.findings, *held.differences], held.compared)


async def _scenes(stage: Stage) -> tuple[dict[str, str], Comparison]:
    """The day in its order; the files and the figures compared."""
    stage.clock.jump(stage.day.moments["launch"])
    stage.heading("collect")
    await collecting.launch(stage)
    await collecting.collect(stage)
    await edges.edges(stage)
    await grouping.reveal(stage)
    await grouping.sort(stage)
    await grouping.merge(stage)
    await voting.open_vote(stage)
    await voting.edit_too_late(stage)
    await voting.try_too_much(stage)
    await voting.vote(stage)
    await ending.close(stage)
    friday = ending.results(stage)
    await trusting.read_again(stage, friday)
    await ending.weekly_letter(stage)
    await ending.run_off(stage)
    found = await ending.files(stage)
    await ending.next_session(stage)
    return found, compare(stage.day, found, friday)
