"""The commands: what each is called, what it takes, and how its end is told. Heavy imports wait inside them."""

from __future__ import annotations

import io
import json
import os
import sys
import traceback
from pathlib import Path
from types import TracebackType
from typing import Annotated, NoReturn
from urllib.parse import urlencode

import typer

from bot.cli.problems import FAILED, INTERRUPTED, Problem, Stopped

app = typer.Typer(
    name="ideahunt",
    help="Idea hunts in Slack and Teams: collect ideas, group them by theme, vote with dots, act on the result.",
    epilog="From nothing to a running bot: docs/slack.md, docs/teams.md. Without an account: ideahunt demo.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
db = typer.Typer(help="Look after the database.", no_args_is_help=True)
app.add_typer(db, name="db")


def run() -> NoReturn:
    """Runs the command of this process's arguments, and exits: problems are told in words, without a traceback."""
    sys.excepthook = _tell_trace
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # whatever the terminal's own encoding is
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        app()
        sys.stdout.flush()
    except Stopped as stopped:
        if "--debug" in sys.argv:
            _tell_trace(type(stopped), stopped, stopped.__traceback__)
        for problem in stopped.problems:
            print(f"{problem.what}\n  → {problem.fix}", file=sys.stderr)
        sys.exit(stopped.code)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except BrokenPipeError:  # whoever read us has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(FAILED)
    sys.exit(0)


def _tell_trace(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """The whole traceback, without secrets: what to join to a report of a fault."""
    from bot.cli.logs import Redactor
    from bot.cli.settings import known_secrets

    print(Redactor(known_secrets())("".join(traceback.format_exception(kind, error, trace))), file=sys.stderr)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"ideahunt {_installed()}")
        raise typer.Exit


def _installed() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("ideahunt")
    except PackageNotFoundError:
        return "(a checkout that is not installed)"


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, metavar="", help="Say which version this is.")
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", metavar="", help="Show where in the program a problem came up.")
    ] = False,
) -> None:
    """Options that stand before any command."""


# --- Slack

Lang = Annotated[str, typer.Option("--lang", help="Language: fr or en.", metavar="fr|en")]


@app.command()
def manifest(
    http: Annotated[str, typer.Option("--http", metavar="URL", help="Public address, to be reached over HTTP.")] = "",
    lang: Lang = "en",
    link: Annotated[bool, typer.Option("--link", help="Print a link that fills Slack's form.")] = False,
    teams: Annotated[
        Path | None, typer.Option("--teams", metavar="FILE.zip", help="Write the app package for Microsoft Teams.")
    ] = None,
    app_id: Annotated[
        str, typer.Option("--app-id", metavar="ID", help="The bot's id in Teams; else from the settings.")
    ] = "",
) -> None:
    """Print what Slack must be told to create the app; or write what Teams takes."""
    from handlers.slack.manifest import manifest as described

    _expect_language(lang)
    if teams is not None:
        _write_package(teams, app_id, lang)
        return
    if http and not http.startswith("https://"):
        raise Stopped(Problem("Slack reaches a bot over https only.", "Write --http https://your.public.host"))
    told = described(http or None, lang)
    if link:
        query = urlencode({"new_app": 1, "manifest_json": json.dumps(told, ensure_ascii=False, separators=(",", ":"))})
        print(f"https://api.slack.com/apps?{query}")
    else:
        print(json.dumps(told, ensure_ascii=False, indent=2))


def _write_package(file: Path, app_id: str, lang: Lang) -> None:
    from bot.cli.settings import read_settings
    from bot.cli.teams_settings import APP_ID, GUID, WHERE
    from handlers.teams.manifest import package

    id = (app_id or read_settings().teams_app_id or "").strip().lower()
    if not GUID.fullmatch(id):
        raise Stopped(Problem("The package needs the bot's id.", f"Write --app-id, or set {APP_ID}. {WHERE[APP_ID]}"))
    try:
        file.write_bytes(package(id, lang))
    except OSError as error:
        raise Stopped(Problem(f"{file} cannot be written ({error.strerror}).", "Name another file.")) from None
    print(f"{file} is ready: upload it in Teams under Apps, Manage your apps (docs/teams.md).")


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="For a program to read.")] = False,
) -> None:
    """Check tokens, permissions, socket, clock and database; say what to do about each fault."""
    import asyncio

    from bot.cli.doctor import examine, tell

    findings = asyncio.run(examine())
    raise typer.Exit(tell(findings, as_json=as_json))


