"""What Slack accepts in a message, a modal and a home page: block surfaces, counts and sizes.

Source: slack.md §1.3 and reliability.md §3.1 of the design, which quote Slack's reference.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache

from standins.slack.elements import (
    EVERYWHERE,
    HOME,
    IMAGE,
    IN_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    MESSAGE,
    MODAL,
    element,
)
from standins.slack.schema import (
    TYPE,
    Findings,
    Rule,
    any_of_types,
    anything,
    boolean,
    both,
    free,
    integer,
    items,
    number,
    one_of,
    plain,
    shape,
    string,
    text,
    unique,
)
from standins.slack.wire import Json

MOST_BLOCKS: Mapping[str, int] = {MESSAGE: 50, MODAL: 100, HOME: 100}
TABLES = frozenset({"table", "data_table"})
MOST_CHARTS = 2
MOST_MARKDOWN = 12_000
MOST_IN_TABLE: Mapping[str, int] = {"table": 10_000, "data_table": 20_000}
VIEW_BYTES = 250_000
MESSAGE_TEXT = 40_000
UPDATE_TEXT = 4_000
NAMED: Mapping[str, Rule] = {"block_id": string(255)}
ONLY_MESSAGE = frozenset({MESSAGE})
PLACES: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("context_actions", "markdown", "table", "data_table", "plan", "task_card"), ONLY_MESSAGE),
    **dict.fromkeys(("data_visualization", "container", "card", "carousel"), frozenset({MESSAGE, HOME})),
    "alert": frozenset({MODAL}),
}
CHILDREN = ("section", "actions", "context", "divider", "header", "image")


def _text_or_fields(findings: Findings, block: Json, at: str) -> None:
    if "text" not in block and "fields" not in block:
        findings.add(at, "must provide text or fields")


def _one_primary(findings: Findings, block: Json, at: str) -> None:
    primary = [each for each in block["elements"] if isinstance(each, dict) and each.get("style") == "primary"]
    if len(primary) > 1:
        findings.add(at, "only one primary button is allowed in a set")


def _rectangular(findings: Findings, block: Json, at: str) -> None:
    rows = [row for row in block["rows"] if isinstance(row, list)]
    if len({len(row) for row in rows}) > 1:
        findings.add(f"{at}/rows", "every row must have the same number of cells")
    if rows and any(isinstance(cell, dict) and cell.get("type") == "rich_text" for cell in rows[0]):
        findings.add(f"{at}/rows/0", "header cells cannot be rich_text")


def _collapsible_first(findings: Findings, block: Json, at: str) -> None:
    if "title" not in block and "rich_text_title" not in block:
        findings.add(at, "must provide title or rich_text_title")
    if block.get("default_collapsed") and not block.get("is_collapsible"):
        findings.add(at, "default_collapsed requires is_collapsible")


def _labels_are_categories(findings: Findings, chart: Json, at: str) -> None:
    categories = chart["axis_config"].get("categories", []) if isinstance(chart["axis_config"], dict) else []
    for index, series in enumerate(chart["series"] if isinstance(chart["series"], list) else []):
        labels = [point.get("label") for point in series.get("data", []) if isinstance(point, dict)]
        if sorted(map(str, labels)) != sorted(map(str, categories)):
            findings.add(f"{at}/series/{index}/data", "labels must match the categories")


def _distinct(findings: Findings, value: object, at: str) -> None:
    if isinstance(value, list) and len({str(each) for each in value}) < len(value):
        findings.add(at, "duplicate category")


LABEL = string(20, 1)
POINT = shape({"label": LABEL, "value": number})
LABELS = both(items(LABEL, 1, 20), _distinct)
AXES = shape({"categories": LABELS}, {"x_label": string(50), "y_label": string(50)})
SERIES = both(
    items(shape({"name": LABEL, "data": items(POINT, 1, 20)}), 1, 6), unique(lambda s: s.get("name"), "series name")
)
PLOT = shape({**TYPE, "series": SERIES, "axis_config": AXES}, {}, _labels_are_categories)
CHART = any_of_types(
    {"pie": shape({**TYPE, "segments": items(POINT, 1, 6)}), "bar": PLOT, "line": PLOT, "area": PLOT}, "chart"
)
CELL = any_of_types(
    {
        "raw_text": shape({**TYPE, "text": string(None, 1)}),
        "raw_number": shape({**TYPE, "value": number, "text": string(None, 1)}),
        "rich_text": free("elements"),
    },
    "cell",
)
TASK = shape(
    {**TYPE, "task_id": string(), "title": anything},
    {"details": free(), "output": free(), "sources": anything, **NAMED,
     "status": one_of("pending", "in_progress", "complete", "error")},
)  # fmt: skip


def _card(surface: str) -> Rule:
    return shape(
        TYPE,
        {**NAMED, "title": text(150), "subtitle": text(150), "body": text(200), "icon": IMAGE, "hero_image": IMAGE,
         "actions": items(element(surface, ("button",)), 1, 25)},
    )  # fmt: skip


def _rules(surface: str) -> dict[str, Rule]:
    words: Mapping[str, Rule] = {"plain_text": plain(3000), "mrkdwn": text(3000)}
    return {
        "section": shape(TYPE, {**NAMED, "text": text(3000), "fields": items(text(2000), 1, 10), "expand": boolean,
                                "accessory": element(surface, IN_SECTION)}, _text_or_fields),
        "header": shape({**TYPE, "text": plain(150)}, {**NAMED, "level": integer(1, 4)}),
        "divider": shape(TYPE, NAMED),
        "image": shape({**TYPE, "alt_text": string(2000, 1)},
                       {**NAMED, "image_url": string(3000), "slack_file": free(), "title": plain(2000)}),
        "actions": shape({**TYPE, "elements": items(element(surface, IN_ACTIONS), 1, 25)}, NAMED, _one_primary),
        "context": shape({**TYPE, "elements": items(element(surface, ("image",), words), 1, 10)}, NAMED),
        "context_actions": shape(
            {**TYPE, "elements": items(element(surface, ("feedback_buttons", "icon_button")), 1, 5)}, NAMED),
        "markdown": shape({**TYPE, "text": string(MOST_MARKDOWN, 1)}, NAMED),
        "rich_text": shape({**TYPE, "elements": items(free("type"), 1, 1000)}, NAMED),
        "input": shape({**TYPE, "label": plain(2000), "element": element(surface, IN_INPUT)},
                       {**NAMED, "hint": plain(2000), "optional": boolean, "dispatch_action": boolean}),
        "alert": shape({**TYPE, "text": text(3000)},
                       {**NAMED, "level": one_of("default", "info", "warning", "error", "success")}),
        "table": shape({**TYPE, "rows": items(items(CELL, 1, 20), 1, 100)},
                       {**NAMED, "column_settings": items(anything, 0, 20)}),
        "data_table": shape({**TYPE, "caption": string(None, 1), "rows": items(items(CELL, 1, 20), 2, 201)},
                            {**NAMED, "page_size": integer(1, 100), "row_header_column_index": integer(0, 19)},
                            _rectangular),
        "data_visualization": shape({**TYPE, "title": string(50, 1), "chart": CHART}, NAMED),
        "card": _card(surface),
        "carousel": shape({**TYPE, "elements": items(_card(surface), 1, 10)}, NAMED),
        "plan": shape({**TYPE, "title": anything}, {**NAMED, "tasks": items(TASK, 0, 50)}),
        "task_card": TASK,
    }  # fmt: skip


@cache
def block_rule(surface: str) -> Rule:
    """Build the rule of a block on a surface: `message`, `modal` or `home`."""
    rules = _rules(surface)
    inside = any_of_types({name: rules[name] for name in CHILDREN}, "child of a container")
    rules["container"] = shape(
        {**TYPE, "child_blocks": items(inside, 1, 10)},
        {**NAMED, "title": plain(150), "subtitle": text(150), "rich_text_title": free(), "icon": IMAGE,
         "width": one_of("narrow", "standard", "wide", "full"), "is_collapsible": boolean,
         "default_collapsed": boolean, "has_header_divider": boolean},
        _collapsible_first,
    )  # fmt: skip
    borne = {name: rule for name, rule in rules.items() if surface in PLACES.get(name, EVERYWHERE)}
    return any_of_types(borne, f"block of a {surface}")


def flat(blocks: list[Json]) -> Iterator[Json]:
    """Walk the blocks and those inside containers and carousels: all count, all must be unique."""
    for block in blocks:
        if isinstance(block, dict):
            yield block
            for inside in ("child_blocks", "elements"):
                if block.get("type") in {"container", "carousel"} and isinstance(block.get(inside), list):
                    yield from flat(block[inside])


def interactive(block: Json) -> Iterator[Json]:
    """List the elements of one block that carry an `action_id`."""
    candidates = [block.get("accessory"), block.get("element"), *(block.get("elements") or [])]
    candidates += block.get("actions") or []
    yield from (e for e in candidates if isinstance(e, dict) and ("action_id" in e or e.get("type") == "button"))


def _no_twins(findings: Findings, blocks: list[Json]) -> None:
    names = [block["block_id"] for block in flat(blocks) if block.get("block_id")]
    for twin in sorted({str(name) for name in names if names.count(name) > 1} if len(set(names)) < len(names) else ()):
        findings.add("/blocks", f"block_id {twin} already exists")
    for block in flat(blocks):
        ids = [each.get("action_id") for each in interactive(block) if each.get("action_id")]
        if len(set(ids)) < len(ids):
            findings.add("/blocks", "action_id already exists in this block")


def _cell_characters(block: Json) -> int:
    return sum(len(str(cell.get("text", ""))) for row in block.get("rows", []) for cell in row)


def _totals(findings: Findings, blocks: list[Json]) -> None:
    kinds = [block.get("type") for block in flat(blocks)]
    if kinds.count("data_visualization") > MOST_CHARTS:
        findings.add("/blocks", f"no more than {MOST_CHARTS} data_visualization blocks allowed")
    if sum(len(str(b.get("text"))) for b in blocks if b.get("type") == "markdown") > MOST_MARKDOWN:
        findings.add("/blocks", f"markdown blocks must be less than {MOST_MARKDOWN + 1} characters together")
    for block in blocks:
        if (most := MOST_IN_TABLE.get(str(block.get("type")))) and _cell_characters(block) > most:
            findings.add("/blocks", f"table must be less than {most + 1} characters")


def faults_of_blocks(blocks: object, surface: str) -> list[str]:
    """List what Slack would not accept in these blocks on this surface; empty when all is well."""
    findings = Findings()
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        findings.add("/blocks", "must be an array of objects")
        return findings.messages
    if len(list(flat(blocks))) > MOST_BLOCKS[surface]:
        findings.add("/blocks", f"no more than {MOST_BLOCKS[surface]} items allowed")
    rule = block_rule(surface)
    for index, block in enumerate(blocks):
        rule(findings, block, f"/blocks/{index}")
    if not findings.messages:
        _no_twins(findings, blocks)
        _totals(findings, blocks)
    return findings.messages


def tables_in(blocks: list[Json]) -> int:
    """Count the blocks of the table family: a message may hold one."""
    return sum(block.get("type") in TABLES for block in flat(blocks))


BLOCKS_AND_NAMES: Mapping[str, Rule] = {
    "callback_id": string(255), "private_metadata": string(3000), "external_id": string(255),
}  # fmt: skip
MODAL_RULE = shape(
    {**TYPE, "title": plain(24), "blocks": anything},
    {**BLOCKS_AND_NAMES, "close": plain(24), "submit": plain(24), "clear_on_close": boolean,
     "notify_on_close": boolean, "submit_disabled": boolean},
)  # fmt: skip
HOME_RULE = shape({**TYPE, "blocks": anything}, BLOCKS_AND_NAMES)


def _submit_with_inputs(findings: Findings, view: Json) -> None:
    asks = any(block.get("type") == "input" for block in view["blocks"])
    if view["type"] == MODAL and asks and "submit" not in view:
        findings.add("/view", "missing required field: submit, as the view has inputs")


def faults_of_view(view: object, surface: str) -> list[str]:
    """List what Slack would not accept in this view, a `modal` or a `home`; empty when all is well."""
    findings = Findings()
    if not isinstance(view, dict) or view.get("type") != surface:
        findings.add("/view/type", f"must be a {surface} view")
        return findings.messages
    (MODAL_RULE if surface == MODAL else HOME_RULE)(findings, view, "/view")
    found = findings.messages + faults_of_blocks(view.get("blocks"), surface)
    if not found:
        _submit_with_inputs(findings, view)
    return found or findings.messages


def weight(view: Json) -> int:
    """Weigh a view as sent, in bytes."""
    return len(json.dumps(view, ensure_ascii=False).encode())
