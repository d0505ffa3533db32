"""The map of ideas: every idea on it once, inside its theme, in the order of the page, its doubts to be seen."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations
from math import hypot

import pytest

from bot.domain.ideas import Pile
from bot.reports import HuntReport, write
from bot.reports.atlas import DOT, FITS, Land, Mark, Spot, atlas
from bot.reports.piles import pile_page
from bot.words import translator
from tests.reports import bois

MEANINGS = {Mark.SOLID: "sure", Mark.TINTED: "suggested", Mark.HOLLOW: "to check"}
SIZES = [(1, 1), (5, 3, 8, 1), (40, 30, 20, 5, 5, 1), (900, 300, 20), (1,) * 30, (120,), (5000, 7)]


def lands(*sizes: int) -> list[Land]:
    return [
        Land(f"Thème {place}", f"{size} idées", place, tuple(Spot(str(n), "…") for n in range(size)))
        for place, size in enumerate(sizes, start=1)
    ]


@pytest.mark.parametrize("sizes", SIZES)
def test_each_idea_lies_inside_its_theme_and_covers_no_other(sizes: tuple[int, ...]) -> None:
    made = atlas(lands(*sizes), MEANINGS)
    assert [len(area.points) for area in made.areas] == list(sizes)
    for area in made.areas:
        assert all(hypot(p.x, p.y) + made.dot <= area.radius for p in area.points)
        near = combinations(area.points[:60] + area.points[-60:], 2)
        assert all(a is b or hypot(a.x - b.x, a.y - b.y) >= 2 * made.dot for a, b in near)


@pytest.mark.parametrize("sizes", SIZES)
def test_a_disc_fits_a_telephone_and_numbers_are_large_enough_to_be_read(sizes: tuple[int, ...]) -> None:
    made = atlas(lands(*sizes), MEANINGS)
    if made.numbered:
        assert made.dot >= DOT
        assert max(area.radius for area in made.areas) <= FITS
    assert made.numbered == (sum(sizes) <= 150 and max(sizes) < 100)


def test_more_ideas_make_a_larger_disc() -> None:
    radii = [area.radius for area in atlas(lands(1, 4, 9, 20, 50), MEANINGS).areas]
    assert radii == sorted(set(radii))


def test_the_same_hunt_gives_the_same_map() -> None:
    assert atlas(lands(4, 9, 2), MEANINGS) == atlas(lands(4, 9, 2), MEANINGS)


# --- on the pages


def doubtful() -> HuntReport:
    """Idea 7 only suggested, idea 9 to check, idea 24 under no theme; everything else is decided."""
    changed = {7: {"suggested": True}, 9: {"suggested": True, "unsure": True}, 24: {"theme": ""}}
    report = bois.report()
    return replace(report, ideas=tuple(replace(i, **changed.get(i.number, {})) for i in report.ideas))  # type: ignore[arg-type]


def drawn(page: str) -> str:
    found = re.search(r'<ul class="atlas".*?</section>', page, re.DOTALL)
    assert found
    return found[0]


def names(page: str) -> list[str]:
    return re.findall(r'<p class="name"><a href="#[a-z]+\d+">(.*?)</a>', drawn(page))


def test_the_map_holds_every_idea_once_and_each_name_leads_to_its_column() -> None:
    page = write(bois.report(), "html")
    numbers = re.findall(r'class="number"[^>]*>(\d+)<', drawn(page))
    assert sorted(map(int, numbers)) == sorted(idea.number for idea in bois.report().standing)
    for place, name in enumerate(names(page), start=1):
        assert f'<section id="theme{place}" class="theme hue{place}" aria-label="{name}"' in page


def test_map_and_columns_have_the_themes_in_one_order_whatever_their_sizes() -> None:
    page = write(doubtful(), "html")
    columns = re.findall(r'<section id="theme\d+".*?<h3>(.*?)</h3>', page, re.DOTALL)
    assert names(page) == columns
    assert columns[-1] == "Sans thème"
    assert [theme.name.split("'")[0].split("’")[0] for theme in doubtful().themes] == [
        name.split("&#39;")[0].split("’")[0] for name in columns[:-1]
    ]


def test_the_page_of_piles_has_map_table_and_sections_in_one_order() -> None:
    piles = (Pile("Vélo", (1,), 1), Pile("Bancs", (2, 3, 4), 3), Pile("", (5,), 5))
    page = pile_page("x", {n: f"Idée {n}" for n in range(1, 6)}, piles, translator("fr"))
    there = ["Vélo", "Bancs", "Pas encore groupées"]
    assert re.findall(r'<p class="name"><a href="#pile\d">(.*?)</a>', page) == there
    assert re.findall(r'role="rowheader"><a href="#pile\d">(.*?)</a>', page) == there
    assert re.findall(r"<h2>(.*?) <span", page) == there


def test_what_is_suggested_and_what_is_to_check_is_drawn_apart_counted_and_explained() -> None:
    shown = drawn(write(doubtful(), "html"))
    marks = dict(re.findall(r'<g class="([a-z]+)"><title>(\d+) ', shown)[i][::-1] for i in range(shown.count("<g ")))
    assert {number for number, mark in marks.items() if mark != "solid"} == {"7", "9", "24"}
    assert (marks["7"], marks["9"], marks["24"]) == ("tinted", "hollow", "loose")
    assert "6 idées, dont 2\u00a0suggérées (1\u00a0à\u00a0vérifier)" in shown
    legend = re.sub("<[^>]*>", " ", shown[shown.index('class="legend"') :])
    for words in ("placée par une personne", "suggérée par ideahunt", "à vérifier\u00a0: ideahunt en est moins sûr"):
        assert words in legend
    assert [legend.count(mark) for mark in ("sans thème", "suggérée par ideahunt")] == [1, 1]


@pytest.mark.parametrize(
    ("unsure", "told"),
    [(0, {"fr": "{n} idées suggérées<", "en": "{n} suggested ideas<"}),
     (2, {"fr": "{n} idées suggérées (2 à vérifier)<", "en": "{n} suggested ideas (2 to check)<"})],
)  # fmt: skip
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_theme_of_suggestions_only_is_told_as_such_and_what_is_to_check_is_part_of_it(
    unsure: int, told: dict[str, str], lang: str
) -> None:
    report = bois.report()
    theme = next(idea.theme for idea in report.standing if idea.number == 7)
    here = [idea.number for idea in report.standing if idea.theme == theme]
    guessed = tuple(
        replace(idea, suggested=True, unsure=idea.number in here[:unsure]) if idea.number in here else idea
        for idea in report.ideas
    )
    shown = drawn(write(replace(report, ideas=guessed, language=lang), "html"))
    assert told[lang].format(n=len(here)) in shown.replace("\u00a0", " ")


def test_an_idea_under_no_theme_is_drawn_unlike_a_suggested_one() -> None:
    style = write(doubtful(), "html")
    fills = {mark: re.findall(rf"\.{mark} \.idea{{fill-opacity:([\d.]+)}}", style) for mark in ("tinted", "loose")}
    assert fills["loose"] == ["0"]
    assert fills["tinted"] == []


@pytest.mark.parametrize("sizes", [(7, 1), (900, 20)])
def test_a_disc_has_room_for_its_whole_line_inside_its_drawing(sizes: tuple[int, ...]) -> None:
    for area in atlas(lands(*sizes), MEANINGS).areas:
        assert area.reach - area.radius >= 1.5  # half the line, and a pixel that a browser may round away
    page = write(doubtful(), "html")
    boxes = re.findall(r'<svg viewBox="-([\d.]+) .*?<circle class="area" r="([\d.]+)"', drawn(page), re.DOTALL)
    assert len(boxes) == len(names(page))
    assert all(float(half) - float(radius) >= 1.5 for half, radius in boxes)


def test_a_map_without_a_doubt_needs_no_legend() -> None:
    assert 'class="legend"' not in write(bois.report(), "html")
    sure = (Pile("Vélo", (1,), 1), Pile("", (2,), 2))
    assert 'class="legend"' not in pile_page("x", {1: "a", 2: "b"}, sure, translator("en"))
    doubt = pile_page("x", {1: "a", 2: "b"}, (Pile("Vélo", (1, 2), 1, unsure=(2,)),), translator("en"))
    assert "to check: ideahunt is less sure" in doubt
    assert "likely" in doubt[doubt.index('class="legend"') :]


def test_a_very_long_idea_is_folded_on_the_page_of_piles_and_short_in_its_table() -> None:
    long = "Une idée de quatre mille signes. " * 125
    page = pile_page("x", {1: long, 2: "b"}, (Pile("Vélo", (1, 2), 1),), translator("fr"))
    assert page.count(long.strip()) == 1
    assert re.search(r"<details><summary>Lire la suite</summary><p>Une idée", page)


def test_a_hunt_of_one_theme_has_no_map() -> None:
    report = bois.report()
    one = report.themes[:1]
    alone = replace(report, themes=one, ideas=tuple(replace(idea, theme=one[0].name) for idea in report.ideas))
    assert '<ul class="atlas"' not in write(alone, "html")
