"""The page of piles in a real browser: nothing touches, everything can be read in light and dark, and by ear."""

from __future__ import annotations

from itertools import pairwise

import pytest
from playwright.sync_api import Browser

from bot.domain.ideas import Pile
from bot.reports.piles import pile_page
from bot.words import translator
from tests.reports.test_page import BROKEN, CONTRAST, SMALL, browser, shown

__all__ = ["browser"]

TEXTS = {number: f"Une idée assez longue pour tenir sur deux lignes, la numéro {number}" for number in range(1, 101)}
TEXTS |= {2: "sanscoupure" * 20, 23: "W" * 200}
NAMES = (
    "Mommes, Wagons, Hommages", "Cours d’école, végétalisation, ombrages", "MMMMMMMMMM WWWWWWWWWW MMMMMMMM WWWWWWWW",
    "Vélo", "Un-mot-sans-aucune-coupure-possible-ici", "Bancs, assises", "Repos", "École", "Rues, trottoirs, passages",
    "Sport", "Marché",
)  # fmt: skip
SIZES = (22, 20, 14, 12, 9, 6, 5, 4, 2, 2, 2)


def piles() -> tuple[Pile, ...]:
    made, first = [], 1
    for name, size in zip(NAMES, SIZES, strict=True):
        numbers = tuple(range(first, first + size))
        made.append(Pile(name, numbers, numbers[0], unsure=numbers[-1:]))
        first += size
    return (*made, Pile("", (99, 100), 99))


TOUCHING = """() => {
  const boxes = [...document.querySelectorAll('.atlas li > *')].map(e => [
    e.textContent.trim() || 'disc', e.getBoundingClientRect(), e.parentElement]);
  const found = boxes.filter(([, b]) => b.left < 0 || b.right > innerWidth).map(([t]) => 'outside: ' + t);
  boxes.forEach(([one, a, its], i) => boxes.slice(i + 1).forEach(([other, b, theirs]) => {
    if (its !== theirs && a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
      found.push(one + ' / ' + other) }));
  return found;
}"""
LOUD = """() => [...document.querySelectorAll('.atlas g')].filter(g => {
  const [dot, number] = ['.idea', '.number'].map(one => g.querySelector(one).getBoundingClientRect());
  return number.width > dot.width || number.height > dot.height + 2 }).map(g => g.textContent)"""
"""Numbers larger than their point."""
DRAWN_CONTRAST = """() => {
  const channel = v => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4 };
  const parse = c => c.match(/[\\d.]+/g).map(Number).slice(0, 3);
  const light = ([r, g, b]) => .2126 * channel(r) + .7152 * channel(g) + .0722 * channel(b);
  const ratio = (one, two) => { const [a, b] = [light(one), light(two)].sort((x, y) => y - x);
    return (a + .05) / (b + .05) };
  const over = (style, below) => parse(style.fill).map(
    (v, i) => v * style.fillOpacity + below[i] * (1 - style.fillOpacity));
  const paper = parse(getComputedStyle(document.body).backgroundColor);
  return [...document.querySelectorAll('.atlas .number')].map(e => {
    const disc = over(getComputedStyle(e.ownerSVGElement.querySelector('.area')), paper);
    const dot = over(getComputedStyle(e.previousElementSibling), disc);
    return [e.textContent, ratio(parse(getComputedStyle(e).fill), dot)] }).filter(([, r]) => r < 4.5);
}"""


@pytest.mark.browser
@pytest.mark.parametrize(("lang", "widths"), [("fr", (390, 768, 1280)), ("en", (390,))])
def test_a_hundred_ideas_fit_and_can_be_read_in_light_and_dark(
    browser: Browser, lang: str, widths: tuple[int, ...]
) -> None:
    drawn = pile_page("idées.csv", TEXTS, piles(), translator(lang))
    for width in widths:
        complaints: list[str] = []
        page = shown(browser, drawn, width, complaints)
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
        assert [page.evaluate(flaw) for flaw in (TOUCHING, LOUD, SMALL, BROKEN)] == [[], [], [], []]
        assert complaints == []
        levels = page.eval_on_selector_all("h1,h2,h3,h4", "all => all.map(h => +h.tagName[1])")
        assert all(after - before <= 1 for before, after in pairwise(levels))
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]  # plain text
            assert page.evaluate(CONTRAST) == []
            assert page.evaluate(DRAWN_CONTRAST) == []
        page.close()


@pytest.mark.browser
def test_every_theme_is_reached_by_the_keyboard_and_heard_and_every_idea_is_written_once_below_the_map(
    browser: Browser,
) -> None:
    page = shown(browser, pile_page("idées.csv", TEXTS, piles(), translator("fr")), 1280, [])
    links = page.locator(".atlas a, table a")
    assert links.count() == 2 * len(piles())
    for place in (0, len(piles())):  # a theme's name on the map, and in the table
        links.nth(place).focus()
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == NAMES[1]
        page.keyboard.press("Enter")
        assert page.evaluate("document.querySelector(':target h2').textContent").startswith(NAMES[1])
    written = page.eval_on_selector_all("section li", "all => all.map(one => parseInt(one.textContent))")
    assert sorted(written) == sorted(TEXTS)
    heard = page.get_by_role("list", name="Carte des idées").aria_snapshot()
    assert 'link "Vélo"' in heard
    assert "12 idées (1 à vérifier)" in heard
    assert "img" not in heard
    assert page.get_by_role("row").count() == 1 + len(piles())
    page.close()
