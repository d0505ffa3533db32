"""The page for the wall: safe, complete without network, and right in a real browser."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from bot.domain.names import IdeaNumber
from bot.domain.tally import Score, count
from bot.reports import ClosedRound, ReportIdea, ReportTheme, write
from bot.reports.wall import wall
from tests.reports import bois

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
WIDTHS = (390, 768, 1280, 1920)


def test_what_people_typed_is_never_markup() -> None:
    typed = "<script>alert(1)</script> & \"x\" 'y' {{ 7*7 }}"
    sly = replace(bois.report(), question=typed, themes=(ReportTheme(typed),))
    sly = replace(sly, ideas=(*sly.ideas, ReportIdea(IdeaNumber(60), typed, date(2018, 3, 21), theme=typed)))
    page = write(sly, "html")
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "{{ 7*7 }}" in page


def test_the_page_asks_nothing_of_the_network() -> None:
    page = write(bois.report(), "html")
    assert re.findall(r"""(?:src|href)\s*=\s*["'](?!#|data:)""", page) == []
    assert "http://" not in page
    assert "https://" not in page
    assert "url(" not in page


def test_the_page_tells_the_tie_then_the_run_off_then_who_finds_a_choice() -> None:
    page = write(bois.report(), "html")
    places = [page.index(word) for word in ("L’égalité", "Le départage", "Qui s’y retrouve", "Toutes les gommettes")]
    assert places == sorted(places)


def test_the_winner_of_a_run_off_keeps_the_dots_of_the_vote() -> None:
    steps = wall(bois.report()).steps
    assert [(step.numeral, step.dots) for step in steps][-1] == (4, "8 gommettes")
    assert steps[-1].place == "4e, après départage (8 gommettes)"
    assert [step.place for step in steps[:3]] == ["", "", ""]


def test_a_tie_without_a_run_off_is_not_called_final() -> None:
    page = write(bois.report(rounds=(bois.main_round(),)), "html")
    assert "La liste finale" not in page
    assert "Un départage peut être ouvert." in page


def large_round() -> ClosedRound:
    """A thousand dots an idea: the page must not draw each."""
    scores = [Score(option.number, 1000, 600) for option in bois.options()]
    return replace(bois.main_round(), tally=count(scores, 3, 900, 2_000, 30))


def test_many_dots_are_told_as_a_number_only() -> None:
    page = write(bois.report(rounds=(large_round(),)), "html")
    without_map = re.sub(r'<ul class="atlas".*?</ul>', "", page, flags=re.DOTALL)
    assert without_map.count("<circle") < 10


# --- in a browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium on this machine")
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


def shown(browser: Browser, html: str, width: int, complaints: list[str]) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 1080})
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: complaints.append(request.url))
    page.emulate_media(reduced_motion="reduce")
    page.set_content(html)
    return page


OTHERS = {
    "all a vote may hold": lambda: bois.report("en", rounds=(bois.rich_round(),)),
    "themes": lambda: bois.report(rounds=(bois.theme_round(),)),
    "a tie and nothing else": lambda: bois.report(rounds=(tie_of_six(),)),
}


def tie_of_six() -> ClosedRound:
    tally = count([Score(option.number, 8, 8) for option in bois.options()[:6]], 3, 12, 18, 7)
    return replace(bois.main_round(), tally=tally)


@pytest.mark.browser
@pytest.mark.parametrize("name", OTHERS)
def test_every_kind_of_vote_fits_and_can_be_read(browser: Browser, name: str) -> None:
    for width in WIDTHS:
        complaints: list[str] = []
        page = shown(browser, write(OTHERS[name](), "html"), width, complaints)
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
        assert complaints == []
        assert [page.evaluate(flaw) for flaw in (BROKEN, SMALL)] == [[], []]
        levels = page.eval_on_selector_all("h1,h2,h3,h4", "all => all.map(h => +h.tagName[1])")
        assert all(after - before <= 1 for before, after in pairwise(levels))
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]  # plain text
            assert page.evaluate(CONTRAST) == []
        page.close()


