"""Every kind of letter, brought by the whole bot to a room or a person, in their language, on both platforms."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from bot.domain.hunt import Standing
from bot.domain.letters import Letter, LetterKind
from bot.domain.names import IdeaNumber
from bot.domain.people import LANGUAGES
from bot.usecases.announcements import notice
from handlers.clock import utc_now
from tests.handlers.contract.conftest import Play
from tests.handlers.contract.ground import GATE, Ground
from tests.handlers.contract.told import known, tells

Story = Callable[[Ground], Awaitable[list[str]]]
"""What was written where the letter went."""


async def boarded(ground: Ground) -> None:
    """The board is there, and known."""

    def there() -> bool:
        with ground.storage.look() as unit:
            return any(place.standing is Standing.LIVE for place in unit.hunts.rooms(ground.tenant, ground.hunt))

    await ground.driver.until(there)


def write(ground: Ground, kind: LetterKind, **more: Any) -> None:
    letter = Letter(ground.tenant, kind, f"{kind}:{uuid4().hex}", utc_now(), hunt=ground.hunt, **more)
    with ground.storage.begin() as unit:
        unit.letters.announce(letter)


async def board(ground: Ground) -> list[str]:
    ground.collecting()
    await boarded(ground)
    return ground.driver.in_room()


async def table(ground: Ground) -> list[str]:
    ground.revealed()
    await boarded(ground)
    await ground.driver.until(lambda: len(ground.driver.in_room()) > 1)
    return ground.driver.in_room()[1:]


async def results(ground: Ground) -> list[str]:
    ground.closed()
    await ground.driver.until(lambda: [one for one in ground.driver.in_room() if GATE in one and "2" in one])
    return ground.driver.in_room()


async def nudge(ground: Ground) -> list[str]:
    reader, ground.lead = ground.lead, ground.other  # whoever facilitates is reminded of nothing
    ground.voting(closes_at=utc_now() + timedelta(days=2))
    ground.lead = reader
    write(ground, LetterKind.NUDGE, person=ground.person(ground.lead), facts={"round": 1})
    return await own(ground)


async def digest(ground: Ground) -> list[str]:
    ground.collecting()
    await boarded(ground)
    since: datetime = utc_now() - timedelta(days=7)
    write(ground, LetterKind.DIGEST, room=ground.room, facts={"since": since.isoformat()})
    await ground.driver.until(lambda: len(ground.driver.in_room()) > 1)
    return ground.driver.in_room()[1:]


async def session(ground: Ground) -> list[str]:
    ground.collecting(next_session=utc_now() + timedelta(days=3))
    await boarded(ground)
    write(ground, LetterKind.SESSION, room=ground.room)
    await ground.driver.until(lambda: len(ground.driver.in_room()) > 1)
    return ground.driver.in_room()[1:]


async def invite(ground: Ground) -> list[str]:
    ground.collecting()
    await boarded(ground)
    with ground.storage.begin() as unit:
        (place,) = unit.hunts.rooms(ground.tenant, ground.hunt)
        unit.hunts.keep_room(replace(place, standing=Standing.UNINVITED))
    write(ground, LetterKind.INVITE, person=ground.person(ground.lead), facts={"room": ground.room})
    return await own(ground)


async def noticed(ground: Ground) -> list[str]:
    ground.collecting()
    with ground.storage.begin() as unit:
        hunt = unit.hunts.get(ground.tenant, ground.hunt)
        notice(unit, hunt, ground.person(ground.lead), "room.gone", utc_now(), once="x", question=hunt.question)
    return await own(ground)


async def export(ground: Ground) -> list[str]:
    ground.revealed()
    ground.core.reports.send_file(ground.me, ground.hunt, "csv", utc_now())
    return await own(ground)


async def own(ground: Ground) -> list[str]:
    """What came to the leader since the case began."""
    before = ground.own_before
    return list(await ground.driver.until(lambda: ground.driver.to(ground.lead)[before:]))


TOLD: dict[LetterKind, tuple[Story, tuple[str, ...]]] = {
    LetterKind.BOARD: (board, ("button.add_idea",)),
    LetterKind.TABLE: (table, ("table.title",)),
    LetterKind.RESULTS: (results, ("results.title",)),
    LetterKind.NUDGE: (nudge, ("nudge.why",)),
    LetterKind.DIGEST: (digest, ("digest.title",)),
    LetterKind.SESSION: (session, ("session.near",)),
    LetterKind.INVITE: (invite, ("launch.invite", "teams.launch.invite")),
    LetterKind.NOTICE: (noticed, ("room.gone",)),
    LetterKind.EXPORT: (export, ("file.here", "file.as_text", "teams.file.offer")),
}
SIGNS = {LetterKind.RECEIPT, LetterKind.UNRECEIPT}
"""No words, but a sign under a message."""


def test_there_is_a_case_for_every_kind_of_letter() -> None:
    assert set(TOLD) | SIGNS == set(LetterKind)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", TOLD)
def test_every_letter_is_brought(play: Play, kind: LetterKind, language: str) -> None:
    async def case(ground: Ground) -> None:
        story, keys = TOLD[kind]
        await ground.driver.type(language, "help")  # Teams tells somebody's language when they speak, and never before
        ground.own_before = len(ground.driver.to(language))
        said = "\n".join(await story(ground))
        assert any(tells(said, key, language) for key in keys), (known(said, language), said)

    play(case, language)


def test_a_reply_under_the_board_is_marked_and_loses_its_mark_when_it_is_withdrawn(play: Play) -> None:
    async def case(ground: Ground) -> None:
        ground.collecting()
        await boarded(ground)
        said = await ground.driver.answer_board("zoe", "A bench beside the old pond")
        await ground.driver.until(lambda: ground.driver.marked(said))
        ground.core.ideas.withdraw(ground.asker("zoe"), ground.hunt, IdeaNumber(4), "", utc_now())
        await ground.driver.until(lambda: not ground.driver.marked(said))

    play(case)
