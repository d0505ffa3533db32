"""The map of ideas: every idea on it once, inside its theme, themes apart, the same picture each time."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations
from math import dist

import pytest

from bot.reports import write
from bot.reports.atlas import WIDTH, Land, Spot, atlas
from tests.reports import bois


def lands(*sizes: int) -> list[Land]:
    return [
        Land(f"Thème {place}", f"{size} idées", place, tuple(Spot(str(n), "…") for n in range(size)))
        for place, size in enumerate(sizes, start=1)
    ]


@pytest.mark.parametrize("sizes", [(1, 1), (5, 3, 8, 1), (40, 30, 20, 5, 5, 1), (900, 300, 20), (1,) * 30])
def test_each_idea_lies_inside_its_theme_and_themes_do_not_touch(sizes: tuple[int, ...]) -> None:
    made = atlas(lands(*sizes))
    assert sorted(len(area.points) for area in made.areas) == sorted(sizes)
    for area in made.areas:
        assert all(dist((p.x, p.y), (area.x, area.y)) + made.dot <= area.radius + 0.5 for p in area.points)
        assert area.radius <= area.x + 0.5
        assert area.x + area.radius <= WIDTH + 0.5
        assert area.y + area.radius <= made.height
    for one, other in combinations(made.areas, 2):
        assert dist((one.x, one.y), (other.x, other.y)) > one.radius + other.radius


def test_ideas_of_a_theme_do_not_cover_one_another() -> None:
    made = atlas(lands(60, 12))
    for area in made.areas:
        assert all(dist((a.x, a.y), (b.x, b.y)) >= 1.7 * made.dot for a, b in combinations(area.points, 2))


def test_the_picture_says_in_words_what_it_shows() -> None:
    assert atlas(lands(2, 5)).told == "Thème 2 (5 idées). Thème 1 (2 idées)."
    page = write(bois.report(), "html")
    drawn = re.search(r'<svg class="atlas".*?</svg>', page, re.DOTALL)
    assert drawn
    assert 'role="img"' in drawn[0]
    for theme in bois.report().themes:
        assert theme.name.split("'")[0].split("’")[0][:12] in drawn[0]
    standing = bois.report().standing
    assert drawn[0].count('class="idea"') == len(standing)


def test_a_hunt_of_one_theme_has_no_map() -> None:
    report = bois.report()
    one = report.themes[:1]
    alone = replace(report, themes=one, ideas=tuple(replace(idea, theme=one[0].name) for idea in report.ideas))
    assert '<svg class="atlas"' not in write(alone, "html")


def test_the_same_hunt_gives_the_same_map() -> None:
    assert atlas(lands(4, 9, 2)) == atlas(lands(4, 9, 2))
