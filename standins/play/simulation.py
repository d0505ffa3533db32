"""A day over anybody's ideas: the same gestures, the bot's own themes, and a vote drawn at random with a fixed seed."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import suppress
from random import Random

from standins.play import ending, voting
from standins.play.any_ideas import BETWEEN, SEED
from standins.play.collecting import fill_launch
from standins.play.day import How, Line
from standins.play.expected import Comparison
from standins.play.stage import NotSeen, Stage, buttons
from standins.slack import Message, View

TOLD = 12
"""Ideas told one by one; the others are only counted."""
FEWEST = 2
"""Ideas a vote needs."""


class TooFew(Exception):
    """The bot kept too few ideas for a vote; `kept` is how many."""

    def __init__(self, kept: int) -> None:
        super().__init__(kept)
        self.kept = kept


async def scenes(stage: Stage) -> tuple[dict[str, str], Comparison]:
    """The whole day; the files and the figures compared with what the hands did. Raises TooFew."""
    chance = Random(SEED)  # noqa: S311 - a simulation that anybody can repeat
    stage.clock.jump(stage.day.moments["launch"])
    stage.heading("collect")
    await _launch(stage)
    kept = await _collect(stage)
    if kept < FEWEST:
        raise TooFew(kept)
    await stage.at(stage.day.moments["reveal"])
    stage.heading("reveal")
    stage.strikes("reveal")
    await _themes(stage)
    await voting.open_vote(stage)
    placed = await _vote(stage, chance)
    await ending.close(stage)
    await _run_off(stage, chance)
    found = await ending.files(stage)
    return found, _compare(found, kept, placed)


async def _launch(stage: Stage) -> None:
    who = stage.day.facilitator
    word = {"fr": "nouvelle", "en": "new"}[stage.day.language]
    await fill_launch(stage, await stage.form(who, await stage.type(who, f"{word} {stage.day.question}")))
    stage.did(who, "launch", themes="…", dots=stage.day.vote.dots, cap=stage.day.vote.cap)
    await stage.calm()
    stage.read(stage.board.visible_text, 5)


async def _collect(stage: Stage) -> int:
    """How many ideas the bot kept."""
    refused, posted = 0, []
    for place, line in enumerate(stage.day.lines):
        if line.how is How.THREAD:
            posted.append(await stage.hands[line.actor].post(stage.room, line.text, thread_ts=stage.board))
        else:
            refused += not await _by_form(stage, line)
        if place < TOLD:
            stage.did("" if line.nameless else line.actor, line.how.value, text=line.text, mark="")
        stage.step("collect", place + 1, len(stage.day.lines))
        await stage.later(BETWEEN.total_seconds())
    if (others := len(stage.day.lines) - TOLD) > 0:
        stage.happened("others", n=others)
    await stage.calm()
    refused += sum(1 for message in posted if not _received(stage, message))
    if refused:
        stage.happened("refused", n=refused)
    return len(stage.day.lines) - refused


def _received(stage: Stage, message: Message) -> bool:
    return any(stage.slack.bot_user_id in people for people in message.reactions.values())


async def _by_form(stage: Stage, line: Line) -> bool:
    """Whether the form was accepted."""
    hands = stage.hands[line.actor]
    view = await stage.form(line.actor, await stage.press(line.actor, stage.board, "deed:add_idea"))
    await hands.fill(view, "field:text", line.text)
    if line.nameless:
        await hands.choose(view, block="field:nameless", option=["yes"])
    sent = await hands.submit(view)
    await stage.leave(line.actor)
    return not sent.errors


async def _themes(stage: Stage) -> None:
    """The facilitator asks for themes, and keeps those the bot proposes."""
    who = stage.day.facilitator
    await stage.at(stage.day.moments["group"])
    view = await stage.form(who, await stage.type(who, {"fr": "trier", "en": "sort"}[stage.day.language]))
    await stage.press(who, view, "deed:themes")
    await stage.until(lambda: _offers(stage, "deed:suggest_themes"), "the themes")
    top = stage.hands[who].view
    assert top is not None
    await stage.press(who, top, "deed:suggest_themes")
    await stage.slack.settle()
    top = stage.hands[who].view
    kept = len(_boxes(top)) if top else 0
    if kept and top:
        await stage.send(who, top)
    await stage.leave(who)
    stage.did(who, "themes" if kept else "no_themes", n=kept)
    await stage.calm()
    stage.read(stage.board.visible_text, 14)


def _offers(stage: Stage, deed: str) -> bool:
    view = stage.hands[stage.day.facilitator].view
    return view is not None and any(str(b["action_id"]).startswith(deed) for b in buttons(view.blocks))


def _boxes(view: View) -> list[str]:
    elements = (block.get("element") or block.get("accessory") or {} for block in view.blocks)
    return [o["value"] for e in elements if e.get("type") == "checkboxes" for o in e["options"]]


async def _vote(stage: Stage, chance: Random) -> dict[str, dict[int, int]]:
    """Every voter's dots, as they were placed by hand."""
    stage.happened("simulated", seed=SEED)
    voters = [who for who in stage.hands if who != stage.day.facilitator]
    placed: dict[str, dict[int, int]] = {}
    for place, who in enumerate(voters):
        view = await voting.open_ballot(stage, who)
        wishes = _drawn(sorted(offer.number for offer in voting.offers(view)), stage, chance)
        for number, dots in wishes.items():
            await voting.place(stage, who, view, number, dots)
        await stage.leave(who)
        placed[who] = wishes
        stage.did(who, "ballot", dots=sum(wishes.values()), ideas=len(wishes))
        stage.step("vote", place + 1, len(voters))
        await stage.later(voting.BETWEEN)
    await stage.calm()
    return placed


