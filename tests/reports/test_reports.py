"""What a report may hold, and how it reads as a table, a text and a document."""

from __future__ import annotations

import csv
import json
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.hunt import Phase
from bot.domain.ideas import IdeaState
from bot.domain.names import IdeaNumber, RoundNumber
from bot.domain.rules import RoundKind
from bot.reports import FORMATS, HuntReport, OpenRound, ReportIdea, write
from bot.reports.cards import BEGINNING, card
from bot.reports.markdown import escaped
from bot.reports.table import BOM, guarded, rows, unguarded
from bot.reports.telling import Telling
from tests.reports import bois

TEXTS = st.text(st.characters(codec="utf-8"), max_size=60)
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff201",
            "\ufeff=1", "\u200b=1", "'=1", "''  @x", '= "a;b"\n;c')  # fmt: skip


def one(text: str, **more: object) -> ReportIdea:
    return replace(ReportIdea(IdeaNumber(40), text, date(2018, 3, 21)), **more)


# --- what a report may hold


def test_an_idea_without_a_name_cannot_carry_the_moment_it_was_posted() -> None:
    with pytest.raises(ValueError, match="no finer moment than its day"):
        one("Une idée", at=datetime(2018, 3, 21, 14, 50, tzinfo=UTC))


def test_only_a_theme_is_suggested_and_only_a_suggestion_unsure() -> None:
    assert one("Une idée", theme="Vélo", suggested=True, unsure=True).unsure
    merged = {"theme": "Vélo", "suggested": True, "state": IdeaState.MERGED}
    for wrong in ({"suggested": True}, {"theme": "Vélo", "unsure": True}, merged):
        with pytest.raises(ValueError, match="only a theme is suggested"):
            one("Une idée", **wrong)


def test_an_open_round_has_no_place_for_a_total() -> None:
    assert {field.name for field in fields(OpenRound)} == {"round", "options"}


def test_an_open_round_never_carries_the_seed_of_its_orders() -> None:
    with pytest.raises(ValueError, match="told to nobody"):
        bois.open_round(seed="5e" * 16)


def test_a_tally_belongs_to_a_closed_round_and_only_to_one() -> None:
    main = bois.main_round()
    with pytest.raises(ValueError, match="no tally"):
        replace(main, round=bois.kept())
    with pytest.raises(ValueError, match="with its tally"):
        OpenRound(replace(main.round, seed=""), main.options)


def test_the_final_list_is_the_winners_then_those_of_the_run_off() -> None:
    assert bois.report().final == (7, 10, 9, 16)
    assert bois.report().undecided == ()


def test_a_tie_for_the_last_place_stays_undecided_without_a_run_off() -> None:
    tied = bois.report(rounds=(bois.main_round(),))
    assert tied.final == (7, 10, 9)
    assert tied.undecided == (11, 16)


def test_voices_count_each_idea_without_a_name_once() -> None:
    report = bois.report()
    named = {idea["auteur"] for idea in bois.day()["idees"] if not idea["anonyme"]}
    assert report.voices == len(named) + 5


# --- which vote decides


def test_a_vote_over_themes_never_counts_as_the_vote_over_ideas() -> None:
    themes = bois.report(rounds=(bois.theme_round(),))
    assert (themes.main_round, themes.final, themes.undecided) == (None, (), ())
    assert [round.number for round in themes.theme_rounds] == [1]


def test_the_vote_over_ideas_that_follows_one_over_themes_decides() -> None:
    main = replace(bois.main_round(), round=replace(bois.main_round().round, number=RoundNumber(2)))
    after = replace(bois.runoff(), round=replace(bois.runoff().round, number=RoundNumber(3)))
    both = bois.report(rounds=(bois.theme_round(), main, after))
    assert (both.main_round, both.final) == (main, (7, 10, 9, 16))
    assert both.theme_rounds == (bois.theme_round(),)
    assert (both.parting(main), both.parting(bois.theme_round())) == (after, None)


def test_a_run_off_over_themes_is_no_result_either() -> None:
    over = replace(bois.runoff(), round=replace(bois.runoff().round, number=RoundNumber(2)))
    assert bois.report(rounds=(bois.theme_round(), over)).final == ()
    assert bois.report(rounds=(bois.theme_round(), over)).parting(bois.theme_round()) == over


# --- while a vote is open


