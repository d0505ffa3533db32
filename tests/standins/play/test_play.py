"""The parts of a played day that need no bot: files of ideas, the clock, the story, and the day's own data."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from standins.play import NoIdeas, PlayClock, bois_des_forts, day_of_ideas, read_ideas
from standins.play.any_ideas import decoded, ideas_of
from standins.play.day import How
from standins.play.expected import Comparison
from standins.play.narration import EN, FR
from standins.play.stage import buttons, letters
from standins.play.transcript import MOST, STYLES, Kind, Transcript

NOON = datetime(2018, 3, 21, 11, tzinfo=UTC)


# --- files of ideas


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Un banc au soleil\n\n  Une haie  \r\nUn four à pain\n", ("Un banc au soleil", "Une haie", "Un four à pain")),
        ("id;auteur;idée\n1;Ana;Un banc; \n2;Bo;Une haie\n", ("Un banc", "Une haie")),
        ('Name,Proposal\nAna,"A bench, in the shade"\nBo,A hedge\n', ("A bench, in the shade", "A hedge")),
        ("n\tTEXTE\n1\tUn banc\n2\tUne haie\n", ("Un banc", "Une haie")),
        ("titre\nUn banc\nUne haie\n", ("Un banc", "Une haie")),
    ],
)  # fmt: skip
def test_a_column_of_ideas_is_found_by_its_heading(written: str, read: tuple[str, ...]) -> None:
    assert ideas_of(written, table=written.startswith("titre")) == read


def test_without_a_heading_the_wordiest_column_holds_the_ideas() -> None:
    rows = "12/03;Ana;Mettre un banc à l'ombre du tilleul\n13/03;Bo;Planter une haie devant la cour\n"
    assert ideas_of(rows, table=True) == ("Mettre un banc à l'ombre du tilleul", "Planter une haie devant la cour")


def test_a_heading_nobody_knows_is_not_an_idea() -> None:
    rows = "qui;quoi\nAna;Mettre un banc à l'ombre du tilleul\nBo;Planter une haie devant la cour\n"
    assert ideas_of(rows, table=True)[0] == "Mettre un banc à l'ombre du tilleul"


@pytest.mark.parametrize("heading", ["Quelle est votre idée ?", "Votre proposition pour le quartier", "Your idea?"])
def test_the_question_of_a_form_is_a_heading_and_no_idea(heading: str) -> None:
    rows = f"id;{heading};date\n1;Planter des arbres place du marché;2026\n2;Refaire la cantine;2026\n"
    assert ideas_of(rows, table=True) == ("Planter des arbres place du marché", "Refaire la cantine")


def test_ideas_that_ask_are_no_headings() -> None:
    rows = "id;a;b\n1;Quelle idée de fermer si tôt ?;x\n2;Votre texte est-il lu ?;y\n"
    assert "Quelle idée de fermer si tôt ?" in ideas_of(rows.partition("\n")[2], table=True)


def test_commas_inside_lines_do_not_make_a_table() -> None:
    lines = "Un banc, à l'ombre\nUne haie, un portail, une sonnette\n"
    assert ideas_of(lines, table=False) == ("Un banc, à l'ombre", "Une haie, un portail, une sonnette")
    assert ideas_of(lines, table=True) == ("Un banc, à l'ombre", "Une haie, un portail, une sonnette")


def test_a_cell_of_several_lines_is_one_idea() -> None:
    assert ideas_of('idea\n"A bench\nin the shade"\nA hedge\n', table=True) == ("A bench in the shade", "A hedge")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_any_usual_encoding_is_read(encoding: str) -> None:
    assert decoded("Une idée près du chêne".encode(encoding)) == "Une idée près du chêne"


@pytest.mark.parametrize(
    ("content", "reason"), [(b"", "empty"), (b" \n\n", "empty"), (b"Un banc\n", "few"), (b"PK\0\1", "binary")]
)
def test_a_file_that_cannot_be_played_is_told_why(content: bytes, reason: str, tmp_path: Path) -> None:
    file = tmp_path / "ideas.csv"
    file.write_bytes(content)
    with pytest.raises(NoIdeas) as refused:
        read_ideas(file)
    assert refused.value.reason == reason
    assert str(refused.value).startswith("ideas.csv: ")


def test_a_file_that_is_not_there_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(NoIdeas, match="cannot be read"):
        read_ideas(tmp_path / "none.txt")


def test_a_day_over_any_ideas_makes_up_people_but_no_idea() -> None:
    day = day_of_ideas([f"Idée numéro {place}" for place in range(40)], "boîte.csv", "fr")
    assert [line.text for line in day.lines] == [f"Idée numéro {place}" for place in range(40)]
    assert {line.actor for line in day.lines} <= {actor.key for actor in day.cast}
    assert day.facilitator not in {line.actor for line in day.lines}
    assert "inventés" in day.fiction


# --- the day of Bois des Forts


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_day_uses_every_way_an_idea_may_come(language: str) -> None:
    day = bois_des_forts(language)
    assert {line.how for line in day.lines} == set(How)
    assert len(day.lines) == 26
    assert sum(line.nameless for line in day.lines) == 5
    assert len(day.edges["E5"]) > 280


def test_the_translation_leaves_no_idea_out() -> None:
    french, english = bois_des_forts("fr"), bois_des_forts("en")
    assert [line.key for line in french.lines] == [line.key for line in english.lines]
    assert not {line.text for line in french.lines} & {line.text for line in english.lines}
    assert french.themes.keys() == english.themes.keys()
    assert french.vote == english.vote


def test_the_narrator_tells_the_same_in_both_languages() -> None:
    holes = {key: text.count("{") for key, text in FR.items()}
    assert {key: text.count("{") for key, text in EN.items()} == holes


# --- clock, story, figures


def test_the_clock_goes_on_and_never_back() -> None:
    clock = PlayClock(NOON)
    clock.jump(NOON + timedelta(hours=2))
    clock.jump(NOON)
    assert timedelta(hours=2) <= clock.now() - NOON < timedelta(hours=2, minutes=1)


def test_the_clock_must_know_its_zone() -> None:
    with pytest.raises(ValueError, match="zone"):
        PlayClock(datetime(2018, 3, 21, 12))  # noqa: DTZ001 - the point


def test_the_story_tells_the_time_once_and_stays_on_one_line() -> None:
    story = Transcript("Europe/Paris", "fr")
    story.tell(NOON, Kind.DID, "Inès R.", "tape\nune commande")
    story.tell(NOON, Kind.SAW, "", "x" * 500)
    first, second = story.text().splitlines()
    assert first == "12:00  Inès R. tape une commande"
    assert second.startswith("           → x")
    assert len(second) < MOST + 20
    assert set(STYLES) == set(Kind)


def test_a_figure_that_differs_is_told_with_both_values() -> None:
    held = Comparison()
    held.same("votants", 14, 13)
    held.same("quorum", 12, 12)
    assert held.differences == ["votants: expected 14, shown 13"]
    assert held.compared == 2


def test_two_drawings_of_the_same_words_have_the_same_letters() -> None:
    assert letters("@everyone *venez* tous `voter`") == letters("@everyone ∗venez∗ tous ˋvoterˋ")


def test_buttons_are_found_inside_folded_blocks() -> None:
    button = {"type": "button", "action_id": "deed:vote"}
    assert list(buttons([{"type": "container", "child_blocks": [{"type": "actions", "elements": [button]}]}])) == [
        button
    ]
