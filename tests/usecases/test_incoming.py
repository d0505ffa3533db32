"""Messages around a hunt: nothing is kept of what people say elsewhere, and a receipt comes back with its idea."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from bot.domain.hunt import Capture, Names
from bot.domain.names import HuntId, IdeaNumber, MessageId
from tests.usecases.town import ROOM, TENANT, Town


def traces(town: Town) -> int:
    with town.storage.look() as unit:
        return int(unit.ideas.connection.execute(text("SELECT count(*) FROM message_trace")).scalar_one())


def edit_and_delete(town: Town, thread: str | None = None) -> None:
    edited = town.heard("didier", "Lunch at noon, as always?", "m1", thread=thread, edited="5")
    town.core.incoming.edited(edited, now=town.now)
    town.core.incoming.gone(TENANT, ROOM, MessageId("m2"), now=town.now)


def test_nothing_is_kept_of_edits_and_deletions_where_no_hunt_was_ever_launched(town: Town) -> None:
    edit_and_delete(town)
    assert traces(town) == 0


@pytest.mark.parametrize("rules", [{}, {"capture": Capture.FORM}, {"names": Names.NONE, "capture": Capture.CHANNEL}])
def test_an_edit_that_no_hunt_listens_to_leaves_no_words_behind(town: Town, rules: dict[str, object]) -> None:
    town.launch(**rules)
    edit_and_delete(town)
    with town.storage.look() as unit:
        assert unit.ideas.trace(TENANT, ROOM, MessageId("m1")) is None


def test_nothing_is_kept_of_edits_and_deletions_after_the_close(town: Town) -> None:
    hunt = town.launch()
    town.core.hunts.close(town.asker("ines"), hunt, now=town.now)
    edit_and_delete(town, thread="board1")
    assert traces(town) == 0


def test_the_receipt_comes_back_with_its_idea(town: Town) -> None:
    hunt = town.launch()
    town.core.incoming.heard(town.heard("karima", "Fence a field for the dogs.", "m1"), now=town.now)
    one: tuple[HuntId, IdeaNumber, str] = (hunt, IdeaNumber(1), "")
    signs = [out.remove for out in town.deliver() if out.reaction]
    for change in (town.core.ideas.withdraw, town.core.ideas.restore, town.core.ideas.withdraw):
        change(town.asker("karima"), *one, now=town.now)
        signs += [out.remove for out in town.deliver() if out.reaction]
    assert signs == [False, True, False, True]