@pytest.mark.parametrize("form", FORMATS)
def test_an_open_vote_over_themes_tells_its_turnout_only(form: str) -> None:
    over = OpenRound(bois.kept(kind=RoundKind.THEMES), bois.theme_options())
    told = write(bois.report(rounds=(over,), phase=Phase.VOTING), form)
    quiet = write(bois.report(rounds=(OpenRound(over.round, ()),), phase=Phase.VOTING), form)
    if form == "json":
        assert json.loads(told)["rounds"][0]["voters"] == 9
        assert not {"ranks", "winners", "coverage", "seed", "sha256", "groups"} & set(json.loads(told)["rounds"][0])
    else:
        assert told == quiet


@pytest.mark.parametrize("form", FORMATS)
def test_no_form_of_a_report_tells_a_total_while_the_round_is_open(form: str) -> None:
    opened = write(bois.report(rounds=(bois.open_round(),), phase=Phase.VOTING), form)
    assert "gommettes</b>" not in opened
    for told in ('"ranks"', '"final": [7', "12 gommettes", "8 soutiens", "n° 7 Sentier fléché 20 / 40 / 60 minutes |"):
        assert told not in opened


# --- table


@pytest.mark.parametrize("cell", FORMULAS)
def test_a_cell_that_may_be_a_formula_is_made_plain_text(cell: str) -> None:
    assert guarded(cell).startswith("'")
    assert unguarded(guarded(cell)) == cell


@given(TEXTS)
@example("'")
@example("''=1")
def test_a_guarded_cell_gives_its_text_back(cell: str) -> None:
    assert unguarded(guarded(cell)) == cell


@settings(deadline=None)  # the first table reads the catalogue
@given(st.lists(st.one_of(TEXTS, st.sampled_from(FORMULAS)), min_size=1, max_size=5), st.sampled_from(["fr", "en"]))
def test_a_table_read_back_gives_every_text_back(texts: list[str], language: str) -> None:
    ideas = tuple(one(text, number=IdeaNumber(place)) for place, text in enumerate(texts, 1))
    heading = {"fr": "idée", "en": "idea"}[language]
    empty = replace(bois.report(language, rounds=()), ideas=ideas)
    assert [row[heading] for row in rows(write(empty, "csv"))] == texts


def test_a_table_opens_in_a_spreadsheet_of_its_language() -> None:
    french, english = write(bois.report("fr"), "csv"), write(bois.report("en"), "csv")
    assert french.startswith(f'{BOM}"numéro";"idée"')
    assert english.startswith(f'{BOM}"number","idea"')


def test_a_table_tells_every_idea_with_its_dots() -> None:
    told = {row["numéro"]: row for row in rows(write(bois.report(), "csv"))}
    assert len(told) == 26
    assert (told["7"]["gommettes"], told["7"]["soutiens"], told["7"]["liste finale"]) == ("12", "8", "oui")
    assert (told["16"]["rang"], told["16"]["départage"]) == ("4", "8")
    assert (told["8"]["état"], told["8"]["réunie à"], told["8"]["gommettes"]) == ("réunie à une autre", "7", "")


def test_an_idea_without_a_name_tells_its_day_only() -> None:
    nameless = next(row for row in rows(write(bois.report(), "csv")) if row["numéro"] == "3")
    assert nameless["nom"] == "sans nom"
    assert nameless["posée le"] == "2018-03-21"


def test_line_ends_inside_a_cell_stay() -> None:
    parsed = list(csv.reader(StringIO(write(bois.report(more=(one("a\nb; c"),)), "csv"), newline=""), delimiter=";"))
    assert parsed[-1][1] == "a\nb; c"


@pytest.mark.parametrize("form", FORMATS)
def test_a_withdrawn_idea_is_in_no_form(form: str) -> None:
    gone = one("Un secret regretté", state=IdeaState.WITHDRAWN)
    assert "regretté" not in write(bois.report(more=(gone,)), form)


@pytest.mark.parametrize("form", FORMATS)
def test_a_parked_idea_is_told_apart_from_the_others(form: str) -> None:
    aside = one("La machine à café est en panne", state=IdeaState.PARKED)
    assert "machine à café" in write(bois.report(more=(aside,)), form)
    assert bois.report(more=(aside,)).voices == bois.report().voices


# --- markdown


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("# *Titre* _x_", r"\# \*Titre\* \_x\_"),
        ("[lien](https://x.fr) <b>", r"\[lien\]\(https://x.fr\) \<b\>"),
        ("- un\n- deux", r"\- un<br>\- deux"),
        ("1. un | deux", r"1\. un \| deux"),
        ("a &lt; b `c` \\d", r"a \&lt; b \`c\` \\d"),
    ],
)
def test_what_people_typed_stays_text_in_markdown(typed: str, written: str) -> None:
    assert escaped(typed) == written


