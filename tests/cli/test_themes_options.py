"""What a user of `ideahunt themes` may ask for, set and get wrong: options before settings, each fault in words."""

from __future__ import annotations

import errno
import io
import os
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.cli import themes as command
from bot.cli.ideas_file import read_ideas
from bot.cli.problems import Stopped
from bot.cli.reasons import REASONS, reason, reason_in
from bot.cli.settings import GroupingSettings
from bot.cli.themes import group_file, use_one_thread
from bot.cli.themes_progress import begin, end, progress, verdict
from bot.cli.themes_settings import Wanted, choice_of, language_of, read_grouping
from bot.cli.themes_told import LONGEST_EXAMPLE, example, shape_of, tell
from bot.domain.ideas import IdeaText, Pile
from bot.theming.choice import WORDS, WORDS_ONLY, Choice, words_alone
from bot.words import translator
from standins.play.any_ideas import Found

FRENCH, ENGLISH = translator("fr"), translator("en")
IDEAS = ("Un banc", "Une haie")
SPACES = str.maketrans("\u00a0\u202f", "  ")


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in os.environ:
        if name.startswith("IDEAHUNT_") or name in {"LC_ALL", "LC_MESSAGES", "LANG", "COLUMNS"}:
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    Path("ideas.txt").write_text("\n".join(IDEAS), "utf-8")
    Path("ideas.csv").write_text("date;auteur;Idée;avis\n1;Inès;Un banc;oui\n2;Karim;Une haie;non\n", "utf-8")


def refused(**options: object) -> tuple[str, str]:
    """The problem and its remedy, as `ideahunt themes` tells them of the file `ideas.txt`."""
    with pytest.raises(Stopped) as stopped:
        group_file(Wanted(**({"file": Path("ideas.txt"), "shape": "csv"} | options)))  # type: ignore[arg-type]
    [problem] = stopped.value.problems
    return problem.what.translate(SPACES), problem.fix.translate(SPACES)


# --- the language


