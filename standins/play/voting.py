"""The third scene: a ballot in front of each voter, dots placed one choice at a time, and the clock."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from standins.play.grouping import turn
from standins.play.stage import NotSeen, Stage, buttons, letters
from standins.play.trusting import ON_PAPER, enter_papers, hold_rules, validate
from standins.slack import View

BETWEEN = 240.0
"""Seconds from one voter to the next."""
TESTER = "didier"
"""Who tries what the rules forbid, then sits the vote out."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One option of the ballot page: its number, its dots now, the values it offers by number of dots."""

    number: int
    dots: int
    values: Mapping[int, str]


def offers(view: View) -> Iterator[Offer]:
    """The options of the page."""
    for block in view.blocks:
        accessory = block.get("accessory", {})
        if accessory.get("action_id") == "pick:dots":
            values = [option["value"] for option in accessory["options"]]
            _, number, dots = accessory["initial_option"]["value"].split("|")
            yield Offer(int(number), int(dots), {int(value.split("|")[2]): value for value in values})


async def open_vote(stage: Stage) -> None:
    """The facilitator reads the rules again and opens the round until Friday."""
    who, rules = stage.day.facilitator, stage.day.vote
    await stage.at(stage.day.moments["vote"])
    stage.heading("vote")
    hub = await stage.form(who, await stage.type(who, ""))
    await stage.press(who, hub, "deed:open_vote")
    await stage.until(lambda: _asks_closing(stage.hands[who].view), "the form that opens a vote")
    view = stage.hands[who].view
    assert view is not None
    fill, choose = stage.hands[who].fill, stage.hands[who].choose
    await fill(view, "field:dots", str(rules.dots))
    await choose(view, block="field:cap", option=str(rules.cap))
    await choose(view, block="field:places", option=str(rules.places))
    await fill(view, "field:closes_at", stage.day.moments["close"])
    if undecided := any(block.get("block_id") == "field:wave" for block in view.blocks):
        await choose(view, block="field:wave", option=["yes"])
    await stage.send(who, view)
    await stage.leave(who)
    stage.did(who, "wave" if undecided else "open_vote")
    await stage.calm()
    await stage.until(lambda: any(b["action_id"] == "deed:vote" for b in buttons(stage.board.blocks)), "a vote button")
    stage.read(stage.board.visible_text, 6)


def _asks_closing(view: View | None) -> bool:
    return view is not None and any(block.get("block_id") == "field:closes_at" for block in view.blocks)


async def vote(stage: Stage) -> None:
    """Some vote at once, some after the reminder; each on a ballot of their own."""
    ballots = list(stage.day.vote.ballots.items())
    orders: dict[str, tuple[int, ...]] = {}
    for place, (who, wishes) in enumerate(ballots):
        if place == stage.day.vote.early:
            await remind(stage)
        if who not in ON_PAPER:
            wished = {stage.numbers[key]: dots for key, dots in wishes.items()}
            view, orders[who] = await place_all(stage, who, wished)
            stage.did(who, "ballot", dots=sum(wishes.values()), ideas=len(wishes))
            await validate(stage, who, view, sum(wishes.values()), told=place == 0)
        if place == 0:
            await hold_rules(stage)
        stage.step("vote", place + 1, len(ballots))
        await stage.later(BETWEEN)
    await enter_papers(stage, [who for who, _ in ballots if who in ON_PAPER])
    if len(set(orders.values())) < len(orders) / 2:
        stage.findings.append("the ballots are not shuffled for each voter")
    await stage.calm()
    _expect_no_totals(stage)
    stage.read(stage.board.visible_text, 6)


async def fill_ballot(stage: Stage, who: str, wishes: Mapping[int, int]) -> None:
    """Places the dots and validates the ballot."""
    view, _ = await place_all(stage, who, wishes)
    await validate(stage, who, view, sum(wishes.values()), told=False)


async def place_all(stage: Stage, who: str, wishes: Mapping[int, int]) -> tuple[View, tuple[int, ...]]:
    """Places the dots, turning pages as needed; the form, and the order in which this voter saw the ideas."""
    view = await open_ballot(stage, who)
    page, seen, left = 1, [], dict(wishes)
    while True:
        seen += [offer.number for offer in offers(view)]
        for number in [offer.number for offer in offers(view) if offer.number in left]:
            await place(stage, who, view, number, left.pop(number))
        page += 1
        if not await turn(stage, who, view, page):
            break
    if left:
        raise NotSeen(f"on the ballot of {who}: {sorted(left)}")
    return view, tuple(seen)


async def open_ballot(stage: Stage, who: str) -> View:
    """The button of the board."""
    reply = await stage.press(who, stage.board, "deed:vote")
    await stage.until(lambda: reply.view and list(offers(reply.view)), f"a ballot for {who}")
    assert reply.view is not None
    return reply.view


