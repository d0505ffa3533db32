"""Every form sent and every choice that acts, in both languages, on both platforms."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.domain.hunt import MAX_THEMES
from bot.domain.ideas import IdeaState
from bot.domain.names import IdeaNumber, ThemeId
from bot.domain.people import LANGUAGES
from bot.domain.rules import Secrecy
from bot.screens import Deed
from bot.usecases.requests import SettingsRequest
from handlers.clock import utc_now
from handlers.desk import wire
from handlers.desk.listeners import PICKS
from handlers.desk.listeners_forms import FORMS
from handlers.desk.wire import Form, Pick
from standins.teams import TaskShown
from tests.handlers.contract.conftest import Play
from tests.handlers.contract.drivers import Page
from tests.handlers.contract.ground import BIKES, BREAD, GATE, Ground
from tests.handlers.contract.told import known, tells

TWIN = "Lend bikes to people who miss the bus"

Story = Callable[[Ground], Awaitable[Page]]


async def opened(ground: Ground, deed: Deed) -> Page:
    return await ground.do(deed, ground.hunt)


async def launch(ground: Ground) -> Page:
    ground.empty()
    form = await ground.do(Deed.NEW_HUNT, "")
    await ground.driver.fill(ground.lead, form, "question", "How might we greet newcomers?")
    if "room" in form.fields:
        await ground.driver.fill(ground.lead, form, "room", ground.room)
    return await ground.driver.send(ground.lead, form)


async def an_idea(ground: Ground) -> Page:
    ground.collecting()
    form = await opened(ground, Deed.ADD_IDEA)
    await ground.driver.fill(ground.lead, form, "text", "A bench beside the old pond")
    return await ground.driver.send(ground.lead, form)


async def ballot(ground: Ground) -> Page:
    ground.voting()
    form = await opened(ground, Deed.VOTE)
    form = await ground.driver.place(ground.lead, form, 1, 2)
    return await ground.driver.send(ground.lead, form)


async def plain_ballot(ground: Ground) -> Page:
    ground.voting()
    ground.core.people.keep_settings(ground.me, SettingsRequest(None, False, True), utc_now())
    form = await opened(ground, Deed.VOTE)
    ground.core.people.keep_settings(ground.me, SettingsRequest(None, False, False), utc_now())
    assert "option:1" in form.fields
    await ground.driver.place(ground.lead, form, 1, 1)
    await ground.driver.place(ground.lead, form, 2, 2)
    return await ground.driver.send(ground.lead, form)


async def cast_ballot(ground: Ground) -> Page:
    ground.voting(secrecy=Secrecy.DETACHED)
    form = await opened(ground, Deed.VOTE)
    await ground.driver.place(ground.lead, form, 1, 2)
    return await ground.driver.send(ground.lead, form)


async def vote(ground: Ground) -> Page:
    ground.revealed()
    form = await opened(ground, Deed.OPEN_VOTE)
    return await ground.driver.send(ground.lead, form)


async def rules(ground: Ground) -> Page:
    ground.voting()
    return await ground.driver.send(ground.lead, await opened(ground, Deed.RULES))


async def papers(ground: Ground) -> Page:
    ground.voting()
    form = await opened(ground, Deed.PAPERS)
    await ground.driver.fill(ground.lead, form, "papers", "1x2 2\n2")
    await ground.driver.select(ground.lead, form, "struck", ground.other)
    return await ground.driver.send(ground.lead, form)


async def share(ground: Ground) -> Page:
    ground.collecting()
    form = await opened(ground, Deed.SHARE)
    await ground.driver.select(ground.lead, form, "cofacilitators", ground.other)
    return await ground.driver.send(ground.lead, form)


async def roles(ground: Ground) -> Page:
    ground.collecting()
    form = await opened(ground, Deed.ROLES)
    await ground.driver.fill(ground.lead, form, "role", "field staff")
    await ground.driver.select(ground.lead, form, "people", ground.other)
    return await ground.driver.send(ground.lead, form)


async def proposed(ground: Ground) -> Page:
    ground.revealed()
    return await opened(ground, Deed.SUGGEST_THEMES)


async def piles(ground: Ground) -> Page:
    return await ground.driver.send(ground.lead, await proposed(ground))


def boxes(page: Page) -> list[str]:
    """The ids of what can be ticked or typed."""
    return list(page.thing.inputs if isinstance(page.thing, TaskShown) else page.thing.values)


async def word_list(ground: Ground) -> Page:
    ground.collecting()
    form = await opened(ground, Deed.WORDS)
    await ground.driver.fill(ground.lead, form, "words", "Kviz → vélo")
    return await ground.driver.send(ground.lead, form)


async def named(ground: Ground) -> Page:
    ground.revealed()
    form = await ground.driver.press(ground.lead, await opened(ground, Deed.THEMES), "pick:new_theme")
    await ground.driver.fill(ground.lead, form, "name", "Kviz")
    return await ground.driver.send(ground.lead, form)


async def settings(ground: Ground) -> Page:
    ground.collecting()
    form = await ground.driver.type(ground.lead, "settings")
    await ground.driver.tick(ground.lead, form, "muted")
    return await ground.driver.send(ground.lead, form)


SENT: dict[Form, tuple[Story, str]] = {
    Form.LAUNCH: (launch, "launch.done"),
    Form.IDEA: (an_idea, "saved.done"),
    Form.BALLOT: (ballot, "title.receipt"),
    Form.PLAIN_BALLOT: (plain_ballot, "title.receipt"),
    Form.CAST_BALLOT: (cast_ballot, "title.receipt"),
    Form.VOTE: (vote, "vote.opened"),
    Form.RULES: (rules, "vote.changed"),
    Form.PAPERS: (papers, "papers.entered"),
    Form.SHARE: (share, "share.kept"),
    Form.ROLES: (roles, "roles.kept"),
    Form.PILES: (piles, "themes.lead"),
    Form.WORDS: (word_list, "words.kept"),
    Form.THEME_NAME: (named, "themes.lead"),
    Form.SETTINGS: (settings, "settings.kept"),
}


async def dots(ground: Ground) -> Page:
    ground.voting()
    return await ground.driver.place(ground.lead, await opened(ground, Deed.VOTE), 1, 2)


def themed(ground: Ground) -> None:
    """Two themes; the first idea in one of them."""
    ground.revealed()
    for name in ("Kviz", "Blarn"):
        ground.core.themes.add_theme(ground.me, ground.hunt, name, utc_now())
    ground.core.grouping.move(ground.me, ground.hunt, IdeaNumber(1), ThemeId(1), utc_now())


async def filtered(ground: Ground) -> Page:
    themed(ground)
    page = await ground.driver.choose(ground.lead, await opened(ground, Deed.SEE_ALL), Pick.FILTER, "theme:1")
    assert GATE in page.said
    assert BREAD not in page.said
    return page


async def sorted_(ground: Ground, pick: Pick, value: str) -> Page:
    themed(ground)
    return await ground.driver.choose(ground.lead, await opened(ground, Deed.SORT), pick, value)


async def moved(ground: Ground) -> Page:
    page = await sorted_(ground, Pick.THEME_OF, "2|2")
    with ground.storage.look() as unit:
        assert unit.ideas.get(ground.tenant, ground.hunt, IdeaNumber(2)).theme == 2
    return page


async def unsorted(ground: Ground) -> Page:
    themed(ground)
    page = await ground.driver.press(ground.lead, await opened(ground, Deed.SORT), "pick:unsorted")
    assert GATE not in page.said
    assert BIKES in page.said
    return page


async def more(ground: Ground) -> Page:
    ground.empty()
    page = await ground.driver.press(ground.lead, await ground.do(Deed.NEW_HUNT, ""), "pick:more")
    assert "observers" in page.fields
    return page


async def more_rules(ground: Ground) -> Page:
    ground.revealed()
    page = await ground.driver.press(ground.lead, await opened(ground, Deed.OPEN_VOTE), "pick:more_rules")
    assert "quorum" in page.fields
    return page


async def copies(ground: Ground) -> Page:
    ground.voting()
    return await ground.driver.choose(ground.lead, await opened(ground, Deed.PAPERS), Pick.COPIES, "5")


async def step(ground: Ground) -> Page:
    themed(ground)
    return await ground.driver.choose(ground.lead, await opened(ground, Deed.THEMES), Pick.THEME_STEP, "1|rename|")


async def new_theme(ground: Ground) -> Page:
    ground.revealed()
    return await ground.driver.press(ground.lead, await opened(ground, Deed.THEMES), "pick:new_theme")


async def back(ground: Ground) -> Page:
    return await ground.driver.press(ground.lead, await proposed(ground), "pick:piles")


CHOSEN: dict[Pick, tuple[Story, str]] = {
    Pick.DOTS: (dots, "title.ballot"),
    Pick.THEME_OF: (moved, "sort.lead"),
    Pick.FILTER: (filtered, "title.browse"),
    Pick.UNSORTED: (unsorted, "title.sort"),
    Pick.MORE: (more, "field.observers"),
    Pick.MORE_RULES: (more_rules, "field.quorum"),
    Pick.COPIES: (copies, "papers.printing"),
    Pick.THEME_STEP: (step, "title.theme_name"),
    Pick.NEW_THEME: (new_theme, "title.theme_name"),
    Pick.PILES: (back, "themes.lead"),
}
ONE_HUNT_A_ROOM = {Pick.HUNT}
"""Only outside a room several hunts may be meant; each platform tries that in its own way (test_flows.py of both)."""


def test_there_is_a_case_for_every_form_and_every_choice() -> None:
    assert set(SENT) == set(FORMS)
    assert set(CHOSEN) | ONE_HUNT_A_ROOM == set(PICKS) == set(Pick)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", SENT)
def test_every_form_is_kept_and_told(play: Play, form: Form, language: str) -> None:
    async def case(ground: Ground) -> None:
        story, told = SENT[form]
        page = await story(ground)
        assert tells(page.said, told, language), (known(page.said, language), page.said)

    play(case, language)


@pytest.mark.parametrize("chosen", ["", "1"])
def test_an_author_is_told_of_an_idea_that_stands_already_whether_they_choose_a_theme_or_not(
    play: Play, chosen: str
) -> None:
    async def case(ground: Ground) -> None:
        ground.collecting(private=False, themes=("Bread", "Blarn"))
        form = await opened(ground, Deed.ADD_IDEA)
        await ground.driver.fill(ground.lead, form, "text", TWIN)
        if chosen:
            await ground.driver.fill(ground.lead, form, "theme", chosen)
        page = await ground.driver.send(ground.lead, form)
        assert tells(page.said, "saved.twin", "en"), page.said
        with ground.storage.look() as unit:
            newest = unit.ideas.page(ground.tenant, ground.hunt, states=frozenset(IdeaState), limit=99)[-1]
        assert (newest.theme, newest.suggested) == ((1, False) if chosen else (newest.theme, newest.suggested))

    play(case, "en")


def test_an_idea_that_is_reworded_stays_where_a_facilitator_put_it_and_a_suggestion_is_no_choice(play: Play) -> None:
    async def case(ground: Ground) -> None:
        ground.collecting(themes=("Bread", "Blarn"))
        ground.core.hunts.reveal(ground.me, ground.hunt, utc_now())
        with ground.storage.begin() as unit:
            unit.ideas.keep_places(ground.tenant, ground.hunt, {IdeaNumber(1): ThemeId(1)}, suggested=True)
            unit.ideas.keep_places(ground.tenant, ground.hunt, {IdeaNumber(2): ThemeId(1)}, suggested=True)
        await ground.driver.send(ground.lead, await ground.do(Deed.EDIT_IDEA, f"{ground.hunt}|1|"))
        form = await ground.do(Deed.EDIT_IDEA, f"{ground.hunt}|2|")
        ground.core.grouping.move(ground.me, ground.hunt, IdeaNumber(2), ThemeId(2), utc_now())
        await ground.driver.send(ground.lead, form)
        with ground.storage.look() as unit:
            one, two = (unit.ideas.get(ground.tenant, ground.hunt, IdeaNumber(number)) for number in (1, 2))
        assert ((one.theme, one.suggested), (two.theme, two.suggested)) == ((1, True), (2, False))

    play(case, "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_of_a_theme_says_what_it_did_or_why_not(play: Play, language: str) -> None:
    async def case(ground: Ground) -> None:
        themed(ground)
        for number in (2, 3):
            ground.core.grouping.move(ground.me, ground.hunt, IdeaNumber(number), ThemeId(1), utc_now())
        steps = {"2|split|": "few", "1|split|": "alike", "2|merge|1": "merged"}
        for value, told in steps.items():
            page = await ground.driver.choose(ground.lead, await opened(ground, Deed.THEMES), Pick.THEME_STEP, value)
            assert tells(page.said, f"themes.told.{told}", language), (known(page.said, language), page.said)
        page = await ground.driver.deed(ground.lead, page, Deed.UNDO)
        assert tells(page.said, "undo.done", language), page.said

    play(case, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_piles_that_stay_ticked_become_themes_and_a_refusal_of_them_is_told(play: Play, language: str) -> None:
    async def case(ground: Ground) -> None:
        form = await proposed(ground)
        box, *others = (id for id in boxes(form) if wire.box_of(id))
        assert others == []
        assert BREAD in form.said
        assert BIKES in form.said
        for name in range(MAX_THEMES):
            ground.core.themes.add_theme(ground.me, ground.hunt, f"Kviz {name}", utc_now())
        page = await ground.driver.send(ground.lead, form)
        assert tells(page.said, "refusal.too_many_themes", language), page.said
        for _ in range(MAX_THEMES):
            ground.core.grouping.undo(ground.me, ground.hunt, utc_now())
        form = await opened(ground, Deed.SUGGEST_THEMES)
        await ground.driver.untick(ground.lead, form, box)
        assert tells((await ground.driver.send(ground.lead, form)).said, "themes.none", language)

    play(case, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_theme_is_renamed_from_the_name_it_has(play: Play, language: str) -> None:
    async def case(ground: Ground) -> None:
        form = await step(ground)
        assert tells(form.said, "theme_name.of", language), form.said
        assert "Kviz" in form.said
        page = await ground.driver.send(ground.lead, form)
        assert tells(page.said, "themes.lead", language), page.said
        assert "Kviz" in page.said

    play(case, language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("ask", [step, new_theme], ids=["renamed", "added"])
def test_a_name_that_another_theme_has_is_refused_in_its_field(play: Play, ask: Story, language: str) -> None:
    async def case(ground: Ground) -> None:
        form = await ask(ground)
        if ask is new_theme:
            ground.core.themes.add_theme(ground.me, ground.hunt, "Blarn", utc_now())
        await ground.driver.fill(ground.lead, form, "name", " BLARN ")
        page = await ground.driver.send(ground.lead, form)
        assert tells(page.said, "refusal.theme_name_taken", language), page.said
        assert "name" in page.fields

    play(case, language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("pick", CHOSEN)
def test_every_choice_is_done_at_once(play: Play, pick: Pick, language: str) -> None:
    async def case(ground: Ground) -> None:
        story, told = CHOSEN[pick]
        page = await story(ground)
        assert tells(page.said, told, language), (known(page.said, language), page.said)

    play(case, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_of_ideas_tells_which_themes_are_only_suggested(play: Play, language: str) -> None:
    async def case(ground: Ground) -> None:
        themed(ground)
        ground.core.grouping.move(ground.me, ground.hunt, IdeaNumber(3), ThemeId(2), utc_now())
        with ground.storage.begin() as unit:
            unit.ideas.keep_places(ground.tenant, ground.hunt, {IdeaNumber(2): ThemeId(1)}, suggested=True)
        page = await opened(ground, Deed.SEE_ALL)
        marks = {"fr": ("Thème suggéré", "Thème"), "en": ("Suggested theme", "Theme")}[language]
        told = [line.replace("\N{NO-BREAK SPACE}", " ") for line in page.said.splitlines()]
        found = [line.replace(" :", ":") for line in told if "Kviz" in line or "Blarn" in line]
        assert sorted(line for line in found if line.startswith(marks)) == sorted(
            [f"{marks[0]}: Kviz", f"{marks[1]}: Kviz", f"{marks[1]}: Blarn"]
        )

    play(case, language)


def test_who_reveals_finds_the_pairs_that_look_alike_already_compared(play: Play) -> None:
    async def case(ground: Ground) -> None:
        ground.collecting()
        ground.add(ground.other, TWIN)
        await ground.do(Deed.REVEAL, ground.hunt)
        async with asyncio.timeout(10):
            while True:
                with ground.storage.look() as unit:
                    if unit.ideas.count_pairs(ground.tenant, ground.hunt):
                        return
                await asyncio.sleep(0.02)

    play(case, "en")