def _drawn(numbers: list[int], stage: Stage, chance: Random) -> dict[int, int]:
    """Dots for a few ideas of the page: lower numbers a little more often, so that there is something to tell."""
    left, wishes = stage.day.vote.dots, dict[int, int]()
    while left and len(wishes) < len(numbers):
        number = numbers[int(len(numbers) * chance.random() ** 1.6)]
        if number not in wishes:
            wishes[number] = min(left, chance.randint(1, stage.day.vote.cap))
            left -= wishes[number]
    return wishes


async def _run_off(stage: Stage, chance: Random) -> None:
    """A second vote where the first one ended in a tie; one is enough to show it."""
    friday = ending.results(stage)
    with suppress(NotSeen):
        await stage.at(stage.day.moments["runoff"])
        await stage.press(stage.day.facilitator, friday, "deed:run_off")
        stage.heading("runoff")
        stage.did(stage.day.facilitator, "run_off")
        await stage.calm()
        for who in [who for who in stage.hands if who != stage.day.facilitator]:
            view = await voting.open_ballot(stage, who)
            await voting.place(stage, who, view, chance.choice(sorted(o.number for o in voting.offers(view))), 1)
            await stage.leave(who)
        await stage.at(stage.day.moments["runoff_close"])
        stage.strikes("runoff")
        stage.read(ending.results(stage).visible_text, 5)


def _compare(found: dict[str, str], kept: int, placed: dict[str, dict[int, int]]) -> Comparison:
    """What the files tell, against what was typed and clicked."""
    told, held = json.loads(found["json"]), Comparison()
    main = told["rounds"][0]
    dots = Counter[int]()
    for wishes in placed.values():
        dots.update(wishes)
    supporters = Counter(number for wishes in placed.values() for number in wishes)
    held.same("ideas", kept, told["figures"]["ideas"])
    held.same("voters", len(placed), main["voters"])
    held.same("dots placed", sum(dots.values()), main["dots_placed"])
    for rank in main["ranks"]:
        number = rank["idea"]
        held.same(f"idea {number}", (dots[number], supporters[number]), (rank["dots"], rank["supporters"]))
    return held
