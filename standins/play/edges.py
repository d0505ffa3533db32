"""What also happens in a room: chatter, slips, long texts, a name too many. Each is played, none may spoil the vote."""

from __future__ import annotations

from standins.play.stage import NotSeen, Stage


async def edges(stage: Stage) -> None:
    """E1 to E6, while ideas come in; E7 and E8 need the vote (see voting.py)."""
    stage.heading("edges")
    played = (delivered_twice, only_signs, off_topic, a_neighbour, a_long_text, a_loud_one)
    for place, scene in enumerate(played):
        await scene(stage)
        await stage.later(8)
        stage.step("edges", place + 1, len(played))
    await stage.calm()


async def delivered_twice(stage: Stage) -> None:
    """E3: the network repeats a message; one idea stays."""
    first = stage.day.lines[0]
    envelopes = [e for e in stage.slack.envelopes if e.name == "message" and first.text in str(e.payload)]
    if not envelopes:
        raise NotSeen("the message to deliver again")
    stage.slack.redeliver(envelopes[0])
    await stage.slack.settle()
    stage.happened("redelivered", who=stage.name(first.actor))


async def only_signs(stage: Stage) -> None:
    """E4: no words, no idea; a private sentence says what to do."""
    who = "rachid"
    await stage.hands[who].post(stage.room, stage.day.edges["E4"], thread_ts=stage.board)
    await stage.slack.settle()
    stage.did(who, "says", text=stage.day.edges["E4"])
    stage.saw(next(stage.said(who)).visible_text, 1)


async def off_topic(stage: Stage) -> None:
    """E1: kept, and set aside later by a facilitator."""
    who = "thierry"
    await stage.hands[who].post(stage.room, stage.day.edges["E1"], thread_ts=stage.board)
    await stage.slack.settle()
    stage.did(who, "says", text=stage.day.edges["E1"])


async def a_neighbour(stage: Stage) -> None:
    """E2: personal details are pointed out to their author alone, who thinks better of it."""
    who = "olivier"
    await stage.hands[who].direct(stage.day.edges["E2"])
    await stage.slack.settle()
    stage.did("", "says", text=stage.day.edges["E2"])
    receipt = stage.with_button(who, "deed:withdraw_idea")
    stage.saw(_details(receipt.visible_text), 1)
    await stage.press(who, receipt, "deed:withdraw_idea")
    stage.did("", "withdraw")


def _details(text: str) -> str:
    """The sentence about personal details: the one that repeats the address."""
    lines = [line for line in text.splitlines() if "12 rue" in line or "12 Willow" in line]
    if len(lines) < 2:  # noqa: PLR2004 - the idea itself, and the caution
        raise NotSeen("a caution about personal details")
    return lines[-1]


async def a_long_text(stage: Stage) -> None:
    """E5: a first sentence becomes the title, the rest is folded and nothing is lost; then it is withdrawn."""
    who = "paul"
    view = await stage.form(who, await stage.press(who, stage.board, "deed:add_idea"))
    await stage.hands[who].fill(view, "field:text", stage.day.edges["E5"])
    await stage.send(who, view)
    stage.did(who, "form", text=f"{stage.day.edges['E5'][:70]}…")
    receipt = stage.hands[who].view
    if receipt is None:
        raise NotSeen("the receipt of a long text")
    stage.saw(receipt.visible_text, 4)
    await stage.press(who, receipt, "deed:withdraw_idea")
    await stage.leave(who)
    stage.did(who, "withdraw")


async def a_loud_one(stage: Stage) -> None:
    """E6: mentions and markup are shown as typed and call nobody; set aside later."""
    who = "rachid"
    word = {"fr": "idée", "en": "idea"}[stage.day.language]
    reply = await stage.type(who, f"{word} {stage.day.edges['E6']}")
    await stage.until(lambda: reply.ephemerals, "a receipt")
    stage.did(who, "command", text=stage.day.edges["E6"])
    stage.saw(reply.ephemerals[-1].visible_text, 2)
