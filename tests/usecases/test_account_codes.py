"""The code that makes two accounts one person: good for one account, and harmless when it is delivered twice."""

from __future__ import annotations

import pytest

from bot.domain.errors import BadCode
from bot.screens import Note
from tests.usecases.town import Town

OTHER_ANNA = "00000000-0000-4000-8000-000000000001"
BEN = "00000000-0000-4000-8000-000000000002"


def in_teams(person: str) -> bool:
    return "-" in person


def code_of(town: Town, who: str) -> str:
    return str(town.core.rooms.account_code(town.asker(who), town.now).facts["code"].text)  # type: ignore[union-attr]


def typed(town: Town, who: str, code: str) -> Note:
    return town.core.rooms.link(town.asker(who), code, town.now, in_teams)


def test_a_code_typed_twice_is_answered_twice_alike(town: Town) -> None:
    code = code_of(town, "anna")
    first = typed(town, OTHER_ANNA, code)
    assert typed(town, OTHER_ANNA, code) == first == Note("link.done")
    assert typed(town, "anna", code) == first  # as the account is known from now on
    assert town.core.rooms.accounts(town.asker("anna").tenant) == {OTHER_ANNA: "anna"}


def test_a_code_is_good_for_one_account(town: Town) -> None:
    code = code_of(town, "anna")
    typed(town, OTHER_ANNA, code)
    for stranger in (BEN, "carl"):
        with pytest.raises(BadCode):
            typed(town, stranger, code)
    town.wait(minutes=15)
    with pytest.raises(BadCode):
        typed(town, OTHER_ANNA, code)
    assert town.core.rooms.accounts(town.asker("anna").tenant) == {OTHER_ANNA: "anna"}


def test_ones_own_code_and_the_code_of_a_link_undone_since_link_nobody(town: Town) -> None:
    code = code_of(town, "anna")
    with pytest.raises(BadCode):
        typed(town, "anna", code)
    typed(town, OTHER_ANNA, code)
    assert town.core.rooms.unlink(town.asker("anna"), town.now) == Note("unlink.done")
    for who in ("anna", OTHER_ANNA):
        with pytest.raises(BadCode):
            typed(town, who, code)
    assert town.core.rooms.accounts(town.asker("anna").tenant) == {}
