"""`ideahunt themes`: any file in, a table, CSV, JSON or a page out; bad input is told in one sentence."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from pathlib import Path

import pytest

from bot.cli.problems import Stopped
from bot.cli.themes import group_file
from bot.cli.themes_settings import Wanted
from bot.cli.themes_told import FORMATS

IDEAS = (
    "Une piste cyclable vers la gare", "Un garage à vélos à la mairie", "Prêter des vélos le dimanche",
    "Rénover la cantine scolaire", "Aide aux devoirs le soir", "Des livres pour les élèves", "=1+1 <b>école</b>",
)  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    place = tmp_path / "idées.txt"
    place.write_text("\n".join(IDEAS), "utf-8")
    return place


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in os.environ:
        if name.startswith("IDEAHUNT_") or name in {"LC_ALL", "LC_MESSAGES", "LANG", "COLUMNS"}:
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def grouped(
    file: Path, shape: str, words: Path | None = None, model: str = "", fineness: str = "1", lang: str = "en"
) -> str:
    out = file.with_suffix(".out")
    group_file(Wanted(file, "", shape, out, words, model, False, fineness, lang))
    return out.read_text("utf-8-sig")


def test_a_text_file_becomes_a_table(file: Path) -> None:
    told = grouped(file, "table")
    assert "for example" in told
    assert sum(idea[:20] in told for idea in IDEAS) >= 4


def test_every_idea_is_in_the_csv_once_and_no_cell_is_a_formula(file: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(grouped(file, "csv"))))
    assert [row["number"] for row in rows] == [str(number) for number in range(1, 8)]
    assert rows[6]["idea"] == "'=1+1 <b>école</b>"
    assert {row["sure"] for row in rows} <= {"central", "likely", "to check", "not grouped yet"}


def test_every_idea_is_in_the_json_once(file: Path) -> None:
    told = json.loads(grouped(file, "json"))
    assert sorted(idea["number"] for pile in told for idea in pile["ideas"]) == list(range(1, 8))


def test_the_page_holds_the_map_and_the_ideas_and_escapes_them(file: Path) -> None:
    page = grouped(file, "html")
    assert page.count('class="number"') == 7
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
    ("content", "told"),
    [
        (b"", "holds no idea"),
        (b"\n \n", "holds no idea"),
        (b"\x00\x01PNG", "not a text file"),
        (bytes(range(1, 256)) * 9, "not a text file"),
    ],
)
def test_a_file_without_ideas_is_told_in_one_sentence(tmp_path: Path, content: bytes, told: str) -> None:
    file = tmp_path / "odd.txt"
    file.write_bytes(content)
    with pytest.raises(Stopped, match=told):
        grouped(file, "csv")


def test_a_missing_file_a_strange_format_and_a_strange_fineness_are_told(file: Path) -> None:
    assert len(FORMATS) == 4
    for args, told in ((("pdf",), "no format"), (("csv", None, "", "9"), "no fineness")):
        with pytest.raises(Stopped, match=told):
            grouped(file, *args)  # type: ignore[arg-type]  # strange on purpose
    with pytest.raises(Stopped, match="There is no file"):
        grouped(file.with_name("none.txt"), "csv")


@pytest.mark.parametrize(
    ("list_of_words", "told"),
    [("VTT", "neither"), ("a → b\nb → a", "line 2: b → a → b goes round"), ("le → la", "line 1: “le”")],
)
def test_a_word_list_that_cannot_be_used_is_told_with_its_line(file: Path, list_of_words: str, told: str) -> None:
    words = file.with_name("words.txt")
    words.write_text(list_of_words, "utf-8")
    with pytest.raises(Stopped, match=told):
        grouped(file, "csv", words)


def test_a_model_folder_that_is_broken_is_told(file: Path, tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"no")
    with pytest.raises(Stopped, match="holds no whole model"):
        grouped(file, "csv", None, str(tmp_path))


# --- in both languages


def test_the_table_the_csv_and_the_page_are_in_the_language_asked_for(file: Path) -> None:
    assert "par exemple" in grouped(file, "table", lang="fr")
    rows = list(csv.DictReader(io.StringIO(grouped(file, "csv", lang="fr")), delimiter=";"))
    assert list(rows[0]) == ["numéro", "thème", "sûreté", "idée"]
    assert {row["sûreté"] for row in rows} <= {"au cœur", "probable", "à vérifier", "pas encore groupée"}
    page = grouped(file, "html", lang="fr")
    assert '<html lang="fr">' in page
    assert "Carte des idées" in page
    assert not re.search(r"Not grouped|theme\b|for example|\(unsure\)", page)
    assert json.loads(grouped(file, "json", lang="fr")) == json.loads(grouped(file, "json"))


@pytest.mark.parametrize(
    ("lang", "caption", "heading"), [("fr", "Thèmes", "par exemple"), ("en", "Themes", "for example")]
)
def test_the_page_has_a_table_with_headings_and_a_map_told_in_words(
    file: Path, lang: str, caption: str, heading: str
) -> None:
    page = grouped(file, "html", lang=lang)
    assert f"<caption>{caption}</caption>" in page
    assert f'<th scope="col" role="columnheader">{heading}</th>' in page
    names = re.findall(r'<th scope="row" role="rowheader"><a href="#(pile\d+)">([^<]+)</a>', page)
    assert names
    assert names == re.findall(r'<p class="name"><a href="#(pile\d+)">([^<]+)</a></p><p class="count">\d+ id', page)
    for id, _ in names:
        assert f'id="{id}"' in page


TROUBLES = {
    "empty": (b"", "ideas.txt", {"fr": "ne contient aucune idée", "en": "holds no idea"}),
    "binary": (b"\x00\x01PNG", "ideas.txt", {"fr": "n’est pas un fichier de texte", "en": "is not a text file"}),
    "quote": (
        'idée\nUn banc\n"Un arbre\nUne haie\nUn puits\n'.encode(),
        "ideas.csv",
        {"fr": "ligne 3\u00a0: un guillemet est ouvert", "en": "line 3: a quotation mark is opened and never closed"},
    ),
    "cell": (
        "idée\nUn banc\n".encode() + b"m" * 140_000,
        "ideas.csv",
        {"fr": "une cellule dépasse", "en": "a cell is longer than 131,072 characters"},
    ),
}


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_file_that_cannot_be_grouped_is_told_in_one_sentence_of_the_language(
    tmp_path: Path, trouble: str, lang: str
) -> None:
    content, name, told = TROUBLES[trouble]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Stopped) as stopped:
        grouped(tmp_path / name, "csv", lang=lang)
    (problem,) = stopped.value.problems
    assert told[lang] in problem.what
    assert problem.fix.endswith(".")


@pytest.mark.parametrize(
    ("list_of_words", "told"),
    [
        ("VTT", "ligne 1\u00a0: ni «\u00a0mot → mot\u00a0»"),
        ("x → y\na → b\nb → a", "ligne 3\u00a0: b → a → b tourne en rond"),
        ("VTT → vélo\nle → la", "ligne 2\u00a0: «\u00a0le\u00a0» est dans toutes les phrases"),
        ("→".join("m" * 300 for _ in range(2)), "plus de 400 caractères"),
    ],
)
def test_a_word_list_that_cannot_be_used_is_told_in_french(file: Path, list_of_words: str, told: str) -> None:
    words = file.with_name("words.txt")
    words.write_text(list_of_words, "utf-8")
    with pytest.raises(Stopped, match=re.escape(told)):
        grouped(file, "csv", words, lang="fr")


SENSIBLE = {
    "one idea": ["Un banc"],
    "all the same": ["Un four à pain"] * 12,
    "only stop words": ["de la", "et le", "avec des", "pour les", "dans une"],
    "a line of 4,000 characters": ["mot " * 1_000, *IDEAS],
    "mixed languages": [*IDEAS, "More bicycle lanes", "Bike racks at the station", "Plant trees"],
    "emoji": ["👍", "🎉🎉", "❤️ les vélos", *IDEAS],
    "other signs": ["日本語", "العربية", "…", *IDEAS],
}


@pytest.mark.parametrize("what", SENSIBLE)
def test_strange_ideas_are_grouped_all_the_same_each_once(tmp_path: Path, what: str) -> None:
    file = tmp_path / "ideas.txt"
    file.write_text("\n".join(SENSIBLE[what]), "utf-8")
    told = json.loads(grouped(file, "json", lang="fr"))
    assert sorted(idea["number"] for pile in told for idea in pile["ideas"]) == list(range(1, len(SENSIBLE[what]) + 1))
    assert all(len(pile["theme"]) <= 40 for pile in told)


def test_a_table_without_a_column_of_ideas_is_read_by_its_wordiest_one(tmp_path: Path) -> None:
    file = tmp_path / "ideas.csv"
    rows = (f"2026-01-0{n};{idea}" for n, idea in enumerate(IDEAS[:6], 1))
    file.write_text("date;quoi\n" + "\n".join(rows) + "\n2026-01-09\n", "utf-8")
    told = list(csv.DictReader(io.StringIO(grouped(file, "csv"))))
    assert [row["idea"] for row in told] == list(IDEAS[:6])