@app.command("run")
def run_bot() -> None:
    """Run the bot until it is told to stop (Ctrl-C, or SIGTERM)."""
    from bot.cli.service import serve
    from bot.cli.settings import read_settings

    serve(read_settings())


# --- the demo


@app.command()
def demo(
    _script: Annotated[bool, typer.Option("--script", help="Play and leave. There is no other form yet.")] = False,
    lang: Lang = "fr",
    ideas: Annotated[
        Path | None, typer.Option("--ideas", metavar="FILE", help="Your own ideas: a CSV or text file, one a line.")
    ] = None,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the pages go.")] = Path("ideahunt-demo"),
    keep: Annotated[bool, typer.Option("--keep", help="Keep the database too.")] = False,
) -> None:
    """Play a whole hunt through a Slack of our own: no account, no token, no network."""
    _expect_language(lang)
    from bot.cli.demo import play_demo

    raise typer.Exit(play_demo(lang, ideas, out, keep=keep))


THEMES = """\
Group the ideas of any file by theme: no account, no network.

\b
ideahunt themes ideas.csv
    a table of themes, the ideas nearest to the middle of each
ideahunt themes ideas.csv --column proposal
    another column than the one it found
ideahunt themes ideas.csv --fineness 1.4
    more themes; 0.7 gives fewer
ideahunt themes ideas.csv --out map.html
    a page to look at, with a map
ideahunt themes ideas.csv --out themes.csv
    every idea with its theme, for a spreadsheet
ideahunt themes ideas.csv --words words.txt
    the words of your trade, a line each: VTT → vélo

\b
Without --words and --model, IDEAHUNT_WORDS_FILE, IDEAHUNT_THEMES_MODEL and
IDEAHUNT_EMBEDDINGS_* hold. Ideas leave this machine only where an address
of embeddings is set, and the command says so.
"""


@app.command(help=THEMES, no_args_is_help=True)
def themes(  # noqa: PLR0913, PLR0917 - its options
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A CSV or text file, one idea a row or a line; - for what is piped.")
    ],
    column: Annotated[
        str, typer.Option("--column", metavar="NAME", help="The column of ideas; else the likeliest, which is told.")
    ] = "",
    shape: Annotated[
        str, typer.Option("--format", metavar="table|csv|json|html", help="Else what --out ends with, else a table.")
    ] = "",
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Instead of standard output.")] = None,
    fineness: Annotated[
        str, typer.Option("--fineness", metavar="N", help="0.2 to 5: above 1 more themes, below 1 fewer.")
    ] = "1",
    words: Annotated[
        Path | None, typer.Option("--words", metavar="FILE", help="Your own words, a line each: VTT → vélo.")
    ] = None,
    model: Annotated[
        str,
        typer.Option(
            "--model", metavar="FOLDER", help="A model of your own: a folder, st:NAME, model2vec:NAME; words: none."
        ),
    ] = "",
    here: Annotated[
        bool, typer.Option("--here", help="Use the models that come with ideahunt, whatever the settings say.")
    ] = False,
    lang: Annotated[
        str, typer.Option("--lang", metavar="fr|en", help="Else IDEAHUNT_LANGUAGE, else the terminal's language.")
    ] = "",
) -> None:
    """Group the ideas of any file by theme: no account, no network."""
    from bot.cli.themes import group_file, use_one_thread
    from bot.cli.themes_settings import Wanted

    use_one_thread()
    group_file(Wanted(file, column, shape, out, words, model, here, fineness, lang))


def _expect_language(lang: str) -> None:
    if lang not in {"fr", "en"}:
        raise Stopped(Problem(f"There is no language {lang!r} here.", "Write --lang fr or --lang en."))


# --- what was kept


@app.command()
def export(
    hunt: Annotated[str, typer.Argument(help="A hunt's id; without it, the hunts are listed.")] = "",
    shape: Annotated[str, typer.Option("--format", metavar="csv|md|json|html")] = "csv",
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Instead of standard output.")] = None,
    room: Annotated[str, typer.Option("--room", metavar="ID", help="The latest hunt of a channel.")] = "",
) -> None:
    """Write a hunt's ideas and results as CSV, Markdown, JSON or a page."""
    from bot.cli.archive import list_hunts, write_hunt
    from bot.cli.settings import read_settings

    settings = read_settings()
    if hunt or room:
        write_hunt(settings, hunt, room, shape, out)
    else:
        list_hunts(settings)


