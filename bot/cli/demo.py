"""The demo: the real bot, a Slack of our own on this machine, and a day of people played through it."""

from __future__ import annotations

import asyncio
import logging
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from bot.cli.compose import running
from bot.cli.logs import start_logging
from bot.cli.problems import FAILED, Problem, Stopped
from bot.cli.settings import Settings
from handlers.slack.manifest import manifest
from standins.play import Day, NoIdeas, Outcome, PlayClock, bois_des_forts, day_of_ideas, play, read_ideas
from standins.play.player import Progress
from standins.play.transcript import STYLES
from standins.slack import Pace, SlackStandin, StandinViolation

SECOND = 0.02
"""Real seconds for one second of Slack's limits: they hold as ever, fifty times faster."""
DATABASE = "ideahunt.db"
STORY = "transcript.txt"
WORDS: Mapping[str, Mapping[str, str]] = {
    "fr": {
        "right": "Les {n} chiffres comparés sont tous ceux attendus.",
        "wrong": "Ce qui n’est pas comme attendu\u00a0:",
        "written": "Dans {out}\u00a0: {names}",
        "open": "Ouvrez {page} dans un navigateur\u00a0: c’est la page à projeter au mur.",
    },
    "en": {
        "right": "All {n} figures compared are as expected.",
        "wrong": "What is not as expected:",
        "written": "In {out}: {names}",
        "open": "Open {page} in a browser: it is the page to show on a wall.",
    },
}


class StandinSettings(Settings):
    """Settings that come from this program alone: no real token, no real database can ever reach the demo."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


def play_demo(language: str, ideas: Path | None, out: Path, *, keep: bool) -> int:
    """Plays a day, prints its story, leaves its files in `out`; returns 1 when a figure is not as expected.

    Raises Stopped when the ideas cannot be read or the files not be written.
    """
    day = _day(language, ideas)
    _make(out)
    # What goes wrong on purpose in the day is no news; what does not is told at the end.
    start_logging("ERROR", "console", ())
    with tempfile.TemporaryDirectory(prefix="ideahunt-demo-") as folder:
        with _progress() as progress:
            outcome = asyncio.run(_played(day, Path(folder), progress))
        names = _write(outcome, out)
        if keep:
            shutil.copy(Path(folder) / DATABASE, out / DATABASE)
            names.append(DATABASE)
    return _tell(outcome, out, names, WORDS[language])


def _day(language: str, ideas: Path | None) -> Day:
    if ideas is None:
        return bois_des_forts(language)
    try:
        return day_of_ideas(read_ideas(ideas), ideas.name, language)
    except NoIdeas as none:
        fix = "Give a text file with one idea a line, or a CSV file with a column of ideas."
        raise Stopped(Problem(str(none), fix)) from none


async def _played(day: Day, folder: Path, progress: Progress) -> Outcome:
    clock = PlayClock(day.moments["launch"])
    slack = SlackStandin(manifest(language=day.language), clock=clock.now, pace=Pace(SECOND))
    outcome = None
    try:
        async with slack:
            settings = _settings(slack, day, folder)
            async with running(settings, clock.now, second=SECOND, web=False, check=False) as bot:
                await slack.connected()
                outcome = await play(slack, day, clock, bot.tick, progress=progress)
    except StandinViolation as violation:
        if outcome is None:
            raise
        outcome.differences.extend(str(violation).splitlines())
    return outcome


def _settings(slack: SlackStandin, day: Day, folder: Path) -> Settings:
    app = slack.desk.app
    return StandinSettings(
        slack_bot_token=app.bot_token,
        slack_app_token=app.app_token,
        slack_api_url=slack.api_url,
        database_url=f"sqlite:///{folder / DATABASE}",
        language=day.language,
        time_zone=day.zone,
    )


# --- what people see


@contextmanager
def _progress() -> Iterator[Progress]:
    """A bar on a terminal's standard error; elsewhere one line for each part of the day."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn
    from rich.progress import Progress as Bars

    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Lines()
        return
    columns = (TextColumn("{task.description:24}"), BarColumn(), MofNCompleteColumn())
    with Bars(*columns, console=console, transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def show(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total)
            bars.update(tasks[what], completed=done, total=total)

        yield show


class _Lines:
    """Progress where nothing can be drawn over: each part is named once."""

    def __init__(self) -> None:
        self._shown = ""

    def __call__(self, what: str, done: int, total: int) -> None:
        if what != self._shown:
            print(f"{what}…", file=sys.stderr, flush=True)
        self._shown = what


def _make(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Stopped(Problem(f"{out} cannot be made ({error.strerror}).", "Choose another --out.")) from None


def _write(outcome: Outcome, out: Path) -> list[str]:
    files = {**outcome.files, STORY: outcome.transcript}
    try:
        for name, text in files.items():
            (out / name).write_text(text, "utf-8", newline="")
    except OSError as error:
        raise Stopped(Problem(f"{out} cannot be written ({error.strerror}).", "Choose another --out.")) from None
    return list(files)


def _tell(outcome: Outcome, out: Path, names: list[str], words: Mapping[str, str]) -> int:
    logging.shutdown()
    _tell_story(outcome)
    print(words["written"].format(out=out, names=", ".join(names)))
    if outcome.differences:
        print("\n".join((words["wrong"], *(f"  {line}" for line in outcome.differences))), file=sys.stderr)
        return FAILED
    print(words["right"].format(n=outcome.compared))
    if "board.html" in names:
        print(words["open"].format(page=out / "board.html"))
    return 0


def _tell_story(outcome: Outcome) -> None:
    """The story, each kind of line in its colour on a terminal; plain text elsewhere."""
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, emoji=False)
    if not console.is_terminal:
        print(outcome.transcript)
        return
    for kind, line in outcome.story.rows():
        console.print(Text(line, style=STYLES[kind]))
    print()