@pytest.mark.browser
@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_fits_its_window_and_complains_of_nothing(browser: Browser, width: int) -> None:
    complaints: list[str] = []
    long = ReportIdea(IdeaNumber(61), "long" * 300, date(2018, 3, 21), title="W" * 120, theme="X" * 80)
    page = shown(browser, write(bois.report(more=(long,)), "html"), width, complaints)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    assert complaints == []
    page.close()


@pytest.mark.browser
def test_headings_and_landmarks_lead_through_the_page(browser: Browser) -> None:
    page = shown(browser, write(bois.report(), "html"), 1280, [])
    assert page.locator("h1").count() == 1
    assert [page.locator(landmark).count() for landmark in ("main", "body > div > header", "footer")] == [1, 1, 1]
    assert page.locator("h2").count() >= 6
    assert page.locator("html").get_attribute("lang") == "fr"
    levels = page.eval_on_selector_all("h1,h2,h3,h4", "all => all.map(h => +h.tagName[1])")
    assert all(after - before <= 1 for before, after in pairwise(levels))
    page.close()


@pytest.mark.browser
def test_bars_are_as_long_as_their_figures(browser: Browser) -> None:
    page = shown(browser, write(bois.report(), "html"), 1920, [])
    drawn = page.eval_on_selector_all(
        ".bars.main .bar",
        "all => all.map(b => [+b.dataset.dots, b.querySelector('.fill').getBoundingClientRect().width])",
    )
    assert [dots for dots, _ in drawn[:5]] == [12, 11, 10, 8, 8]
    longest = drawn[0][1]
    assert all(abs(length / longest - dots / 12) < 0.005 for dots, length in drawn)
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_stands_out_enough_to_be_read(browser: Browser, scheme: str) -> None:
    page = shown(browser, write(bois.report(), "html"), 1280, [])
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    assert page.evaluate(CONTRAST) == []
    page.close()


@pytest.mark.browser
def test_a_long_text_unfolds_from_the_keyboard(browser: Browser) -> None:
    long = ReportIdea(IdeaNumber(62), "Une idée longue. " * 40, date(2018, 3, 21), title="Une idée longue")
    page = shown(browser, write(bois.report(more=(long,)), "html"), 1280, [])
    page.locator("summary").focus()
    page.keyboard.press("Enter")
    assert page.locator("details p").is_visible()
    page.close()


BROKEN = """() => {
  const found = [], range = document.createRange(), wide = .75 * document.documentElement.clientWidth;
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; node = texts.nextNode();) for (const word of node.data.matchAll(/[\\p{L}\\p{M}\\p{N}]+/gu)) {
    range.setStart(node, word.index); range.setEnd(node, word.index + word[0].length);
    const parts = [...range.getClientRects()].filter(part => part.width);
    const whole = parts.reduce((sum, part) => sum + part.width, 0);
    if (new Set(parts.map(part => Math.round(part.top))).size > 1 && whole < wide && word[0].length < 40)
      found.push(word[0]);
  }
  return found;
}"""
"""Words cut in two although they fit a line; digests in hexadecimal may be cut."""
SMALL = """() => [...document.querySelectorAll('.atlas text, .atlas p, .legend li')].map(e => {
  const svg = e.ownerSVGElement, drawn = svg ? svg.getBoundingClientRect().width / svg.viewBox.baseVal.width : 1;
  return [e.textContent, parseFloat(getComputedStyle(e).fontSize) * drawn] }).filter(([, size]) => size < 11.9)"""
"""Words and numbers of the map below twelve pixels."""
CONTRAST = """() => {
  const channel = v => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4 };
  const parse = c => c.match(/[\\d.]+/g).map(Number);
  const light = c => { const [r, g, b] = parse(c);
    return .2126 * channel(r) + .7152 * channel(g) + .0722 * channel(b) };
  const behind = e => { for (; e; e = e.parentElement) {
    const c = getComputedStyle(e).backgroundColor; const p = parse(c); if (p.length < 4 || p[3] > 0) return c } };
  const poor = [];
  for (const e of document.querySelectorAll('body *')) {
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())) continue;
    const [one, two] = [light(getComputedStyle(e).color), light(behind(e))].sort((a, b) => b - a);
    const ratio = (one + .05) / (two + .05);
    if (ratio < 4.5) poor.push([e.className, e.textContent.trim().slice(0, 30), ratio]);
  }
  return poor;
}"""
