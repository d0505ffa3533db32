"""Results told as they are: rules, ties, close calls, groups, secrecy, and what no sentence may hide or add."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest

from bot.domain.names import IdeaNumber, PersonId, TenantId
from bot.domain.order import order_of, shuffled
from bot.domain.rules import Electorate, Quorum, Secrecy, TieRule
from bot.domain.tally import Score, count
from bot.reports import FORMATS, ClosedRound, write
from bot.reports.annex import annex, annexes
from bot.reports.table import rows
from bot.reports.telling import Telling
from bot.reports.wall import wall
from tests.reports import bois

LANGUAGES = ("fr", "en")


def told(round: ClosedRound, language: str = "fr", form: str = "md") -> str:
    return plain(write(bois.report(language, rounds=(round,)), form))


def method(round: ClosedRound, language: str = "fr") -> str:
    """The annex of one round, its spaces made plain."""
    return plain("\n".join(annex(Telling(bois.report(language, rounds=(round,))), round)))


def plain(text: str) -> str:
    return re.sub(r"[\u00a0\u202f]", " ", text)


def voted(*scores: tuple[int, int], places: int = 1, voters: int = 20) -> ClosedRound:
    """A round whose options got these dots: (number, dots)."""
    tally = count([Score(IdeaNumber(option), dots, dots) for option, dots in scores], places, voters, 40, 7)
    return replace(bois.main_round(), tally=tally)


def document(round: ClosedRound) -> Any:
    return json.loads(write(bois.report(rounds=(round,)), "json"))


# --- options that are no ideas


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_form_calls_a_theme_or_an_extra_option_by_its_number(form: str, language: str) -> None:
    both = bois.report(language, rounds=(bois.theme_round(), replace_number(bois.rich_round(), 2)))
    text = write(both, form)
    assert not re.search(r"(?:#|n°)\s*(?:1\D?000\D?00\d|500\D?00\d)", text)
    if form != "csv":  # the table is one of ideas
        assert "T2" in text
        assert "Ne rien changer" in text


def replace_number(round: ClosedRound, number: int) -> ClosedRound:
    return replace(round, round=replace(round.round, number=number))


def test_the_table_holds_ideas_only_and_ranks_them_among_all_options() -> None:
    table = list(rows(told(bois.rich_round(), form="csv")))
    assert len(table) == 26
    assert all(row["numéro"].isdecimal() and int(row["numéro"]) < 100 for row in table)


def test_the_document_tells_what_each_option_is() -> None:
    round = document(bois.rich_round())["rounds"][0]
    extra = next(rank for rank in round["ranks"] if rank["sign"] == "A")
    assert (extra["idea"], extra["option"], extra["dots"]) == (None, 1_000_001, 2)
    assert {one["sign"]: one["text"] for one in round["ballot"]}["A"] == "Ne rien changer"
    assert round["options"] == [one["number"] for one in round["ballot"]]


def test_ideas_on_the_ballot_are_counted_without_what_is_no_idea() -> None:
    figures = wall(bois.report(rounds=(bois.rich_round(),))).figures
    assert "22" in {figure.number for figure in figures}
    assert "Aussi au bulletin, sans être une idée : A Ne rien changer et B Confier." in method(bois.rich_round())


# --- the rules, as they were


@pytest.mark.parametrize(
    ("rules", "french", "english"),
    [
        ({"who": Electorate.PRESENT}, "les membres du salon à l’ouverture", "in the room when the vote opened"),
        ({"who": Electorate.ROOM}, "arrivées avant la clôture", "joined before the close"),
        ({"tie": TieRule.AUTO}, "s’ouvre tout seul", "opens by itself"),
        ({"tie": TieRule.KEEP}, "elle reste une égalité", "stays a tie"),
        ({"secrecy": Secrecy.DETACHED}, "Vote détaché", "Detached vote"),
        (
            {"secrecy": Secrecy.SEALED},
            "la clé du code et la liste des votants ont été détruites",
            "key of the code and",
        ),
        ({"keep_days": 30}, "gardés 30 jours pour un nouveau comptage, jusqu’au 22 avril 2018", "until 22 April 2018"),
        ({"keep_days": 0}, "La clôture a supprimé les bulletins", "The close deleted the ballots"),
        ({"waved": 1}, "1 doublon probable n’était pas tranché à l’ouverture ; Inès", "1 likely duplicate was not"),
        ({"by_role": True}, "Réglé", "Settled"),
    ],
)
def test_the_annex_is_made_of_the_rounds_own_settings(rules: dict[str, Any], french: str, english: str) -> None:
    round = replace(bois.main_round(**rules), waved_by="Inès")
    for language, words in zip(LANGUAGES, (french, english), strict=True):
        assert words in method(round, language) + plain(write(bois.report(language, rounds=(round,)), "html"))
    other = method(bois.main_round(who=Electorate.ROOM, keep_days=365))
    assert rules.keys() & {"who", "secrecy"} or french not in other


@pytest.mark.parametrize(
    ("quorum", "needed", "french"),
    [
        (Quorum.NONE, None, "Pas de quorum."),
        (Quorum.THIRD, 6, "Quorum : un tiers des personnes admises à voter, soit 6 votants. Il est atteint."),
        (Quorum.HALF, 10, "Quorum : plus de la moitié des personnes admises à voter, soit 10 votants. Il est atteint."),
        (Quorum.TWO_THIRDS, 12, "Quorum : deux tiers des personnes admises à voter, soit 12 votants. Il est atteint."),
    ],
)
def test_the_quorum_is_that_of_the_rounds_rule(quorum: Quorum, needed: int | None, french: str) -> None:
    main = bois.main_round(quorum=quorum)
    round = replace(main, tally=replace(main.tally, quorum=needed))
    assert french in method(round)
    assert document(round)["rounds"][0]["quorum"] == needed
    assert document(round)["rounds"][0]["quorum_rule"] == quorum.value


def test_a_quorum_that_was_missed_is_told_as_missed() -> None:
    main = bois.main_round()
    round = replace(main, tally=replace(main.tally, voters=11))
    assert "Il n’est pas atteint." in method(round)
    assert "Quorum de 12 votants non atteint" in told(round)
    assert document(round)["rounds"][0]["quorum_reached"] is False


def test_below_five_voters_the_annex_says_that_no_ballot_was_kept() -> None:
    round = voted((7, 6), (10, 2), voters=4)
    assert "Moins de 5 votants" in method(round)
    assert document(round)["rounds"][0]["kept_until"] is None


def test_paper_ballots_are_told_where_there_are_any() -> None:
    assert "Dont 2 bulletins papier" in method(bois.rich_round())
    assert "papier" not in method(bois.main_round())
    assert document(bois.rich_round())["rounds"][0]["papers"] == 2


def test_who_waved_duplicates_through_is_named_and_stays_text() -> None:
    for form in ("md", "html"):
        assert "<i>" not in told(bois.rich_round(), form=form)
    assert document(bois.rich_round())["rounds"][0]["waved"] == {"pairs": 2, "by": "Inès <i>"}
    assert document(bois.main_round())["rounds"][0]["waved"] is None


# --- gaps and ties


@pytest.mark.parametrize(
    ("dots", "flagged"),
    [((39, 37), True), ((2, 1), True), ((100, 95), True), ((100, 94), False), ((12, 10), False), ((8, 8), False)],
)
@pytest.mark.parametrize(("language", "words"), [("fr", "À discuter : entre"), ("en", "To be discussed: between")])
def test_a_gap_of_one_dot_or_of_five_per_cent_is_to_be_discussed(
    dots: tuple[int, int], flagged: bool, language: str, words: str
) -> None:
    round = voted((7, dots[0]), (10, dots[1]))
    assert (words in told(round, language)) is flagged
    assert bool(wall(bois.report(language, rounds=(round,))).gaps) is flagged
    notes = {row["numéro"]: row["à noter"] for row in rows(told(round, form="csv"))}
    assert (notes["7"], notes["10"]) == (("à discuter",) * 2 if flagged else (notes["7"],) * 2)
    assert bool(document(round)["rounds"][0]["close_calls"]) is flagged


def test_an_exact_tie_is_told_as_a_tie_in_every_form() -> None:
    round = voted((7, 8), (10, 8))
    assert "une place pour 2" in told(round)
    assert "une place pour 2" in told(round, form="html")
    assert {row["à noter"] for row in rows(told(round, form="csv"))} == {"", "à égalité pour la dernière place"}
    assert document(round)["undecided"] == [7, 10]
    assert document(round)["final"] == []


@pytest.mark.parametrize("form", ["md", "html"])
def test_a_list_that_only_a_tie_fills_is_neither_final_nor_without_votes(form: str) -> None:
    text = told(voted((7, 8), (10, 8)), form=form)
    assert "l’égalité tient toute la liste" in text
    assert "Personne n’a posé de gommette" not in text
    assert "La liste finale" not in text


def test_a_tie_that_may_fall_in_many_ways_tells_no_way_rather_than_a_few() -> None:
    round = voted(*((number, 8) for number in (7, 9, 10, 11)), places=2)
    assert Telling(bois.report(rounds=(round,))).ways(round) == ""  # six ways: each can be told
    round = voted(*((number, 8) for number in (7, 9, 10, 11, 16)), places=2)
    for form in ("md", "html"):
        assert "L’égalité peut tomber de 10 façons" in told(round, form=form)


def test_coverage_is_told_for_each_way_the_tie_of_the_day_may_fall() -> None:
    text = told(bois.main_round())
    assert "forts : 10 votants sur 14" in text  # no full stop inside the sentence
    assert "habitants : 13 votants sur 14" in text
    assert "14 votants sur 14 y retrouvent un de leurs choix" in text


def test_the_balanced_list_is_a_second_reading_with_its_method_and_its_ties() -> None:
    telling = Telling(bois.report(rounds=(bois.main_round(),)))
    general = plain(" ".join(annexes(telling)[-1][1]))
    assert "méthode des parts égales (Peters et Skowron, 2020)" in general
    assert "à prix égal passent les gommettes, puis les soutiens, puis le numéro" in general
    without = replace(bois.main_round(), tally=replace(bois.main_round().tally, balanced=None))
    assert "parts égales" not in told(without)


# --- groups


def test_groups_are_told_in_every_form_that_holds_sentences() -> None:
    for form in ("md", "html"):
        assert "Forestiers" in told(bois.rich_round(), form=form)
        assert "n° 7 Sentier fléché 20 / 40 / 60 minutes : 5 gommettes" in told(bois.rich_round(), form=form)
    groups = document(bois.rich_round())["rounds"][0]["groups"]
    assert [(group["role"], group["voters"], group["eligible"]) for group in groups] == [
        ("Forestiers", 6, 8),
        (None, 9, 10),
    ]
    assert groups[0]["dots"][0] == {"option": 7, "dots": 5}


def test_without_groups_nothing_is_said_of_roles() -> None:
    for form in ("md", "html"):
        assert "Par rôle" not in told(bois.main_round(), form=form)


# --- to be checked by anybody


def test_the_recipe_of_the_annex_gives_the_order_the_voter_saw() -> None:
    round = document(bois.rich_round())["rounds"][0]
    voter = sha256(f"{round['seed']}|slack:T012AB3CD|U0123ABCD".encode()).hexdigest()
    mine = sorted(round["options"], key=lambda number: sha256(f"{voter}:{number}".encode()).hexdigest())
    assert voter == order_of(round["seed"], TenantId("slack:T012AB3CD"), PersonId("U0123ABCD"))
    assert mine == shuffled(map(IdeaNumber, round["options"]), voter, lambda number: number)


def test_the_annex_holds_the_whole_fingerprint_and_the_command_that_checks_it() -> None:
    text = method(bois.main_round())
    assert "f0" * 32 in text
    assert f"ideahunt verify 3f2a3f2a3f2a 1 --expect {'f0' * 8}" in text


def test_a_round_closed_before_there_were_records_claims_no_fingerprint() -> None:
    old = replace(bois.main_round(), fingerprint="")
    assert "Empreinte" not in told(old)
    assert "--expect" not in told(old, form="html")
    assert document(old)["rounds"][0]["sha256"] is None


@pytest.mark.parametrize("form", FORMATS)
def test_no_form_names_the_workspace(form: str) -> None:
    assert "TCANARY" not in told(bois.rich_round(), form=form)


@pytest.mark.parametrize("make", [bois.main_round, bois.rich_round, bois.theme_round, bois.runoff])
def test_both_languages_tell_as_many_facts(make: Callable[[], ClosedRound]) -> None:
    assert method(make(), "fr").count("\n") == method(make(), "en").count("\n")


def test_the_limits_are_always_told() -> None:
    for language, words in zip(LANGUAGES, ("ne convient pas à une élection", "not for elections"), strict=True):
        assert words in told(bois.main_round(), language)


def test_a_vote_over_themes_is_told_with_its_signs_and_its_own_rule() -> None:
    text = told(bois.theme_round())
    assert "## Le vote par thème" in text
    assert "T2 Comment" in text
    assert "au plus 2 sur un même thème, pour 2 places" in text
    assert "Ouverture du vote par thème : 21 mars 2018" in text
    assert "## La liste finale" not in text
    drawn = wall(bois.report(rounds=(bois.theme_round(),)))
    assert [bar.wins for bar in drawn.theme_votes[0].bars] == [True, False, False, False]
    assert (drawn.steps, drawn.bars, drawn.pact) == ((), (), None)


def test_the_moments_of_the_annex_are_in_the_reports_zone() -> None:
    late = replace(bois.main_round(), round=bois.kept(1, datetime(2018, 3, 23, 23, 30, tzinfo=UTC), keep_days=0))
    assert "à la clôture, le 24 mars 2018" in method(late)
