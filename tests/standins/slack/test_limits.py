"""What Slack refuses in blocks and views, one fault a line."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from standins.slack import SlackStandin
from standins.slack.limits import faults_of_blocks, faults_of_view, tables_in
from tests.standins.slack.opened import MANIFEST, actions, button, client_of, menu, modal, question, refusal, section

Block = dict[str, Any]


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def chart(labels: list[str], categories: list[str] | None = None, **more: Any) -> Block:
    data = [{"label": label, "value": 1} for label in labels]
    plot = {"type": "bar", "series": [{"name": "Dots", "data": data}],
            "axis_config": {"categories": labels if categories is None else categories}}  # fmt: skip
    return {"type": "data_visualization", "title": "Top", "chart": plot, **more}


def table(rows: int, columns: int = 2, **more: Any) -> Block:
    cells = [[{"type": "raw_text", "text": "x"}] * columns] * rows
    return {"type": "data_table", "caption": "Ideas", "rows": cells, **more}


def container(*children: Block, **more: Any) -> Block:
    return {"type": "container", "title": plain("Theme"), "child_blocks": list(children), **more}


def option(text: str = "One", value: str = "1", **more: Any) -> Block:
    return {"text": plain(text), "value": value, **more}


def select(*options: Block, **more: Any) -> Block:
    return actions({"type": "static_select", "action_id": "s", "options": list(options), **more})


def accessory(element: Block) -> Block:
    return section() | {"accessory": element}


CONFIRM = {"title": plain("Sure?"), "text": plain("Really"), "confirm": plain("Yes"), "deny": plain("No")}
GOOD_ON_A_MESSAGE: dict[str, Block] = {
    "section": section("x" * 3000),
    "fields": {"type": "section", "fields": [plain("a")] * 10},
    "header": {"type": "header", "text": plain("x" * 150)},
    "divider": {"type": "divider"},
    "buttons": actions(button("x" * 75, value="v" * 2000, style="primary", confirm=CONFIRM)),
    "facilitators' button": actions(button(visible_to_user_ids=["U1"], accessibility_label="x" * 75)),
    "context": {"type": "context", "elements": [plain("a"), {"type": "mrkdwn", "text": "b"}]},
    "container": container(section(), {"type": "divider"}, is_collapsible=True, default_collapsed=True),
    "chart": chart(["#1 Solar", "#2 Wind"]),
    "pie": {"type": "data_visualization", "title": "Top",
            "chart": {"type": "pie", "segments": [{"label": "a", "value": 1.5}]}},
    "table": table(201, 20, page_size=10),
    "menu": accessory(menu("a", "b", initial_option=option("A", "a"))),
    "overflow": accessory({"type": "overflow", "action_id": "o", "options": [option(), option("Two", "2")]}),
    "markdown": {"type": "markdown", "text": "# x"},
    "input": question(),
    "moment": actions({"type": "datetimepicker", "action_id": "d", "initial_date_time": 1795000000}),
}  # fmt: skip


@pytest.mark.parametrize("name", GOOD_ON_A_MESSAGE)
def test_accepts_on_a_message(name: str) -> None:
    assert faults_of_blocks([GOOD_ON_A_MESSAGE[name]], "message") == []


BAD_ON_A_MESSAGE: dict[str, tuple[Block, str]] = {
    "unknown block": ({"type": "poster"}, "unsupported type: poster"),
    "alert": ({"type": "alert", "text": plain("x")}, "unsupported type: alert"),
    "unknown property": (section() | {"colour": "blue"}, "invalid additional property: colour"),
    "section of 3001 characters": (section("x" * 3001), "less than 3001"),
    "empty section": (section(""), "more than 0"),
    "section of nothing": ({"type": "section"}, "must provide text or fields"),
    "eleven fields": ({"type": "section", "fields": [plain("a")] * 11}, "no more than 10 items"),
    "long field": ({"type": "section", "fields": [plain("x" * 2001)]}, "less than 2001"),
    "header of 151 characters": ({"type": "header", "text": plain("x" * 151)}, "less than 151"),
    "mrkdwn header": ({"type": "header", "text": {"type": "mrkdwn", "text": "x"}}, "is no plain text"),
    "26 buttons": (actions(*[button(action_id=str(i)) for i in range(26)]), "no more than 25"),
    "no button": (actions(), "no less than 1"),
    "two primary buttons": (
        actions(button(style="primary"), button(style="primary", action_id="b")), "only one primary"),
    "unknown style": (actions(button(style="green")), "must be one of primary, danger"),
    "button of 76 characters": (actions(button("x" * 76)), "less than 76"),
    "value of 2001 characters": (actions(button(value="x" * 2001)), "less than 2001"),
    "long action_id": (actions(button(action_id="x" * 256)), "less than 256"),
    "long block_id": (section() | {"block_id": "x" * 256}, "less than 256"),
    "twin action_id": (actions(button(), button("Other")), "action_id already exists"),
    "long confirmation": (actions(button(confirm=CONFIRM | {"text": plain("x" * 301)})), "less than 301"),
    "confirmation without refusal": (
        actions(button(confirm={k: v for k, v in CONFIRM.items() if k != "deny"})), "missing required field: deny"),
    "eleven in context": ({"type": "context", "elements": [plain("a")] * 11}, "no more than 10"),
    "button in context": ({"type": "context", "elements": [button()]}, "unsupported type: button"),
    "101 options": (select(*[option("x", str(i)) for i in range(101)]), "no more than 100"),
    "option of 76 characters": (select(option("x" * 76)), "less than 76"),
    "option value of 151 characters": (select(option("x", "v" * 151)), "less than 151"),
    "option description of 76 characters": (select(option(description=plain("x" * 76))), "less than 76"),
    "twin options": (select(option(), option("Uno")), "duplicate option value"),
    "select without options": (actions({"type": "static_select", "action_id": "s"}), "options or option_groups"),
    "initial option that is none": (select(option(), initial_option=option("Two", "2")), "one of the options"),
    "one option in overflow": (accessory({"type": "overflow", "options": [option()]}), "no less than 2"),
    "six options in overflow": (
        accessory({"type": "overflow", "options": [option("x", str(i)) for i in range(6)]}), "no more than 5"),
    "eleven checkboxes": (
        actions({"type": "checkboxes", "options": [option("x", str(i)) for i in range(11)]}), "no more than 10"),
    "number in a message": (
        question() | {"element": {"type": "number_input", "is_decimal_allowed": False}}, "number_input"),
    "rich text input in a message": (question() | {"element": {"type": "rich_text_input"}}, "rich_text_input"),
    "empty date": (actions({"type": "datepicker", "initial_date": "24/11/2026"}), "must match"),
    "eleven in a container": (container(*[section()] * 11), "no more than 10"),
    "input in a container": (container(question()), "unsupported type: input"),
    "container in a container": (container(container(section())), "unsupported type: container"),
    "container without title": ({"type": "container", "child_blocks": [section()]}, "title or rich_text_title"),
    "collapsed but not collapsible": (container(section(), default_collapsed=True), "requires is_collapsible"),
    "container title of 151 characters": (container(section(), title=plain("x" * 151)), "less than 151"),
    "chart title of 51 characters": (chart(["a"], title="x" * 51), "less than 51"),
    "chart label of 21 characters": (chart(["x" * 21]), "less than 21"),
    "21 categories": (chart([str(i) for i in range(21)]), "no more than 20"),
    "labels that are no categories": (chart(["a"], ["b"]), "labels must match the categories"),
    "twin categories": (chart(["a", "a"]), "duplicate category"),
    "seven segments": (
        {"type": "data_visualization", "title": "t",
         "chart": {"type": "pie", "segments": [{"label": str(i), "value": 1} for i in range(7)]}}, "no more than 6"),
    "table of 202 rows": (table(202), "no more than 201"),
    "table of a header": (table(1), "no less than 2"),
    "table of 21 columns": (table(2, 21), "no more than 20"),
    "table without caption": (
        {k: v for k, v in table(2).items() if k != "caption"}, "missing required field: caption"),
    "table of 101 rows a page": (table(2, page_size=101), "between 1 and 100"),
    "ragged table": (table(2) | {"rows": [*table(1)["rows"], *table(1, 3)["rows"]]}, "same number of cells"),
    "table of 20001 characters": (
        table(2) | {"rows": [[{"type": "raw_text", "text": "x" * 10_001}]] * 2}, "less than 20001"),
    "rich header": (
        table(2) | {"rows": [[{"type": "rich_text", "elements": []}], [{"type": "raw_text", "text": "x"}]]},
        "cannot be rich_text"),
    "number without text": (
        table(2) | {"rows": [[{"type": "raw_number", "value": 1}]] * 2}, "missing required field: text"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_ON_A_MESSAGE)
def test_refuses_on_a_message(name: str) -> None:
    block, sentence = BAD_ON_A_MESSAGE[name]
    assert sentence in " ".join(faults_of_blocks([block], "message"))


def test_refuses_51_blocks_and_counts_those_inside() -> None:
    assert faults_of_blocks([section()] * 50, "message") == []
    assert "no more than 50" in faults_of_blocks([section()] * 51, "message")[0]
    assert "no more than 50" in faults_of_blocks([container(*[section()] * 10)] * 5, "message")[0]


def test_refuses_twin_block_ids_even_inside_a_container() -> None:
    twins = [section() | {"block_id": "a"}, container(section() | {"block_id": "a"})]
    assert "block_id a already exists" in faults_of_blocks(twins, "message")[0]


def test_refuses_a_third_chart() -> None:
    assert faults_of_blocks([chart(["a"])] * 2, "message") == []
    assert "no more than 2 data_visualization" in faults_of_blocks([chart(["a"])] * 3, "message")[0]


def test_counts_markdown_over_the_whole_message() -> None:
    half = {"type": "markdown", "text": "x" * 6001}
    assert "12001" in faults_of_blocks([half, half], "message")[0]


def test_a_message_holds_one_table() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            slack.forgive("invalid_blocks")
            room, client = slack.channel("room", bot_member=True), client_of(slack)
            assert tables_in([table(2)]) == 1
            two = client.chat_postMessage(channel=room.id, text="x", blocks=[table(2), table(2)])
            assert await refusal(two) == "invalid_attachments"

    asyncio.run(main())


def test_refused_blocks_are_pointed_at_and_held_against_the_app() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            room = slack.channel("room", bot_member=True)
            posting = client_of(slack).chat_postMessage(channel=room.id, text="x", blocks=[section("")])
            assert await refusal(posting) == "invalid_blocks"
            answer = slack.calls[-1].answer
            assert answer is not None
            assert "[json-pointer:/blocks/0/text/text]" in answer["response_metadata"]["messages"][0]
            assert [violation.kind for violation in slack.violations] == ["invalid_blocks"]
            slack.forgive("invalid_blocks")

    asyncio.run(main())


def test_a_table_or_a_chart_has_no_place_in_a_modal() -> None:
    for block in (table(2), chart(["a"]), container(section()), {"type": "markdown", "text": "x"}):
        assert f"unsupported type: {block['type']}" in faults_of_blocks([block], "modal")[0]


def test_a_home_page_bears_charts_and_containers_but_no_table() -> None:
    assert faults_of_blocks([chart(["a"]), container(section()), section()], "home") == []
    assert faults_of_blocks([table(2)], "home") != []
    assert faults_of_blocks([{"type": "alert", "text": plain("x")}], "home") != []


BAD_MODALS: dict[str, tuple[Block, str]] = {
    "title of 25 characters": (modal(title=plain("x" * 25)), "less than 25"),
    "submit of 25 characters": (modal(submit=plain("x" * 25)), "less than 25"),
    "private_metadata of 3001 characters": (modal(private_metadata="x" * 3001), "less than 3001"),
    "callback_id of 256 characters": (modal(callback_id="x" * 256), "less than 256"),
    "101 blocks": (modal(*[section()] * 101), "no more than 100"),
    "inputs without submit": ({k: v for k, v in modal().items() if k != "submit"}, "submit"),
    "no title": ({k: v for k, v in modal().items() if k != "title"}, "missing required field: title"),
    "unknown property": (modal(colour="blue"), "invalid additional property"),
    "home": (modal() | {"type": "home"}, "must be a modal"),
    "text of 3001 characters": (
        modal(question() | {"element": {"type": "plain_text_input", "max_length": 3001}}), "between 1 and 3000"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_MODALS)
def test_refuses_a_modal(name: str) -> None:
    view, sentence = BAD_MODALS[name]
    assert sentence in " ".join(faults_of_view(view, "modal"))


def test_accepts_a_modal_with_alert_numbers_and_a_hundred_blocks() -> None:
    number = question() | {"element": {"type": "number_input", "is_decimal_allowed": False, "min_value": "0"}}
    alert = {"type": "alert", "text": plain("All dots used."), "level": "success"}
    assert faults_of_view(modal(alert, number, *[section()] * 98), "modal") == []


def test_blocks_are_validated_for_anybody() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            slack.forgive("invalid_blocks")
            client = client_of(slack, "")
            assert (await client.blocks_validate(blocks=[section()]))["ok"]
            assert await refusal(client.blocks_validate(blocks=[section("")])) == "invalid_blocks"

    asyncio.run(main())
