"""The first scene: the launch, and every idea by every way it may come."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from standins.play.day import How, Line
from standins.play.stage import NotSeen, Stage
from standins.slack import View

BETWEEN = 19.0
"""Seconds from one idea to the next: twelve minutes for all of them."""


async def launch(stage: Stage) -> None:
    """The facilitator opens the form, fills it in and sends it; the board appears in the room."""
    day, who = stage.day, stage.day.facilitator
    word = {"fr": "nouvelle", "en": "new"}[day.language]
    view = await stage.form(who, await stage.type(who, f"{word} {day.question}"))
    await fill_launch(stage, view)
    themes = "; ".join(day.themes.values()) or "…"
    stage.did(who, "launch", themes=themes, dots=day.vote.dots, cap=day.vote.cap)
    await stage.calm()
    await stage.until(lambda: stage.room.messages and stage.board, "the board")
    stage.read(stage.board.visible_text, 6)


async def fill_launch(stage: Stage, view: View) -> None:
    """Every field the day needs, those behind "more options" too."""
    day, who = stage.day, stage.day.facilitator
    hands, fields = stage.hands[who], stage.hands[who].fill
    await stage.press(who, view, "pick:more")
    await stage.until(lambda: any(b.get("block_id") == "field:places" for b in view.blocks), "the other options")
    if day.themes:
        await fields(view, "field:themes", "\n".join(day.themes.values()))
    await fields(view, "field:collect_until", day.moments["reveal"])
    await hands.choose(view, block="field:dots", option=str(day.vote.dots))
    await hands.choose(view, block="field:cap", option=str(day.vote.cap))
    await hands.choose(view, block="field:places", option=str(day.vote.places))
    await hands.choose(view, block="field:language", option=day.language)
    if day.helpers:
        await fields(view, "field:cofacilitators", [stage.hands[helper] for helper in day.helpers])
    if "session" in day.moments:
        await fields(view, "field:next_session", day.moments["session"])
    await stage.send(who, view)


async def collect(stage: Stage) -> None:
    """Everybody's ideas, one after the other."""
    for place, line in enumerate(stage.day.lines):
        await WAYS[line.how](stage, line)
        stage.step("collect", place + 1, len(stage.day.lines))
        await stage.later(BETWEEN)
    await stage.calm()
    for line in stage.day.lines:
        stage.readings[line.how] = stage.readings.get(line.how, 0) + 1


async def in_thread(stage: Stage, line: Line) -> None:
    """A reply under the board; the receipt is a reaction."""
    message = await stage.hands[line.actor].post(stage.room, line.text, thread_ts=stage.board)
    await _marked(stage, line, message.reactions)
    stage.did(line.actor, "thread", text=line.text, mark="  💡✓")


async def _marked(stage: Stage, line: Line, reactions: Mapping[str, list[str]]) -> None:
    await stage.tick()
    bot = stage.slack.bot_user_id
    await stage.until(lambda: any(bot in people for people in reactions.values()), f"a receipt for {line.key}")


async def by_form(stage: Stage, line: Line) -> None:
    """The button of the board, then the form."""
    view = await stage.form(line.actor, await stage.press(line.actor, stage.board, "deed:add_idea"))
    hands = stage.hands[line.actor]
    await hands.fill(view, "field:text", line.text)
    if line.theme and stage.day.themes:
        await hands.choose(view, block="field:theme", option=_offered(view, stage.day.themes[line.theme]))
    if line.nameless:
        await hands.choose(view, block="field:nameless", option=["yes"])
    await stage.send(line.actor, view)
    await stage.leave(line.actor)
    stage.did("" if line.nameless else line.actor, line.how.value, text=line.text)


def _offered(view: View, name: str) -> str:
    """The value of the theme in the form's list: a long name is shortened there."""
    for block in view.blocks:
        if block.get("block_id") == "field:theme":
            for option in block["element"]["options"]:
                if option["text"]["text"].rstrip("…")[:60] == name[: len(option["text"]["text"].rstrip("…"))][:60]:
                    return str(option["value"])
    raise NotSeen(f"the theme {name}")


async def by_command(stage: Stage, line: Line) -> None:
    """The words after the command; the receipt is a private answer."""
    word = {"fr": "idée", "en": "idea"}[stage.day.language]
    reply = await stage.type(line.actor, f"{word} {line.text}")
    await stage.until(lambda: reply.ephemerals, f"a receipt for {line.key}")
    stage.did(line.actor, "command", text=line.text)


async def by_direct_message(stage: Stage, line: Line) -> None:
    """A message to the bot: kept without a name."""
    before = len(list(stage.said(line.actor)))
    await stage.hands[line.actor].direct(line.text)
    await stage.until(lambda: len(list(stage.said(line.actor))) > before, f"a receipt for {line.key}")
    stage.did("", "direct", text=line.text)


async def by_shortcut(stage: Stage, line: Line) -> None:
    """A message in the room that somebody else saves as an idea; its author keeps the credit."""
    message = await stage.hands[line.actor].post(stage.room, line.text)
    reply = await stage.hands[line.helper].message_shortcut("idea_from_message", message)
    view = await stage.form(line.helper, reply)
    if line.theme and stage.day.themes:
        name = stage.day.themes[line.theme]
        await stage.hands[line.helper].choose(view, block="field:theme", option=_offered(view, name))
    await stage.send(line.helper, view)
    await stage.leave(line.helper)
    stage.did(line.actor, "shortcut", text=line.text, helper=stage.name(line.helper))


async def by_bulb(stage: Stage, line: Line) -> None:
    """A message in the room that somebody marks with a bulb."""
    message = await stage.hands[line.actor].post(stage.room, line.text)
    await stage.hands[line.helper].react(message, "bulb")
    await _marked(stage, line, message.reactions)
    stage.did(line.actor, "bulb", text=line.text, helper=stage.name(line.helper), mark="  💡✓")


WAYS: Mapping[How, Callable[[Stage, Line], Awaitable[None]]] = {
    How.THREAD: in_thread,
    How.FORM: by_form,
    How.NAMELESS_FORM: by_form,
    How.COMMAND: by_command,
    How.DIRECT: by_direct_message,
    How.SHORTCUT: by_shortcut,
    How.BULB: by_bulb,
}