async def place(stage: Stage, who: str, view: View, number: int, dots: int) -> None:
    """Chooses so many dots for one idea; the ballot is drawn again with them. Raises NotSeen."""
    offer = next((offer for offer in offers(view) if offer.number == number), None)
    if offer is None or dots not in offer.values:
        raise NotSeen(f"{dots} dots for idea {number} on the ballot of {who}")
    await stage.hands[who].choose(view, "pick:dots", offer.values[dots])
    await stage.until(
        lambda: any(now.number == number and now.dots == dots for now in offers(view)), f"{dots} dots on idea {number}"
    )


async def remind(stage: Stage) -> None:
    """A day before the close: one message to each person who is not done, and to nobody else."""
    before = {who: len(stage.hands[who].inbox()) for who in stage.hands}
    await stage.at(stage.day.moments["nudge"])
    stage.strikes("nudge")
    told = {who for who in stage.hands if len(stage.hands[who].inbox()) > before[who]}
    await stage.tick()
    await stage.calm()
    twice = {who for who in stage.hands if len(stage.hands[who].inbox()) > before[who] + 1}
    stage.happened("nudged", n=len(told))
    if told:
        stage.saw(next(stage.said(min(told))).visible_text, 2)
    if TESTER in told:
        await stage.press(TESTER, stage.with_button(TESTER, "deed:decline"), "deed:decline")
        stage.did(TESTER, "declines")
    if told != _with_dots_left(stage) or twice:
        stage.findings.append(
            f"reminded: {sorted(told)}, expected {sorted(_with_dots_left(stage))}; twice: {sorted(twice)}"
        )


def _with_dots_left(stage: Stage) -> set[str]:
    """Everybody but the facilitators and those who validated their ballot, whatever dots they kept."""
    done = set(list(stage.day.vote.ballots)[: stage.day.vote.early])
    leads = {stage.day.facilitator, *stage.day.helpers}
    return set(stage.hands) - done - leads


async def try_too_much(stage: Stage) -> None:
    """E8: two clicks at once on the last dot, one is refused with the state; a third on one idea is not offered."""
    who, dots = TESTER, stage.day.vote.dots
    view = await open_ballot(stage, who)
    most = max(max(offer.values) for offer in offers(view))
    numbers = [offer.number for offer in offers(view)]
    for number, some in zip(numbers, _spread(dots - 1, most), strict=False):
        await place(stage, who, view, number, some)
    await _eighth(stage, who, view, numbers[-2:])
    stage.did(who, "third", most=most)
    if most != stage.day.vote.cap:
        stage.findings.append(f"the ballot offers {most} dots on one idea")
    await _give_back(stage, who)


def _spread(dots: int, most: int) -> list[int]:
    return [most] * (dots // most) + ([dots % most] if dots % most else [])


async def _eighth(stage: Stage, who: str, view: View, numbers: Sequence[int]) -> None:
    """Two choices made before the ballot could be drawn again: the seventh dot and an eighth."""
    wanted = [offer.values[1] for offer in offers(view) if offer.number in numbers]
    stage.did(who, "eighth")
    await asyncio.gather(*(stage.hands[who].choose(view, "pick:dots", value) for value in wanted))
    await stage.slack.settle()
    used, total = sum(offer.dots for offer in offers(view)), str(stage.day.vote.dots)
    lines = view.visible_text.splitlines()
    refused = next((line for line in lines if line.count(total) >= 2 and "●" not in line), "")  # noqa: PLR2004 - 7 of 7
    if used != stage.day.vote.dots or not refused:
        stage.findings.append(f"after an eighth dot {used} are placed, and the ballot says: {refused or 'nothing'}")
    stage.saw(refused, 1)


async def _give_back(stage: Stage, who: str) -> None:
    await stage.leave(who)
    view = await open_ballot(stage, who)
    page = 1
    while True:
        for number in [offer.number for offer in offers(view) if offer.dots]:
            await place(stage, who, view, number, 0)
        page += 1
        if not await turn(stage, who, view, page):
            break
    await stage.leave(who)
    stage.did(who, "gives_back")
    await stage.calm()


async def edit_too_late(stage: Stage) -> None:
    """E7: the words on the ballot stay as they were; their author is told so."""
    line = next(line for line in stage.day.lines if line.key == "I8")
    message = next(m for m in stage.room.thread(stage.board) if letters(m.text) == letters(line.text))
    before = len(list(stage.said(line.actor)))
    await stage.hands[line.actor].edit(message, stage.day.edges["E7"])
    stage.did(line.actor, "edit")
    await stage.calm()
    told = list(stage.said(line.actor))
    if len(told) > before:
        stage.saw(told[0].visible_text, 1)
    else:
        stage.findings.append("nobody told the author that the words are frozen")


def _expect_no_totals(stage: Stage) -> None:
    """While the round is open the board tells who voted at all, and nothing that depends on a dot."""
    told = letters(stage.board.visible_text)
    shown = [line.key for line in stage.day.lines if letters(line.text)[:40] in told]
    if shown:
        stage.findings.append(f"shown on the board while the vote is open: {shown}")