def test_the_text_tells_the_tie_and_the_run_off() -> None:
    told = write(bois.report(), "md")
    assert "une place pour 2" in told
    assert "## Le départage" in told
    assert "13 votants sur 14" in told
    assert "4e ex\u00a0æquo | n° 11" in told.replace("n°\u00a0", "n° ")


def test_both_languages_tell_the_same_hunt() -> None:
    french, english = write(bois.report("fr"), "md"), write(bois.report("en"), "md")
    assert english.count("\n") == french.count("\n")
    assert "The final list" in english


# --- document


def test_the_document_names_its_schema_and_keeps_its_keys() -> None:
    told = json.loads(write(bois.report(), "json"))
    assert told["schema"] == "ideahunt.report/1"
    assert list(told) == [
        "schema", "made_at", "hunt", "figures", "themes", "ideas", "rounds", "final", "undecided",
    ]  # fmt: skip
    assert told["rounds"][0]["quorum"] == 12
    assert told["rounds"][0]["sha256"] == "f0" * 32
    assert told["rounds"][0]["coverage"] == [
        {"ideas": [7, 10, 9, 11], "voters": 10},
        {"ideas": [7, 10, 9, 16], "voters": 13},
    ]


def test_a_hunt_without_ideas_can_be_written_too() -> None:
    empty = HuntReport(
        "Quoi faire ?",
        "fr",
        "UTC",
        (),
        Phase.COLLECTING,
        datetime(2018, 3, 21, tzinfo=UTC),
        datetime(2018, 3, 22, tzinfo=UTC),
    )
    assert all(write(empty, form) for form in FORMATS)


def test_a_long_idea_without_a_title_shows_its_beginning_on_its_card() -> None:
    long = replace(bois.ideas()[0], title="", text="Un banc au soleil, un autre à l’ombre, " * 6)
    shown = card(Telling(bois.report()), long, {})
    assert shown.folded
    assert shown.title.startswith("Un banc au soleil")
    assert shown.title.endswith("…")
    assert len(shown.title) <= BEGINNING


# --- what the bot only suggested

MARKS = {"fr": ("thème suggéré", "thème suggéré, à vérifier"), "en": ("suggested theme", "suggested theme, to check")}
LEGENDS = {"fr": ("personne ne l’a encore décidé.", "en est moins sûr."), "en": ("nobody has decided", "is less sure.")}


def marked(language: str, unsure: bool) -> HuntReport:
    """The whole hunt, idea 7 only suggested."""
    report = bois.report(language)
    only = {"suggested": True, "unsure": unsure}
    return replace(report, ideas=tuple(replace(i, **(only if i.number == 7 else {})) for i in report.ideas))


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("unsure", [False, True])
def test_a_suggestion_is_told_apart_from_a_decision_with_a_legend(language: str, unsure: bool) -> None:
    report, mark = marked(language, unsure), MARKS[language][unsure]
    seven = next(idea for idea in report.ideas if idea.number == 7)
    lines = [line for line in write(report, "md").splitlines() if line.endswith(f"* · {mark}")]
    assert len(lines) == 1
    assert seven.text in lines[0]
    page = write(report, "html")
    cards = [card for card in page.split("<article")[1:] if f'<span class="quiet">{mark}</span>' in card]
    assert len(cards) == 1
    assert seven.text in cards[0]
    for legend in (write(report, "md"), page[page.index('class="quiet explained"') :]):
        assert LEGENDS[language][0] in legend
        assert (LEGENDS[language][1] in legend) == unsure


@pytest.mark.parametrize("unsure", [False, True])
def test_a_suggestion_is_told_in_the_table_and_the_document(unsure: bool) -> None:
    report = marked("fr", unsure)
    told = {row["numéro"]: row["suggestion"] for row in rows(write(report, "csv")) if row["suggestion"]}
    assert told == {"7": MARKS["fr"][unsure]}
    ideas = {one["number"]: one for one in json.loads(write(report, "json"))["ideas"]}
    assert {number for number, one in ideas.items() if one["theme_suggested"]} == {7}
    assert {number for number, one in ideas.items() if one["theme_to_check"]} == ({7} if unsure else set())


@pytest.mark.parametrize("form", ["md", "html"])
def test_without_suggestions_there_is_no_legend(form: str) -> None:
    text = write(bois.report(), form)
    assert "suggéré" not in text
    assert LEGENDS["fr"][0] not in text
