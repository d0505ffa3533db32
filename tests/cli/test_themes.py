"""`ideahunt themes`: any file in, a table, CSV, JSON or a page out; bad input is told in one sentence."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from bot.cli.problems import Stopped
from bot.cli.themes import FORMATS, group_file

IDEAS = (
    "Une piste cyclable vers la gare", "Un garage à vélos à la mairie", "Prêter des vélos le dimanche",
    "Rénover la cantine scolaire", "Aide aux devoirs le soir", "Des livres pour les élèves", "=1+1 <b>école</b>",
)  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    place = tmp_path / "idées.txt"
    place.write_text("\n".join(IDEAS), "utf-8")
    return place


def grouped(file: Path, shape: str, words: Path | None = None, model: str = "", fineness: float = 1.0) -> str:
    out = file.with_suffix(".out")
    group_file(file, shape, out, words, model, fineness)
    return out.read_text("utf-8")


def test_a_text_file_becomes_a_table(file: Path) -> None:
    told = grouped(file, "table")
    assert "for example" in told
    assert sum(idea[:20] in told for idea in IDEAS) >= 4


def test_every_idea_is_in_the_csv_once_and_no_cell_is_a_formula(file: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(grouped(file, "csv"))))
    assert [row["number"] for row in rows] == [str(number) for number in range(1, 8)]
    assert rows[6]["idea"] == "'=1+1 <b>école</b>"
    assert {row["sure"] for row in rows} <= {"central", "likely", "unsure", "not grouped yet"}


def test_every_idea_is_in_the_json_once(file: Path) -> None:
    told = json.loads(grouped(file, "json"))
    assert sorted(idea["number"] for pile in told for idea in pile["ideas"]) == list(range(1, 8))


def test_the_page_holds_the_map_and_the_ideas_and_escapes_them(file: Path) -> None:
    page = grouped(file, "html")
    assert page.count('class="idea"') == 7
    assert "<b>école</b>" not in page
    assert "&lt;b&gt;école&lt;/b&gt;" in page
    assert "http" not in page


def test_a_column_of_a_csv_file_is_found(tmp_path: Path) -> None:
    file = tmp_path / "ideas.csv"
    file.write_text(
        "date;auteur;idée\n" + "\n".join(f"2026-01-0{n};Inès;{idea}" for n, idea in enumerate(IDEAS[:6], 1))
    )
    assert [row["idea"] for row in csv.DictReader(io.StringIO(grouped(file, "csv")))] == list(IDEAS[:6])


def test_a_single_idea_is_told_as_not_grouped_yet(tmp_path: Path) -> None:
    file = tmp_path / "one.txt"
    file.write_text("Un banc")
    assert "not grouped yet" in grouped(file, "csv")


@pytest.mark.parametrize(
    ("content", "told"), [(b"", "holds no idea"), (b"\n \n", "holds no idea"), (b"\x00\x01PNG", "not a text file")]
)
def test_a_file_without_ideas_is_told_in_one_sentence(tmp_path: Path, content: bytes, told: str) -> None:
    file = tmp_path / "odd.txt"
    file.write_bytes(content)
    with pytest.raises(Stopped, match=told):
        grouped(file, "csv")


def test_a_missing_file_a_strange_format_and_a_strange_fineness_are_told(file: Path) -> None:
    assert len(FORMATS) == 4
    for args, told in ((("pdf",), "no format"), (("csv", None, "", 9.0), "no fineness")):
        with pytest.raises(Stopped, match=told):
            grouped(file, *args)  # type: ignore[arg-type]  # strange on purpose
    with pytest.raises(Stopped, match="cannot be read"):
        group_file(file.with_name("none.txt"), "csv", None, None, "", 1.0)


@pytest.mark.parametrize(("list_of_words", "told"), [("VTT", "neither"), ("a → b\nb → a", "back to itself")])
def test_a_word_list_that_cannot_be_used_is_told_with_its_line(file: Path, list_of_words: str, told: str) -> None:
    words = file.with_name("words.txt")
    words.write_text(list_of_words, "utf-8")
    with pytest.raises(Stopped, match=told):
        grouped(file, "csv", words)


def test_a_model_folder_that_is_broken_is_told(file: Path, tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"no")
    with pytest.raises(Stopped, match="The model"):
        grouped(file, "csv", None, str(tmp_path))
