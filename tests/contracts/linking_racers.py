"""What processes do when they race over one person's accounts: vote with each, link them, undo the link."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.domain.errors import Refusal
from bot.domain.names import IdeaNumber, PersonId
from bot.domain.people import Asker
from bot.theming import LexicalThemer
from bot.usecases import Core, build_core
from bot.usecases.requests import BallotView
from storage.sql import SqlStorage
from tests.contracts.samples import ACME, HUNT, NOW, a_round

OPTIONS = 4


def ours(id: str) -> bool:
    """Whether an account is one of the platform where codes are typed."""
    return id.startswith("T")


def _tried(storage: SqlStorage, deed: Callable[[], object]) -> str:
    """What came of it, as a running bot does it: deadlocks tried again, a refusal is what it is."""
    try:
        storage.submit(deed).result()
    except Refusal as refused:
        return type(refused).__name__
    return ""


def vote_as(storage: SqlStorage, people: Sequence[str]) -> list[str]:
    """Every person wishes two dots on each option in turn, more than anybody has; what each wish was refused with."""
    core = build_core(storage, LexicalThemer())
    return [
        _tried(storage, lambda p=person, o=option: _wish(core, p, o, NOW))
        for person in people
        for option in range(1, OPTIONS + 1)
    ]


def _wish(core: Core, person: str, option: int, now: datetime) -> None:
    number, action = IdeaNumber(option), f"{person}:{option}"
    core.ballots.wish(Asker(ACME, PersonId(person)), HUNT, a_round().number, number, 2, action, BallotView(), now)


def link_all(storage: SqlStorage, codes: Sequence[tuple[str, str]]) -> list[str]:
    """Each account types the code of its person; what was refused."""
    core = build_core(storage, LexicalThemer())
    return [
        _tried(storage, lambda a=account, c=code: core.rooms.link(Asker(ACME, PersonId(a)), c, NOW, ours))
        for account, code in codes
    ]


def unlink_all(storage: SqlStorage, people: Sequence[str]) -> list[str]:
    """Each person undoes their link; what was refused."""
    core = build_core(storage, LexicalThemer())
    return [_tried(storage, lambda p=person: core.rooms.unlink(Asker(ACME, PersonId(p)), NOW)) for person in people]