@pytest.mark.parametrize(
    ("typed", "environment", "language"),
    [
        ("", {}, "en"),
        ("", {"LANG": "fr_FR.UTF-8"}, "fr"),
        ("", {"LANG": "fr_FR.UTF-8", "LC_ALL": "C"}, "en"),
        ("", {"LANG": "de_DE", "LC_MESSAGES": "fr_CA"}, "fr"),
        ("", {"LANG": "fr_FR", "IDEAHUNT_LANGUAGE": "EN"}, "en"),
        ("FR", {"IDEAHUNT_LANGUAGE": "en"}, "fr"),
    ],
)
def test_the_language_is_the_one_asked_for_else_the_one_set_else_the_terminals(
    typed: str, environment: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert language_of(typed, read_grouping()) == language


def test_a_language_and_a_fineness_that_are_none_are_told_in_the_readers_language(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert refused(language="de")[0] == "“de” is not spoken here."
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    assert refused(language="de") == ("On ne parle pas « de » ici.", "Écrivez --lang fr ou --lang en.")
    for typed in ("abc", "9", "0,1", "nan", "-1"):
        what, fix = refused(fineness=typed)
        assert what == f"« {typed} » n’est pas une finesse."
        assert "de 0,2 à 5" in fix


def test_a_fineness_may_be_written_as_french_writes_it() -> None:
    assert [choice_of(GroupingSettings(), Wanted(Path(), fineness=typed)).fineness for typed in ("1,4", "0.7", "")] == [
        1.4, 0.7, 1.0,
    ]  # fmt: skip


# --- what cannot be read or written


def test_a_file_that_is_missing_or_a_folder_is_told_in_the_readers_language(tmp_path: Path) -> None:
    assert refused(file=Path("none.txt"), language="fr") == (
        "Il n’y a pas de fichier none.txt.", "Vérifiez son nom et son dossier.",
    )  # fmt: skip
    assert refused(file=tmp_path, language="fr")[0] == f"{tmp_path} est illisible : c’est un dossier."


def test_a_word_list_that_is_missing_a_folder_or_not_utf_8_is_told_apart() -> None:
    Path("words.txt").write_bytes("doléance -> vélo".encode("cp1252"))
    Path("folder").mkdir()
    told = [refused(words=Path(name), language="fr")[0] for name in ("none.txt", "folder", "words.txt")]
    assert told == [
        "Il n’y a pas de lexique none.txt.",
        "Le lexique folder est illisible : c’est un dossier.",
        "Le lexique words.txt n’est pas un texte en UTF-8.",
    ]


def test_a_cycle_in_a_word_list_is_told_with_its_words_and_what_to_change() -> None:
    Path("words.txt").write_text("x → y\nVélo → Biclou\nbiclou → vélo\n", "utf-8")
    assert refused(words=Path("words.txt"), language="fr") == (
        "words.txt, ligne 3 : biclou → Vélo → biclou tourne en rond.",
        "Retirez cette ligne, ou écrivez à droite un mot qui n’est à gauche d’aucune autre.",
    )


def test_an_out_that_cannot_be_written_is_told_before_anything_is_read() -> None:
    Path("folder").mkdir()
    missing = Path("none.txt")
    for out, why in ((Path("folder"), "c’est un dossier"), (Path("none/out.csv"), "ce chemin n’existe pas")):
        assert refused(file=missing, out=out, language="fr")[0] == f"{out} ne peut pas être écrit : {why}."
    assert refused(out=Path("ideas.txt"))[0] == "ideas.txt is the file of ideas: --out would overwrite it."
    assert refused(file=missing, out=Path("fresh.csv"))[0] == "There is no file none.txt."
    assert not Path("fresh.csv").exists()


@pytest.mark.parametrize("told", [FRENCH, ENGLISH], ids=["fr", "en"])
def test_why_the_system_refused_is_told_in_the_readers_language(told: object) -> None:
    translated = translator(getattr(told, "lang", ""))
    for code in REASONS:
        words = translated.plain("themes.problem.out", file="f", why=reason(OSError(code, os.strerror(code))))
        assert os.strerror(code) not in words
    assert translated.plain("themes.problem.out", file="f", why=reason(OSError(errno.ELOOP, "odd"))).endswith("odd.")


def test_why_an_endpoint_does_not_answer_is_told_in_the_readers_language() -> None:
    told = ("[Errno 111] Connection refused", "[Errno -2] Name or service not known", "timed out", "HTTP 401")
    if os.name == "posix":
        told = (f"[Errno {errno.ECONNREFUSED}] Connection refused", *told[1:])
    said = [FRENCH.plain("themes.problem.model.endpoint", model="large", why=reason_in(one)) for one in told]
    assert [re.sub(r".*:\s", "", one) for one in said] == [
        "personne n’écoute à cette adresse.", "aucune machine ne porte ce nom.", "pas de réponse à temps.", "HTTP 401.",
    ]  # fmt: skip


def test_a_model_that_is_missing_broken_or_without_its_library_is_told_apart() -> None:
    for name, files in (("broken", {}), ("whole", {"modules.json": "[]"})):
        Path(name).mkdir()
        for file, content in files.items():
            (Path(name) / file).write_text(content)
    told = [refused(model=name, language="fr")[0] for name in ("none", "broken", "whole")]
    assert told == [
        "Il n’y a pas de dossier none pour un modèle.",
        "Le dossier broken ne contient pas un modèle entier : modules.json manque ou est abîmé.",
        "Le modèle whole demande le paquet sentence-transformers, qui n’est pas installé.",
    ]


class FullDisk(io.BytesIO):
    """An output that has no room left."""

    def write(self, _: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_an_output_without_room_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "engine", lambda _choice, _sign: words_alone(Choice()))
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(FullDisk()))
    assert refused(language="fr")[0] == "La sortie ne peut pas être écrite : il n’y a plus de place sur le disque."


# --- settings


def test_settings_are_used_and_options_win_over_them(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("set.txt").write_text("VTT → vélo", "utf-8")
    Path("typed.txt").write_text("bus → car", "utf-8")
    Path(".env").write_text("IDEAHUNT_WORDS_FILE=set.txt\nIDEAHUNT_THEMES_MODEL=set\n")
    monkeypatch.setenv("IDEAHUNT_EMBEDDINGS_URL", "http://models.example/v1")
    monkeypatch.setenv("IDEAHUNT_EMBEDDINGS_MODEL", "large")
    monkeypatch.setenv("IDEAHUNT_EMBEDDINGS_KEY", "sesame")
    monkeypatch.setenv("IDEAHUNT_HTTP_PORT", "no number, and no matter here")
    settings, file = read_grouping(), Path("ideas.txt")
    chosen = choice_of(settings, Wanted(file))
    assert chosen == Choice("VTT → vélo", "set", "http://models.example/v1", "large", "sesame", 1.0)
    assert choice_of(settings, Wanted(file, words=Path("typed.txt"), model="typed")) == Choice("bus → car", "typed")
    assert choice_of(settings, Wanted(file, here=True)) == Choice("VTT → vélo")
    assert choice_of(settings) == chosen


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("EMBEDDINGS_URL", "canary", "IDEAHUNT_EMBEDDINGS_URL n’est pas une adresse"),
        ("EMBEDDINGS_URL", "http://canary/", "IDEAHUNT_EMBEDDINGS_MODEL manque"),
        ("LANGUAGE", "canary", "IDEAHUNT_LANGUAGE n’est ni fr ni en"),
    ],
)
def test_a_setting_that_is_wrong_is_told_in_the_terminals_language_and_not_shown(
    name: str, value: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    monkeypatch.setenv(f"IDEAHUNT_{name}", value)
    what, fix = refused()
    assert what.startswith(told)
    assert "canary" not in what + fix


def test_where_words_are_sent_is_told_before_they_leave(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told_when_asked = []

    class Asked:
        def group(self, ideas: Sequence[IdeaText]) -> tuple[Pile, ...]:
            told_when_asked.append(capsys.readouterr().err)
            return (Pile("Banc", (1, 2), 1),)

    monkeypatch.setattr(command, "engine", lambda _choice, _sign: Asked())
    monkeypatch.setenv("IDEAHUNT_EMBEDDINGS_URL", "https://models.example/v1")
    monkeypatch.setenv("IDEAHUNT_EMBEDDINGS_MODEL", "large")
    group_file(Wanted(Path("ideas.txt"), shape="csv"))
    group_file(Wanted(Path("ideas.txt"), shape="csv", here=True))
    sent, kept = told_when_asked
    assert sent.startswith("The words of these ideas are sent to models.example, as IDEAHUNT_EMBEDDINGS_URL says;")
    assert sent.endswith("2 ideas, to be read by large at models.example.\n")
    assert "models.example" not in kept


# --- columns


@pytest.mark.parametrize(
    ("column", "found"),
    [
        ("", Found(IDEAS, "Idée", 3, 4)),
        ("avis", Found(("oui", "non"), "avis", 4, 4)),
        ("IDEE", Found(IDEAS, "Idée", 3, 4)),
        ("2", Found(("Inès", "Karim"), "auteur", 2, 4)),
    ],
)
def test_a_column_is_found_by_its_heading_or_its_number(column: str, found: Found) -> None:
    assert read_ideas(Path("ideas.csv"), column, FRENCH) == found


def test_a_column_that_is_not_there_is_told_with_those_that_are() -> None:
    assert refused(file=Path("ideas.csv"), column="foo", language="fr") == (
        "ideas.csv n’a pas de colonne « foo ».", "Ses colonnes : date, auteur, Idée et avis.",
    )  # fmt: skip
    Path("wide.csv").write_text(",".join(f"c{place}" for place in range(40)), "utf-8")
    assert refused(file=Path("wide.csv"), column="0")[1].endswith("c10, c11, and ….")


def test_the_column_that_was_read_is_told() -> None:
    told = [
        begin(found, Choice(model="m"), FRENCH).translate(SPACES)
        for found in (Found(IDEAS), Found(IDEAS, "contribution", 1, 4), Found(IDEAS, "", 2, 4))
    ]
    assert told == [
        "2 idées à lire par m.",
        "2 idées de la colonne « contribution » (1 sur 4), à lire par m.",
        "2 idées de la colonne 2 sur 4, qui n’a pas de titre, à lire par m.",
    ]


def test_words_alone_are_told_in_the_readers_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Choice, "name", property(lambda _: WORDS_ONLY))
    assert "à lire par leurs mots seuls (" in begin(Found(IDEAS), Choice(), FRENCH)
    monkeypatch.undo()
    assert begin(Found(IDEAS), Choice(model=WORDS), FRENCH).translate(SPACES) == "2 idées à lire par leurs mots seuls."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_table_is_read_in_whatever_encoding_a_spreadsheet_gave_it(encoding: str) -> None:
    text = "date;avis\r\n1;Créer un marché, le soir\r\n2;Prêter des vélos, à l’été\r\n3;Un banc, une haie, un œuf\r\n"
    Path("sheet.csv").write_bytes(text.encode(encoding))
    found = read_ideas(Path("sheet.csv"), "", FRENCH)
    assert (found.ideas[1], found.column, found.columns) == ("Prêter des vélos, à l’été", "avis", 2)


def test_what_is_piped_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    piped = io.TextIOWrapper(io.BytesIO(b"Un banc\n\nUne haie\n"))
    monkeypatch.setattr("sys.stdin", piped)
    assert read_ideas(Path("-"), "", FRENCH).ideas == IDEAS


# --- the table and what is said around it


PILES = (Pile("Un thème de vingt-huit lettres", (1, 2, 4), 1), Pile("", (3,), 3))
LONG = "Ouvrir la médiathèque le dimanche et le soir, avec un prêt de livres, de jeux et d’outils, " * 3


def test_a_table_is_as_wide_as_its_place_and_cuts_at_a_word() -> None:
    texts = {1: LONG, 2: "Un banc", 3: "Une haie", 4: "Un banc"}
    told = tell("table", texts, PILES, FRENCH, "", 80)
    assert max(map(len, told.splitlines())) <= 80
    assert example(LONG).endswith("…")
    assert example("Un mot. " * 40).endswith("mot…")
    assert " ".join(told.split()).count("Un banc") == 1
    assert "pas encore groupées" in told
    words = set(LONG.split())
    assert set(example(LONG).removesuffix("…").split()) <= words | {word.rstrip(",") for word in words}


@pytest.mark.parametrize("text", ["m" * 5_000, "mot " * 1_000, "banc\x1b[31m rouge"])
def test_an_example_is_short_and_commands_no_terminal(text: str) -> None:
    told = example(text)
    assert 1 < len(told) <= LONGEST_EXAMPLE
    assert "\x1b" not in told


def test_an_idea_is_compared_by_its_beginning_and_written_whole(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    compared = []

    class Grouping:
        def group(self, ideas: Sequence[IdeaText]) -> tuple[Pile, ...]:
            compared.extend(len(idea.text) for idea in ideas)
            return (Pile("Mot", (1, 2), 1),)

    monkeypatch.setattr(command, "engine", lambda _choice, _sign: Grouping())
    Path("ideas.txt").write_text("mot" * 2_000 + "\nmot", "utf-8")
    group_file(Wanted(Path("ideas.txt"), shape="csv"))
    assert compared == [4_000, 3]
    assert b"mot" * 2_000 in capfdbinary.readouterr().out


@pytest.mark.parametrize(
    ("ideas", "themed", "told"),
    [
        (["Un banc"], False, "Une seule idée ne fait pas de thème."),
        (["Un banc"] * 3, True, "Les 3 idées sont identiques : rien à séparer."),
        (["Un banc", "Taxer le kérosène"], False, "Pas de thème : ces 2 idées n’ont rien en commun."),
        (["de la", "et le"], False, "Pas de thème : aucun mot de ces 2 idées ne dit de quoi elles parlent."),
        (["👍", "🎉🎉"], False, "Pas de thème : aucun mot de ces 2 idées ne dit de quoi elles parlent."),
        (["Un vélo", "Des vélos"], True, ""),
    ],
)
def test_what_cannot_be_grouped_is_told_in_one_sentence(ideas: list[str], themed: bool, told: str) -> None:
    piles = (Pile("Vélo" if themed else "", tuple(range(1, len(ideas) + 1)), 1),)
    assert verdict(ideas, piles, FRENCH).translate(SPACES) == told


def test_a_table_without_a_theme_is_that_sentence_and_the_other_forms_stay_whole(
    capfd: pytest.CaptureFixture[str],
) -> None:
    Path("one.txt").write_text("Un banc", "utf-8")
    group_file(Wanted(Path("one.txt")))
    assert capfd.readouterr().out == "One idea alone makes no theme.\n"
    group_file(Wanted(Path("one.txt"), shape="csv"))
    out, err = capfd.readouterr()
    assert out.splitlines() == ['"number","theme","sure","idea"', '"1","","not grouped yet","Un banc"']
    assert err.splitlines()[-1] == "One idea alone makes no theme."


def test_the_format_is_the_one_asked_for_else_what_the_file_ends_with() -> None:
    asked = [("", None), ("", "a.csv"), ("", "a.HTML"), ("json", "a.csv"), ("", "a.TXT"), ("CSV", None)]
    asked += [("", "a"), ("", "a.Htm"), ("csv", "a.pdf"), ("", "a.pdf")]
    shapes = [shape_of(typed, Path(out) if out else None) for typed, out in asked]
    assert shapes == ["table", "csv", "html", "json", "table", "csv", "table", "html", "csv", ""]


def test_an_ending_that_says_no_format_is_refused_before_anything_is_read_or_written() -> None:
    assert refused(file=Path("none.txt"), shape="", out=Path("t.PDF")) == (
        "No format ends like t.PDF.",
        "End --out with one of .csv, .json, .html, .htm, .txt, or add --format.",
    )
    assert refused(shape="", out=Path("t.PDF"), language="fr") == (
        "Aucun format ne finit comme t.PDF.",
        "Donnez à --out une de ces fins : .csv, .json, .html, .htm, .txt ; ou ajoutez --format.",
    )
    assert not Path("t.PDF").exists()


@pytest.mark.parametrize("name", ["list.txt", "list.csv"])
def test_marks_of_a_list_are_no_part_of_its_ideas(name: str) -> None:
    ideas = (
        "Créer une piste", "Un verger", "Aide aux devoirs", "Un banc - à l’ombre", "Une haie", "Un four",
        "30 km/h dans la rue", "-5 degrés", "2026. Un bilan", "[Urgent] Un toit", "Ouvert 1. le soir",
    )  # fmt: skip
    marks = ("- ", "1. ", "[ ] ", "• ", "* ", "- [x] ", "", "", "", "", "2) ")
    heading = "idée\n" if name.endswith("csv") else ""
    Path(name).write_text(heading + "\n".join(map("".join, zip(marks, ideas, strict=True))), "utf-8")
    assert read_ideas(Path(name), "", FRENCH).ideas == ideas


def test_a_spreadsheet_reads_accents_and_runs_no_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "engine", lambda _choice, _sign: words_alone(Choice()))
    Path("ideas.txt").write_text("Un vélo à l’école\n\uff1d1+1\n", "utf-8")
    group_file(Wanted(Path("ideas.txt"), out=Path("themes.csv")))
    written = Path("themes.csv").read_bytes()
    assert written.startswith(b"\xef\xbb\xbf")
    assert '"\'\uff1d1+1"' in written.decode()
    assert read_ideas(Path("themes.csv"), "", FRENCH).ideas[0] == "Un vélo à l’école"


def test_the_end_tells_ideas_themes_and_seconds() -> None:
    assert end(PILES, 2.44, FRENCH).translate(SPACES) == "4 idées en 1 thème, 1 non groupée, 2,4 s"
    assert end(PILES[:1], 2.44, ENGLISH).translate(SPACES) == "3 ideas in 1 theme, 2.4 s"


class Terminal(io.StringIO):
    """A terminal that keeps what it was told."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_is_told_how_many_ideas_were_read_and_a_pipe_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    words = ("Lecture de 80 idées…", "75 idées lues sur 80", "Mise en thèmes")
    for stream, told in ((Terminal(), words), (io.StringIO(), ())):
        monkeypatch.setattr("sys.stderr", stream)
        with progress(80, FRENCH) as sign:
            sign(64, 69)  # eleven were known
            sign(69, 69)
        assert all(one in stream.getvalue() for one in told)
        assert bool(stream.getvalue()) is bool(told)


def test_one_thread_reads_unless_somebody_set_another_number() -> None:
    environment = {"OMP_NUM_THREADS": "4"}
    use_one_thread(environment)
    assert environment == {"OMP_NUM_THREADS": "4", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
