"""`ideahunt count`: ballots from elsewhere, in every form they come in, and every fault they may have."""

from __future__ import annotations

import csv
import json
import os
import random
import resource
import subprocess
import sys
from collections.abc import Callable
from importlib.resources import files
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cli.ballots import Cast, Poll, in_order, named, read_poll
from bot.cli.count import count_file, count_poll
from bot.cli.problems import Stopped
from bot.text import one_line

ROOT = Path(__file__).parents[2]
DAY = json.loads(files("standins.play").joinpath("bois_des_forts.json").read_text("utf-8"))
BALLOTS: dict[str, dict[str, int]] = DAY["vote"]["bulletins"]
RANKED = [(rank["option"], rank["points"], rank["soutiens"]) for rank in DAY["attendu"]["classement"] if rank["points"]]
"""Ballots alone do not tell which options got no dot."""
LONG = [(voter, option, dots) for voter, paper in BALLOTS.items() for option, dots in paper.items()]
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a file of ballots, in UTF-8 unless told otherwise."""

    def written(content: str, name: str = "votes.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode(encoding))
        return path

    return written


def counted(path: Path, capsys: pytest.CaptureFixture[str], runoff: Path | None = None, **rules: int) -> dict[str, Any]:
    """The JSON of a count."""
    count_file(path, rules, runoff, "json", "en")
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def told(path: Path, capsys: pytest.CaptureFixture[str], lang: str = "en", **rules: int) -> str:
    count_file(path, rules, None, "table", lang)
    return capsys.readouterr().out


def table(separator: str = ",", first: str = "voter") -> str:
    """The Bois des Forts ballots, a row each."""
    options = in_order({option for paper in BALLOTS.values() for option in paper})
    rows = [[first, *options]]
    rows += [[voter, *(str(paper.get(option, "")) for option in options)] for voter, paper in BALLOTS.items()]
    return "".join(f"{separator.join(row)}\n" for row in rows)


# --- the day in the wood


def test_the_bois_des_forts_vote_gives_its_figures_with_ideahunt_count(
    capsys: pytest.CaptureFixture[str], write: Write
) -> None:
    found = counted(write(json.dumps(DAY), "day.json"), capsys)
    assert (found["voters"], found["dots_placed"], found["dots_possible"]) == (14, 94, 98)
    assert found["tied_at_cut"] == ["I11", "I16"]
    assert [(way["options"][-1], way["voters"]) for way in found["coverage"]] == [("I11", 10), ("I16", 13)]
    assert found["balanced"] == {"options": ["I7", "I10", "I16", "I11"], "voters": 14}
    assert [(rank["option"], rank["dots"]) for rank in found["runoff"]["ranks"]] == [("I16", 8), ("I11", 5)]
    assert found["final"] == ["I7", "I10", "I9", "I16"]
    assert [(rank["option"], rank["dots"], rank["supporters"]) for rank in found["ranks"]] == RANKED


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (table(), "votes.csv"),
        ("\ufeff" + table(";", "Votant"), "votes.csv"),
        ("sep=;\r\n" + table(";", "nom").replace("\n", "\r\n"), "votes.txt"),
        (table("\t", "prénom"), "votes.tsv"),
        ("\n".join(line.split(",", 1)[1] for line in table().splitlines()), "no-names.csv"),
        (
            "voter,option,dots\n" + "".join(f"{v},{o},{d}\n" for v, o, d in LONG),
            "long.csv",
        ),
        (
            "Gommettes;Idée;Électeur\n" + "".join(f"{d};{o};{v}\n" for v, o, d in LONG),
            "l",
        ),
        ("voter,option\n" + "".join(f"{v},{o}\n" * d for v, o, d in LONG), "a row a dot"),
        (json.dumps(BALLOTS), "votes.json"),
        (json.dumps([*BALLOTS.values()]), "list.json"),
        (json.dumps({"ballots": BALLOTS, "options": ["I7"]}), "with-options.json"),
    ],
)
def test_the_same_ballots_give_the_same_result_in_every_form(
    content: str, name: str, capsys: pytest.CaptureFixture[str], write: Write
) -> None:
    found = counted(write(content, name), capsys, places=4, dots=7, cap=2)
    assert (found["voters"], found["dots_placed"], found["dots_possible"]) == (14, 94, 98)
    assert set(found["tied_at_cut"]) == {"I11", "I16"}
    assert [option for option in found["balanced"]["options"] if option not in {"I11", "I16"}] == ["I7", "I10"]


def test_the_result_is_told_in_both_languages(capsys: pytest.CaptureFixture[str], write: Write) -> None:
    day = write(json.dumps(DAY), "day.json")
    english, french = told(day, capsys), told(day, capsys, "fr")
    assert "94 dots placed out of 98" in english
    assert "With I16: 13 voters out of 14 find" in english
    assert "To be discussed, 1 dot apart: I11 and I16 with 8, I23 with 7." in english
    assert "94 gommettes posées sur 98" in french
    assert "À discuter, 1 gommette d’écart\u00a0: I11 et I16 avec 8, I23 avec 7." in french
    assert french.splitlines()[-1] == "La liste finale\u00a0: I7, I10, I9 et I16"


def test_a_table_for_spreadsheets_holds_every_option(capsys: pytest.CaptureFixture[str], write: Write) -> None:
    count_file(write(json.dumps(DAY), "day.json"), {}, None, "csv", "fr")
    rows = list(csv.DictReader(StringIO(capsys.readouterr().out.removeprefix("\ufeff")), delimiter=";"))
    assert rows[3] | {"nom": ""} == {
        "rang": "4",
        "option": "I11",
        "nom": "",
        "gommettes": "8",
        "soutiens": "6",
        "départage": "5",
        "liste finale": "",
    }
    assert len(rows) == len(RANKED)


def test_a_name_that_a_spreadsheet_would_run_is_written_as_text(
    capsys: pytest.CaptureFixture[str], write: Write
) -> None:
    count_file(write("=1+1,Benches\n1,0\n2,1\n"), {}, None, "csv", "en")
    assert '"\'=1+1"' in capsys.readouterr().out


# --- Pabulib

PROJECTS = "PROJECTS\nproject_id;cost;name\n7;100;Benches\n8;200;Trees\n9;300;Lamps\n"


def pabulib(kind: str, votes: str, meta: str = "", columns: str = "voter_id;vote;points") -> str:
    return f"META\nkey;value\nvote_type;{kind}\nbudget;300\n{meta}{PROJECTS}VOTES\n{columns}\n{votes}"


@pytest.mark.parametrize(
    ("content", "dots", "possible"),
    [
        (
            pabulib("cumulative", "1;7,8;3,1\n2;8;4\n3;9;0\n", "max_sum_points;4\n"),
            [5, 3, 0],
            8,
        ),
        (pabulib("scoring", "1;7,8;3,1\n2;8;2\n"), [3, 3, 0], None),
        (pabulib("approval", "1;7,8\n2;8\n3;\n", "max_length;2\n", "voter_id;vote"), [2, 1, 0], 4),
        (pabulib("choose-1", "1;7\n2;8\n3;8\n", columns="voter_id;vote").replace("\n", "\r\n"), [2, 1, 0], 3),
    ],
)
def test_pabulib_files_are_counted_without_their_costs(
    content: str, dots: list[int], possible: int | None, capsys: pytest.CaptureFixture[str], write: Write
) -> None:
    path = write(content, "city.pb")
    found = counted(path, capsys, places=1)
    assert [rank["dots"] for rank in found["ranks"]] == dots
    assert found["dots_possible"] == possible
    assert "Costs are not used" in told(path, capsys)
    assert "8 Trees" in told(path, capsys)


def test_a_voter_who_comes_twice_in_a_published_file_is_told(capsys: pytest.CaptureFixture[str], write: Write) -> None:
    path = write(pabulib("approval", "1;7\n1;8\n2;8\n", columns="voter_id;vote"), "city.pb")
    assert "1 voter’s code comes more than once; each line is counted" in told(path, capsys)


# --- rules


def test_ballots_that_break_the_rules_are_named_and_none_of_their_dots_count(
    capsys: pytest.CaptureFixture[str], write: Write
) -> None:
    path = write("voter;A;B;C\nAnne;2;1;0\nBob;3;0;0\nCleo;2;2;2\nDan;0;0;0\n")
    assert count_file(path, {"dots": 5, "cap": 2}, None, "table", "en") == 1
    text = capsys.readouterr().out
    assert "line 3 (Bob): 3 on A, at most 2" in text
    assert "line 4 (Cleo): 6 dots, at most 5" in text
    assert "1 voter, 3 dots placed out of 5" in text
    assert "1 ballot without a dot." in text
    found = counted(path, capsys, dots=5, cap=2)
    assert [(one["line"], one["voter"], one["rule"]) for one in found["set_aside"]] == [
        (3, "Bob", "cap"),
        (4, "Cleo", "dots"),
    ]


def test_without_rules_nothing_is_checked_and_this_is_said(capsys: pytest.CaptureFixture[str], write: Write) -> None:
    path = write("A,B\n30,1\n")
    assert "no ballot was checked" in told(path, capsys)
    assert counted(path, capsys)["dots_possible"] is None


def test_many_ballots_set_aside_are_counted_in_words(capsys: pytest.CaptureFixture[str], write: Write) -> None:
    text = told(write("A,B\n" + "9,9\n" * 30), capsys, cap=1)
    assert "30 ballots break the rules" in text
    assert "and 10 more" in text


def test_nobody_voted(capsys: pytest.CaptureFixture[str], write: Write) -> None:
    assert "Nobody placed a dot." in told(write("A,B\n0,0\n"), capsys)


def test_below_five_voters_no_other_reading_is_told(capsys: pytest.CaptureFixture[str], write: Write) -> None:
    assert "Below 5 voters" in told(write("A,B\n1,0\n0,1\n"), capsys)


def test_a_tie_with_many_ways_to_fall_says_how_many(capsys: pytest.CaptureFixture[str], write: Write) -> None:
    path = write(",".join(map(str, range(1, 21))) + "\n" + ",".join(["1"] * 20) + "\n")
    assert "may fall in 184,756 ways" in told(path, capsys, places=10)


# --- run-off


def test_a_run_off_parts_the_tie_and_counts_one_dot_over_the_tied_options_only(
    capsys: pytest.CaptureFixture[str], write: Write
) -> None:
    main = write("A,B,C\n2,1,1\n1,0,0\n")
    runoff = write("voter,option\nx,B\ny,C\nz,C\nu,A\nw,B\nw,C\n", "second.csv")
    found = counted(main, capsys, runoff, places=2)
    assert found["final"] == ["A", "C"]
    assert found["runoff"]["voters"] == 3
    assert [(one["voter"], one["rule"]) for one in found["runoff"]["set_aside"]] == [("u", "option"), ("w", "dots")]


def test_a_run_off_that_ends_in_a_tie_stays_one(capsys: pytest.CaptureFixture[str], write: Write) -> None:
    main, runoff = write("A,B\n1,1\n"), write("A,B\n1,0\n0,1\n", "second.csv")
    assert counted(main, capsys, runoff, places=1)["final"] == []
    count_file(main, {"places": 1}, runoff, "table", "en")
    assert "Tied for the last places: A and B." in capsys.readouterr().out


def test_a_run_off_without_a_tie_is_refused(write: Write) -> None:
    main, runoff = write("A,B\n2,1\n"), write("A,B\n1,0\n", "second.csv")
    with pytest.raises(Stopped, match=r"votes\.csv: no tie crosses the last place"):
        count_file(main, {"places": 1}, runoff, "table", "en")


# --- bad input

BAD = [
    ("", "votes.csv: it is empty."),
    ("voter,Trail,Bench\n", "votes.csv: it holds no ballot."),
    ("\0\0\0\1", "votes.csv: it is not text."),
    (";;;\n;;\n", "votes.csv: it holds no table."),
    ("A\n1\n2\n", "votes.csv, line 1: it names fewer than two options."),
    ("A,B,A\n1,2,3\n", "votes.csv, line 1: two options are called “A”."),
    ("A,B\n1,0\n1,two\n", "votes.csv, line 3: “two” for B is no whole number of dots."),
    ("A;B\n1;0\n\n1;1,5\n", "votes.csv, line 4: “1,5” for B is no whole number of dots."),
    ("A,B\n-1,0\n", "votes.csv, line 2: “-1” for A is no whole number of dots."),
    ("A,B\n99999999999999999999,0\n", "“99999999999999999999” for A is no whole number of dots."),
    ("Who did it,A,B\nAnne,1,0\n", "line 2: “Anne” for Who did it is no whole number of dots."),
    ("A,B\n1,0,1\n", "votes.csv, line 2: it has more cells than the 2 of the first line."),
    (
        "voter,A,B\nAnne,1,0\nBob,1,0\nAnne,0,1\n",
        "votes.csv, line 4: Anne has a second ballot; the first is on line 2.",
    ),
    ("voter,A,B\nAnne,1,0\nTotal,1,0\n", "votes.csv, line 3: “Total” looks like a row of totals"),
    ('"Two\nlines",B\n1,0\nx,0\n', "votes.csv, line 4: “x” for Two lines is no whole number of dots."),
    ('A,B\n"1,0\n', "votes.csv, line 2: this row cannot be read"),
    ("voter,option,dots\nAnne,A,1\n,A,1\n", "votes.csv, line 3: the voter is missing."),
    ("voter,option,dots\nAnne,,1\n", "votes.csv, line 2: the option is missing."),
    ("voter,option,dots\nAnne,A,1\nAnne,A,1\n", "votes.csv, line 3: Anne has two rows for A."),
    ("voter,A,B,total\nAnne,1,0,1\n", "votes.csv, line 1: “total” looks like a column of totals"),
    ("A,B,\n1,0,3\n", "votes.csv, line 2: “3” stands in a column without a name."),
    ("voter,option,dots\n", "votes.csv, line 1: no ballot follows."),
    ('{"a": {"A": 1},}', "votes.csv, line 1: this is no JSON"),
    ('[{"A": 1},\n{"A": }]', "votes.csv, line 2: this is no JSON"),
    ('{"a": {"A": 1}, "a": {"A": 2}}', "votes.csv: “a” stands twice in one place."),
    ('{"a": {"A": 1.5}}', "votes.csv: in the ballot of a, 1.5 for A is no whole number of dots."),
    ('{"a": {"A": true}}', "votes.csv: in the ballot of a, true for A is no whole number of dots."),
    ('[{"A": 1}, {"A": -2}]', "votes.csv: in the ballot of #2, -2 for A is no whole number of dots."),
    ('{"a": {"A": 1, "A ": 2}}', "votes.csv: the ballot of a names A twice."),
    ('{"a": {"A": 1%s}}' % ("0" * 20), "00 for A is no whole number of dots."),
    ('{"a": {"A": 1%s}}' % ("0" * 5_000), "votes.csv: it holds a number of thousands of digits."),
    ('{"a": 3}', "votes.csv: the ballot of a holds no options with dots."),
    ('{"vote": {"bulletins": 3}}', "votes.csv: there are no ballots in it."),
    ('{"vote": {"bulletins": {}, "places": 0}}', "votes.csv: the rule “places” is no whole number from 1 on."),
    ("[" * 100_000, "votes.csv"),
    ("META\nkey;value\n", "votes.csv: it has no projects."),
    (pabulib("ordinal", "1;7,8;\n"), "votes.csv, line 12: votes of the type “ordinal” hold no dots to count."),
    (pabulib("scoring", "1;7,8;3\n"), "votes.csv, line 12: 2 projects have 1 numbers of points."),
    (pabulib("scoring", "1;7;2\n2;7,7;3,1\n"), "votes.csv, line 13: the vote names a project twice."),
    (pabulib("scoring", "1;12;3\n"), "votes.csv, line 12: “12” is not among the projects."),
    (pabulib("scoring", "1;7;0.5\n"), "votes.csv, line 12: “0.5” for 7 is no whole number of dots."),
    (pabulib("approval", "").replace("8;200", "7;200"), "votes.csv, line 8: a second project is called “7”."),
]


@pytest.mark.parametrize(("content", "sentence"), BAD)
def test_bad_input_gets_one_sentence_with_its_line_and_a_remedy(content: str, sentence: str, write: Write) -> None:
    with pytest.raises(Stopped) as stopped:
        count_file(write(content), {}, None, "table", "en")
    (problem,) = stopped.value.problems
    assert sentence in problem.what
    assert problem.fix


def test_a_file_that_is_not_there_and_a_folder_are_told(write: Write, tmp_path: Path) -> None:
    with pytest.raises(Stopped, match=r"none\.csv: it cannot be read \(No such file"):
        read_poll(tmp_path / "none.csv")
    with pytest.raises(Stopped, match="it cannot be read"):
        read_poll(tmp_path)
    with pytest.raises(Stopped, match=r"--places 0 is no number from 1 on"):
        count_file(write("A,B\n1,0\n"), {"places": 0}, None, "table", "en")
    with pytest.raises(Stopped, match="There is no format 'xml'"):
        count_file(write("A,B\n1,0\n"), {}, None, "xml", "en")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_what_spreadsheets_write_is_read(encoding: str, write: Write) -> None:
    assert read_poll(write("Électeur;Allée;Étang\nZoé;1;2,0\n", encoding=encoding)).options == ("Allée", "Étang")


def test_names_cannot_write_on_the_terminal(capsys: pytest.CaptureFixture[str], write: Write) -> None:
    text = told(write("voter,A\x1b[31m,[bold]B[/bold]\nE\x1b]0;x\x07ve,9,0\nBob,1,1\n"), capsys, cap=1)
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "[bold]B[/bold]" in text


@given(st.text(max_size=30))
def test_the_short_way_to_clean_a_name_is_the_long_one(text: str) -> None:
    assert named(text) == one_line(text, 200)


@given(
    st.lists(st.dictionaries(st.sampled_from("ABCDE"), st.integers(1, 4), max_size=4), max_size=12), st.integers(1, 4)
)
def test_the_order_of_the_ballots_changes_nothing(papers: list[dict[str, int]], places: int) -> None:
    there, back = (
        count_poll(Poll(tuple("ABCDE"), [*casts]), {"places": places}, None).tally
        for casts in (cast(papers), cast(papers[::-1]))
    )
    assert there == back


def cast(papers: list[dict[str, int]]) -> list[Any]:

    return [Cast(paper) for paper in papers]


# --- as a process


def ideahunt(*arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    ended = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert "Traceback" not in ended.stderr
    assert ended.returncode == code, ended.stdout + ended.stderr
    return ended


def test_the_command_leaves_with_0_1_or_2(write: Write) -> None:
    good, broken = write("A,B\n1,0\n1,1\n"), write("A,B\n1,x\n", "broken.csv")
    assert "A" in ideahunt("count", str(good), "--places", "1").stdout
    assert "line 3" in ideahunt("count", str(good), "--dots", "1", "--lang", "en", code=1).stdout
    assert "broken.csv, line 2" in ideahunt("count", str(broken), code=2).stderr


@pytest.mark.slow
def test_a_hundred_thousand_ballots_fit_in_a_small_machine(write: Write) -> None:
    """Few different ballots: it is the memory of reading and counting that is tried here, not the patience."""
    random.seed(7)
    different = [",".join(random.choices("0012", k=30)) for _ in range(500)]
    heads = ",".join(f"Idea {number}" for number in range(30))
    path = write(f"{heads}\n" + "".join(f"{random.choice(different)}\n" for _ in range(100_000)))
    found = json.loads(ideahunt("count", str(path), "--format", "json", "--places", "8").stdout)
    assert found["voters"] == 100_000
    assert len(found["balanced"]["options"]) == 8
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 600_000  # kB