@app.command("print")
def print_ballots(
    hunt: Annotated[str, typer.Argument(help="A hunt's id.")],
    copies: Annotated[int, typer.Option("--copies", min=1, max=60, help="How many ballots.")] = 10,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The PDF to write.")] = Path("ballots.pdf"),
) -> None:
    """Write the ballots of a hunt's newest vote as a PDF to print, for people without a screen at hand."""
    from bot.cli.archive import print_ballots
    from bot.cli.settings import read_settings

    print_ballots(read_settings(), hunt, copies, out)


@app.command()
def verify(
    hunt: Annotated[str, typer.Argument(help="A hunt's id.")],
    round: Annotated[int, typer.Argument(help="Its round; without it, every closed one.")] = 0,
    expect: Annotated[
        str,
        typer.Option("--expect", metavar="HASH", help="The published fingerprint; 8 characters of it do."),
    ] = "",
) -> None:
    """Count a closed vote again from its ledger, and say whether it is what was announced.

    Leaves with 0 when all agrees, 1 when something differs, 2 when nothing could be counted.
    """
    from bot.cli.recount import verify_hunt
    from bot.cli.settings import read_settings

    raise typer.Exit(verify_hunt(read_settings(), hunt, round, expect))


@app.command()
def order(
    report: Annotated[Path, typer.Argument(metavar="REPORT.json", help="A hunt exported as JSON.")],
    person: Annotated[str, typer.Option("--person", metavar="ID", help="Your member id (Slack: U…).")],
    workspace: Annotated[str, typer.Option("--workspace", metavar="ID", help="Your workspace's id (Slack: T…).")],
    round: Annotated[int, typer.Option("--round", metavar="N", help="One round; else every closed one.")] = 0,
) -> None:
    """Draw the order in which a voter saw the options again, from the seed published at the close. No database."""
    from bot.cli.order import print_order

    print_order(report, person, workspace, round)


@app.command("count")
def count_ballots(  # noqa: PLR0913, PLR0917 - one argument for each option people may give
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Ballots as CSV, JSON or Pabulib (.pb).")],
    places: Annotated[int | None, typer.Option("--places", metavar="N", help="Places to fill; else 3.")] = None,
    dots: Annotated[int | None, typer.Option("--dots", metavar="N", help="Dots a voter had; more are a fault.")] = None,
    cap: Annotated[int | None, typer.Option("--cap", metavar="N", help="Dots at most on one option.")] = None,
    runoff: Annotated[
        Path | None, typer.Option("--runoff", metavar="FILE", help="Ballots of a run-off over the tie.")
    ] = None,
    shape: Annotated[str, typer.Option("--format", metavar="table|json|csv")] = "table",
    lang: Lang = "en",
) -> None:
    """Count ballots that come from elsewhere exactly as a vote is counted here.

    CSV: a row a ballot and a column an option (a first column "voter" holds names), or the columns voter, option and
    dots. JSON: {voter: {option: dots}} or a list of {option: dots}. Ballots that break --dots or --cap are named, none
    of their dots count, and the command then leaves with 1.
    """
    _expect_language(lang)
    from bot.cli.count import count_file

    raise typer.Exit(count_file(file, {"places": places, "dots": dots, "cap": cap}, runoff, shape, lang))


# --- the database


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the tables to this version; a SQLite file is copied first."""
    from bot.cli.database import upgrade
    from bot.cli.settings import read_settings

    upgrade(read_settings())


@db.command("current")
def db_current() -> None:
    """Say which version the tables have, and which this program needs."""
    from bot.cli.database import tell_current
    from bot.cli.settings import read_settings

    raise typer.Exit(tell_current(read_settings()))


@db.command("backup")
def db_backup(path: Annotated[Path, typer.Argument(help="The file to write; it must not exist yet.")]) -> None:
    """Copy a SQLite database while the bot runs."""
    from bot.cli.database import backup
    from bot.cli.settings import read_settings

    backup(read_settings(), path)


@db.command("letters")
def db_letters() -> None:
    """Count the letters that wait, were sent, or were given up."""
    from bot.cli.archive import tell_letters
    from bot.cli.settings import read_settings

    tell_letters(read_settings())


@db.command("check")
def db_check() -> None:
    """Look for damage in the database, and count every closed vote again."""
    from bot.cli.archive import check
    from bot.cli.settings import read_settings

    raise typer.Exit(check(read_settings()))
