"""The second scene: ideas revealed by the clock, sorted by theme, similar ones merged by people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from standins.play.stage import NotSeen, Stage, buttons, letters
from standins.slack import Message, View

ASIDE = ("E1", "E6")
"""What a facilitator sets aside: off topic, and the loud one."""


@dataclass(frozen=True, slots=True)
class Row:
    """One idea of the sorting form: its number, its words, where it is, and where it may go (value by name)."""

    number: int
    text: str
    chosen: str
    places: dict[str, str]


async def reveal(stage: Stage) -> None:
    """The deadline comes; the board shows the ideas."""
    _expect_nothing_shown(stage)
    await stage.at(stage.day.moments["reveal"])
    stage.heading("reveal")
    stage.strikes("reveal")
    first = letters(stage.day.lines[0].text)
    await stage.until(lambda: _anywhere(stage, first), "the ideas on the board")
    stage.read(stage.board.visible_text, 4)
    _expect_nobody_called(stage)


def _anywhere(stage: Stage, text: str) -> bool:
    return text in letters(stage.room.visible_text(stage.board))


def _expect_nothing_shown(stage: Stage) -> None:
    """Before the reveal, nothing the bot says in the room holds an idea's words."""
    told = letters(" ".join(message.visible_text for message in _by_the_bot(stage)))
    shown = [line.key for line in stage.day.lines if letters(line.text) in told]
    if shown:
        stage.findings.append(f"shown before the reveal: {', '.join(shown)}")


def _expect_nobody_called(stage: Stage) -> None:
    called = [ping for message in _by_the_bot(stage) for ping in message.pings if ping.startswith("<!")]
    if called:
        stage.findings.append(f"a message of the bot calls {', '.join(called)}")


def _by_the_bot(stage: Stage) -> Iterator[Message]:
    thread = stage.room.thread(stage.board)
    yield from (message for message in (*stage.room.messages, *thread) if message.bot_id)


async def sort(stage: Stage) -> None:
    """A facilitator puts every idea where it belongs, and what is off topic aside."""
    who = stage.day.helpers[0]
    word = {"fr": "trier", "en": "sort"}[stage.day.language]
    await stage.at(stage.day.moments["group"])
    view = await stage.form(who, await stage.type(who, word))
    moved = parked = page = 0
    while True:
        page += 1
        for row in list(rows(view)):
            wanted = _wanted(stage, row)
            if wanted and row.chosen != wanted:
                await _put(stage, view, row, wanted)
                parked += wanted.endswith("|park")
                moved += not wanted.endswith("|park")
        if not await turn(stage, who, view, page + 1):
            break
    await stage.leave(who)
    stage.did(who, "sort", moved=moved, parked=parked)
    missing = [line.key for line in stage.day.lines if line.key not in stage.numbers]
    if missing:
        raise NotSeen(f"in the sorting form: {', '.join(missing)}")
    await stage.calm()


def rows(view: View) -> Iterator[Row]:
    """The ideas of the page."""
    for block in view.blocks:
        accessory = block.get("accessory", {})
        if accessory.get("action_id") == "pick:theme_of":
            chosen = accessory["initial_option"]["value"]
            places = {option["text"]["text"]: option["value"] for option in accessory["options"]}
            yield Row(int(chosen.split("|")[0]), block["text"]["text"], chosen, places)


def _wanted(stage: Stage, row: Row) -> str | None:
    """The value of the place an idea belongs to; remembers its number."""
    read = letters(row.text)
    for line in stage.day.lines:
        if letters(line.text) in read:
            stage.numbers[line.key] = row.number
            name = stage.day.themes.get(line.theme, "")
            return next((value for shown, value in row.places.items() if name and _same(shown, name)), None)
    aside = any(letters(stage.day.edges.get(key, "?"))[:24] in read for key in ASIDE)
    return f"{row.number}|park" if aside else None


def _same(shown: str, name: str) -> bool:
    cut = shown.rstrip("…").strip()
    return bool(cut) and name.startswith(cut)


async def _put(stage: Stage, view: View, row: Row, wanted: str) -> None:
    who = stage.day.helpers[0]
    await stage.hands[who].choose(view, "pick:theme_of", wanted)
    await stage.until(lambda: any(now.chosen == wanted for now in rows(view)), f"idea {row.number} moved")


async def turn(stage: Stage, who: str, view: View, page: int) -> bool:
    """Turns to a page; False when there is none."""
    if not any(button["action_id"] == f"turn:{page}" for button in buttons(view.blocks)):
        return False
    before = view.hash
    await stage.press(who, view, f"turn:{page}")
    await stage.until(lambda: view.hash != before, f"page {page}")
    return True


async def merge(stage: Stage) -> None:
    """A facilitator looks at the pairs the bot points out, and merges those that are the same."""
    who = stage.day.helpers[0]
    hub = await stage.form(who, await stage.type(who, ""))
    await stage.press(who, hub, "deed:duplicates")
    await stage.until(lambda: _pairs(stage.hands[who].view), "pairs of similar ideas")
    view = stage.hands[who].view
    assert view is not None
    keys = {number: key for key, number in stage.numbers.items()}
    found = {value: tuple(keys.get(int(n), n) for n in value.split("|")[1:]) for value in _pairs(view)}
    stage.did(who, "pairs", n=len(found))
    expected = {frozenset(pair) for pair in stage.day.pairs}
    if {frozenset(pair) for pair in found.values()} != expected:
        stage.findings.append(f"similar ideas pointed out: {sorted(found.values())}, expected {list(stage.day.pairs)}")
    for value, pair in found.items():
        same = frozenset(pair) in expected
        await stage.press(who, view, "deed:merge" if same else "deed:keep_apart", value)
        await _decided(stage, view, value)
        stage.did(who, "merged" if same else "apart", one=_number(value, 1), other=_number(value, 2))
    await stage.leave(who)
    await stage.calm()


def _number(value: str, place: int) -> str:
    return f"#{value.split('|')[place]}"


async def _decided(stage: Stage, view: View, value: str) -> None:
    await stage.until(lambda: value not in _pairs(view), f"the pair {value} decided")


def _pairs(view: View | None) -> list[str]:
    """`hunt|one|other` of every pair in front of the facilitator."""
    if view is None:
        return []
    return [str(b["value"]) for b in buttons(view.blocks) if str(b["action_id"]).startswith("deed:merge")]
