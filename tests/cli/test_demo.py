"""`ideahunt demo` as a process of its own, and what its database then tells the other commands."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from pypdf import PdfReader

from bot.cli.demo import StandinSettings
from bot.cli.settings import Settings

ROOT = Path(__file__).parents[2]
HEAVY = ("sqlalchemy", "slack_bolt", "slack_sdk", "aiohttp", "networkx", "pydantic_settings", "alembic", "uvicorn")


@dataclass
class Ended:
    code: int
    out: str
    err: str


def ideahunt(folder: Path, *arguments: str, **environment: str) -> Ended:
    ended = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert "Traceback" not in ended.stderr, ended.stderr
    return Ended(ended.returncode, ended.stdout, ended.stderr)


@dataclass
class Played:
    """The day, played once for all tests of this file."""

    folder: Path
    ended: Ended

    @property
    def out(self) -> Path:
        return self.folder / "ideahunt-demo"

    def ideahunt(self, *arguments: str) -> Ended:
        return ideahunt(self.out, *arguments, IDEAHUNT_DATABASE_URL="sqlite:///ideahunt.db")

    def hunt(self) -> str:
        """The id of the one hunt."""
        return self.ideahunt("export").out.splitlines()[1].split()[0]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    folder = tmp_path_factory.mktemp("demo")
    real = {"SLACK_BOT_TOKEN": "xoxb-canary", "SLACK_APP_TOKEN": "xapp-canary", "IDEAHUNT_DATABASE_URL": "canary"}
    return Played(folder, ideahunt(folder, "demo", "--script", "--keep", **real))


@pytest.mark.slow
def test_the_day_ends_with_every_figure_as_expected(played: Played) -> None:
    assert played.ended.code == 0, played.ended.err
    assert "chiffres comparés sont tous ceux attendus" in played.ended.out
    assert "Bois des Forts" in played.ended.out


@pytest.mark.slow
def test_it_leaves_its_files_and_says_where(played: Played) -> None:
    left = {path.name for path in played.out.iterdir()}
    assert {"board.html", "ideas.csv", "report.md", "transcript.txt", "ideahunt.db"} <= left
    assert str(Path("ideahunt-demo") / "board.html") in played.ended.out
    assert (played.out / "board.html").read_text("utf-8").lstrip().lower().startswith("<!doctype html>")
    rows = list(csv.reader((played.out / "ideas.csv").read_text("utf-8-sig").splitlines(), delimiter=";"))
    assert len(rows) > 26


@pytest.mark.slow
def test_real_tokens_in_the_environment_are_not_touched(played: Played) -> None:
    assert "canary" not in played.ended.out + played.ended.err


@pytest.mark.slow
def test_what_was_kept_can_be_exported_in_every_format(played: Played) -> None:
    hunt = played.hunt()
    told = json.loads(played.ideahunt("export", hunt, "--format", "json").out)
    assert len(told["rounds"]) == 2
    assert played.ideahunt("export", hunt).out.startswith("\ufeff")
    assert played.ideahunt("export", hunt, "--format", "md").out.startswith("#")
    assert played.ideahunt("export", hunt, "--format", "html", "--out", "wall.html").code == 0
    assert "<html" in (played.out / "wall.html").read_text("utf-8")


@pytest.mark.slow
def test_the_votes_are_counted_again_and_agree(played: Played) -> None:
    hunt = played.hunt()
    both = played.ideahunt("verify", hunt)
    assert (both.code, both.out.count("all agrees")) == (0, 2)
    assert played.ideahunt("verify", hunt, "1").out.count("all agrees") == 1
    assert played.ideahunt("verify", hunt, "9").code == 1
    assert "No damage" in played.ideahunt("db", "check").out


@pytest.mark.slow
def test_its_ballots_can_be_printed(played: Played) -> None:
    printed = played.ideahunt("print", played.hunt(), "--copies", "2", "--out", "paper.pdf")
    assert printed.code == 0, printed.err
    assert "is closed; these can no longer be entered" in printed.err
    pages = PdfReader(played.out / "paper.pdf").pages
    told = " ".join(page.extract_text() for page in pages)
    assert "Exemplaire 2" in told
    assert "jeu de piste" in told
    refused = played.ideahunt("print", "abc")
    assert (refused.code, "Traceback" in refused.err) == (2, False)


@pytest.mark.slow
def test_no_letter_was_given_up(played: Played) -> None:
    told = played.ideahunt("db", "letters").out
    assert "sent" in told or "delivered" in told
    assert "dead" not in told


@pytest.mark.slow
def test_a_file_of_anybodys_ideas_is_played_in_english(tmp_path: Path) -> None:
    ideas = ["Plant an orchard behind the town hall", "Lend tools to neighbours at the library"]
    ideas += [f"Open the school yard to families on summer evening number {n}" for n in range(1, 8)]
    (tmp_path / "mine.txt").write_text("\n".join(ideas), "utf-8")
    ended = ideahunt(tmp_path, "demo", "--ideas", "mine.txt", "--lang", "en", "--out", "there")
    assert ended.code == 0, ended.err
    assert "as expected" in ended.out
    assert "asks the bot for themes and keeps" in ended.out
    assert (tmp_path / "there" / "board.html").exists()
    assert not (tmp_path / "there" / "ideahunt.db").exists()


def test_a_file_whose_lines_are_no_ideas_ends_in_one_sentence_of_the_chosen_language(tmp_path: Path) -> None:
    (tmp_path / "lines.txt").write_text("👍👍\nok\nhi\n", "utf-8")
    ended = ideahunt(tmp_path, "demo", "--script", "--ideas", "lines.txt", "--lang", "fr")
    assert ended.code == 1
    assert "Idées gardées par le bot\u00a0: 0. Il en faut deux pour voter" in ended.err
    assert "NotSeen" not in ended.err


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [("none.txt", b"", "no idea in it"), ("one.txt", b"Only one idea here", "two"), ("x.bin", b"a\0b", "text")],
)
def test_a_file_without_ideas_is_told(name: str, content: bytes, words: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    ended = ideahunt(tmp_path, "demo", "--ideas", name)
    assert (ended.code, words in ended.err, "→" in ended.err) == (2, True, True), ended.err


def test_a_missing_file_an_unknown_language_and_a_blocked_folder_are_told(tmp_path: Path) -> None:
    (tmp_path / "blocked").write_text("in the way", "utf-8")
    for wrong in (("--ideas", "nowhere.txt"), ("--lang", "de"), ("--out", "blocked/deeper")):
        ended = ideahunt(tmp_path, "demo", *wrong)
        assert ended.code == 2
        assert "→" in ended.err


def test_the_demos_settings_come_from_nowhere_else(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("SLACK_APP_TOKEN=xapp-canary\n", "utf-8")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-canary")
    monkeypatch.setenv("IDEAHUNT_DATABASE_URL", "postgresql://canary@host/db")
    own: Settings = StandinSettings()
    assert own.slack_bot_token is None
    assert own.slack_app_token is None
    assert own.database_url is None


@pytest.mark.parametrize(
    "arguments", [("--help",), ("--version",), ("db", "--help"), ("demo", "--help"), ("manifest",)]
)
def test_asking_for_help_loads_nothing_heavy(arguments: tuple[str, ...], tmp_path: Path) -> None:
    code = (
        "import sys\n"
        f"sys.argv = ['ideahunt', *{arguments!r}]\n"
        "from bot.cli import main\n"
        "try:\n    main()\n"
        "except SystemExit:\n"
        f"    print('LOADED', [name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert "LOADED []" in ended.stdout, ended.stdout[-200:]
