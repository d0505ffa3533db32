"""What travels inside Slack's fields comes back the same, and what was crafted is refused."""

from __future__ import annotations

import pytest

from bot.domain.errors import StaleForm
from bot.domain.names import HuntId, IdeaNumber, MessageId, RoomId, RoundNumber, ThemeId
from bot.screens import Deed, PileLine
from bot.usecases.requests import TickedPile
from handlers.desk import targets, wire

HUNT = HuntId("0a1b2c3d4e5f")
PACKED = [
    targets.IdeaTarget(HUNT, IdeaNumber(14), "ab" * 16),
    targets.IdeaTarget(HUNT, IdeaNumber(14)),
    targets.RoundTarget(HUNT, RoundNumber(2)),
    targets.PairTarget(HUNT, IdeaNumber(3), IdeaNumber(9)),
    targets.AddTarget(HUNT),
    targets.AddTarget(),
    targets.AddTarget(HUNT, RoomId("D1"), MessageId("1.2")),
    targets.ExportTarget(HUNT, "md"),
    targets.DotsWish(RoundNumber(1), IdeaNumber(7), 2),
    targets.ThemeWish(IdeaNumber(7), ThemeId(3)),
    targets.ThemeWish(IdeaNumber(7), targets.Place.PARK),
    targets.ThemeStep(ThemeId(1), targets.Step.RENAME),
    targets.ThemeStep(ThemeId(1), targets.Step.MERGE, ThemeId(2)),
    wire.ViewState(),
    wire.ViewState(hunt=HUNT, room="C1", round=1, page=3, theme="Café ☕", revision=2, full=True),
]

KINDS = [
    targets.IdeaTarget,
    targets.RoundTarget,
    targets.PairTarget,
    targets.DotsWish,
    targets.ThemeWish,
    targets.ThemeStep,
]
CRAFTED = ["", "x", "h|1e9", "1|2|3|4|5", "h|٣|", "h|99999999999999999999", "1|steal|", "1|merge|", "null"]


@pytest.mark.parametrize("packed", PACKED, ids=str)
def test_what_is_packed_comes_back(packed: targets.IdeaTarget) -> None:
    assert type(packed).unpack(packed.pack()) == packed


@pytest.mark.parametrize(
    "kind",
    [
        targets.IdeaTarget,
        targets.RoundTarget,
        targets.PairTarget,
        targets.DotsWish,
        targets.ThemeWish,
        targets.ThemeStep,
    ],
)
@pytest.mark.parametrize(
    "value", ["", "x", "h|1e9", "1|2|3|4|5", "h|٣|", "h|99999999999999999999", "1|steal|", "1|merge|", "null"]
)
def test_a_crafted_value_is_a_stale_form(kind: type[targets.IdeaTarget], value: str) -> None:
    with pytest.raises(StaleForm):
        kind.unpack(value)


@pytest.mark.parametrize("metadata", ["[", "[]", "null", '{"page":"2"}', '{"page":true}', '{"hunt":1}', "9" * 5000])
def test_crafted_metadata_is_a_stale_form(metadata: str) -> None:
    with pytest.raises(StaleForm):
        wire.ViewState.unpack(metadata)


def test_metadata_of_another_version_still_opens() -> None:
    assert wire.ViewState.unpack('{"page":2,"colour":"red"}') == wire.ViewState(page=2)
    assert wire.ViewState.unpack("") == wire.ViewState()


def test_metadata_too_long_for_slack_is_our_fault() -> None:
    with pytest.raises(ValueError, match="3001"):
        wire.ViewState(token="x" * (3001 - len('{"token":""}'))).pack()


def test_action_ids_come_back_and_foreign_ones_are_nobody() -> None:
    assert [wire.deed_of(wire.deed_action(deed, place)) for deed in Deed for place in (0, 3)] == [
        deed for deed in Deed for _ in range(2)
    ]
    assert [wire.pick_of(wire.pick_action(pick)) for pick in wire.Pick] == list(wire.Pick)
    assert [wire.form_of(wire.callback(form)) for form in wire.Form] == list(wire.Form)
    assert wire.page_of(wire.turn_action(4)) == 4
    assert wire.field_of(wire.block("option:3")) == "option:3"
    for foreign in ("", "deed:", "deed:fly", "pick:vote:1", "turn:", "turn:x", "form:", "field:"):
        assert (wire.deed_of(foreign), wire.pick_of(foreign), wire.form_of(foreign)) == (None, None, None)
        assert (wire.page_of(foreign), wire.field_of(foreign)) == (None, None)


def test_piles_survive_boxes_joined_by_commas() -> None:
    shown = [
        PileLine("Réunion, lundi", (IdeaNumber(3), IdeaNumber(12)), (), ()),
        PileLine("C#", (IdeaNumber(1),), (), ()),
    ]
    joined = ",".join(map(targets.pile_value, shown))
    assert [targets.ticked_pile(value) for value in joined.split(",")] == [
        TickedPile("Réunion, lundi", (IdeaNumber(3), IdeaNumber(12))),
        TickedPile("C#", (IdeaNumber(1),)),
    ]


def test_a_large_pile_names_its_first_ideas_within_what_slack_takes() -> None:
    numbers = tuple(map(IdeaNumber, range(1_001, 1_201)))
    value = targets.pile_value(PileLine("x" * 40, numbers, (), ()))
    assert len(value) <= 150
    again = targets.ticked_pile(value)
    assert (again.label, again.whole) == ("x" * 40, False)
    assert again.ideas == numbers[: len(again.ideas)]
    assert len(again.ideas) > 20


@pytest.mark.parametrize("value", ["", "Réunion", "Réunion#", "Réunion#x", "Réunion#1..2;3", "#+"])
def test_a_crafted_pile_is_refused(value: str) -> None:
    with pytest.raises(StaleForm):
        targets.ticked_pile(value)


def test_a_filter_tells_all_from_a_theme_called_all() -> None:
    assert wire.filter_of(wire.filter_value("")) == ""
    assert wire.filter_of(wire.filter_value("all")) == "all"


def test_problems_are_told_at_their_field_or_at_the_first() -> None:
    shown = ["note", "field:option:1", "field:option:2"]
    assert wire.errors({"option:2": "b", "total": "t"}, shown) == {"field:option:2": "b", "field:option:1": "t"}
    assert wire.errors({"total": "t", "x": "u"}, shown) == {"field:option:1": "t u"}
