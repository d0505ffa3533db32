"""Where ideas' words go besides is told wherever one can put an idea, on both platforms, and nowhere when they stay."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest

from bot.domain.hunt import Phase
from bot.domain.ideas import ThemeSeed
from bot.domain.names import MessageId, RoomId
from bot.screens import Board, Help, IdeaForm, IdeaSaved, Note
from bot.theming import LexicalThemer
from bot.usecases import build_core
from handlers.slack import draw
from handlers.teams import cards
from tests.handlers.slack import samples
from tests.usecases.town import ROOM, Town

HOST = "models.example"
TOLD = {
    "fr": f"envoyé à {HOST}",
    "en": f"are sent to {HOST}",
}
KINDS = (Board, Help, IdeaForm, IdeaSaved, Note)
SCREENS = {
    name: screen
    for name, screen in samples.every().items()
    if isinstance(screen, KINDS)
    and not (isinstance(screen, Board) and not screen.hunt.takes_ideas)
    and not (isinstance(screen, IdeaSaved) and not screen.line.text)
    and not (isinstance(screen, IdeaForm) and len(screen.hunts) > 1)
}


def drawn(name: str, host: str, platform: str, lang: str) -> str:
    screen = replace(SCREENS[name], outside=host)
    if platform == "slack":
        said = (
            [draw.view(screen, lang)]
            if isinstance(screen, IdeaForm)
            else [draw.message(screen, lang).blocks, draw.message(screen, lang).fallback_blocks]
        )
        return json.dumps(said, ensure_ascii=False)
    dialog = cards.dialog(screen, lang) if isinstance(screen, IdeaForm) else cards.message(screen, lang).activity()
    return json.dumps(dialog, ensure_ascii=False).replace("\\\\.", ".")


@pytest.mark.parametrize("lang", TOLD)
@pytest.mark.parametrize("platform", ["slack", "teams"])
@pytest.mark.parametrize("name", SCREENS)
def test_the_notice_is_there_when_words_leave_and_only_then(name: str, platform: str, lang: str) -> None:
    assert TOLD[lang] in drawn(name, HOST, platform, lang)
    assert HOST not in drawn(name, "", platform, lang)
    assert TOLD[lang].removesuffix(HOST) not in drawn(name, "", platform, lang)


def test_every_way_in_is_among_these_screens() -> None:
    assert {type(screen) for screen in SCREENS.values()} == set(KINDS)
    phases = {screen.hunt.phase for screen in SCREENS.values() if isinstance(screen, Board)}
    assert {Phase.COLLECTING, Phase.REVEALED} <= phases


@dataclass(frozen=True, slots=True)
class Elsewhere(LexicalThemer):
    """Sends words away, as an endpoint would."""

    outside: str = HOST  # type: ignore[misc]  # the words-only engine keeps them, always

    def place(self, text: str, seeds: Sequence[ThemeSeed]) -> int | None:
        return None


@pytest.mark.parametrize("host", [HOST, ""])
def test_the_board_the_help_the_form_and_every_receipt_carry_the_host_of_the_setting(town: Town, host: str) -> None:
    town = replace(town, core=build_core(town.storage, Elsewhere() if host else LexicalThemer()))
    hunt, karima = town.launch(), town.asker("karima")
    town.post(hunt, "karima", "Une idée par le formulaire")
    shown = [out.screen for out in town.deliver() if isinstance(out.screen, Board)]
    assert shown
    talk = RoomId("D1")
    direct = town.core.incoming.direct(karima, talk, MessageId("1.1"), "Une idée en message direct", town.now)
    again = town.core.incoming.direct(karima, talk, MessageId("1.1"), "Une idée en message direct", town.now)
    typed = town.core.ideas.post_here(karima, ROOM, "Une idée par la commande", "key", town.now)
    form = town.core.ideas.form(karima, ROOM, town.now)
    told = [*shown, direct, typed, form, town.core.hunts.help(karima, ROOM)]
    assert {screen.outside for screen in told if isinstance(screen, KINDS)} == {host}
    assert all(isinstance(screen, KINDS) for screen in (*told, again))
