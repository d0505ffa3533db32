"""What makes the vote worth trusting: rules that hold, receipts, paper from the room, another reading, the seal."""

from __future__ import annotations

from collections.abc import Sequence

from standins.play.stage import NotSeen, Stage
from standins.slack import Message, View

ON_PAPER = ("jeanmarc", "sabrina")
"""Field staff without a screen at hand: their ballots are typed in by whoever facilitates."""


async def hold_rules(stage: Stage) -> None:
    """After the first dot the facilitator tries to give everybody one more: the rules do not move any more."""
    who, more = stage.day.facilitator, str(stage.day.vote.dots + 1)
    hub = await stage.form(who, await stage.type(who, ""))
    await stage.press(who, hub, "deed:rules")
    view = await _top(stage, who, "field:tie")
    await stage.hands[who].fill(view, "field:dots", more)
    done = await stage.hands[who].submit(view)
    stage.did(who, "rules", dots=more)
    if "field:dots" not in done.errors:
        stage.findings.append(f"after the first dot the rules still moved: {done.errors}")
    stage.saw(" ".join(done.errors.values()), 1)
    await stage.leave(who)


async def validate(stage: Stage, who: str, view: View, dots: int, *, told: bool) -> None:
    """Sends the ballot and reads the receipt: every dot, for its voter's eyes only."""
    done = await stage.hands[who].submit(view)
    receipt = done.view
    if done.errors or receipt is None or str(dots) not in receipt.visible_text:
        stage.findings.append(f"no receipt for {who}: {done.errors}")
    elif told:
        stage.did(who, "validates")
        stage.saw(receipt.visible_text, 2)
    await stage.leave(who)


async def enter_papers(stage: Stage, people: Sequence[str]) -> None:
    """Ballots on paper, typed in one form; who filled them has no second ballot."""
    who = stage.day.facilitator
    lines = [_typed(stage, voter) for voter in people]
    hub = await stage.form(who, await stage.type(who, ""))
    await stage.press(who, hub, "deed:papers")
    view = await _top(stage, who, "field:papers")
    await stage.hands[who].fill(view, "field:papers", "\n".join(lines))
    await stage.hands[who].choose(view, block="field:struck", option=[stage.hands[voter].id for voter in people])
    await stage.send(who, view)
    stage.did(who, "papers", n=len(people), names=", ".join(map(stage.name, people)))
    after = stage.hands[who].view
    if after is not None:
        stage.saw(after.visible_text, 1)
    await stage.leave(who)
    await stage.calm()


def _typed(stage: Stage, voter: str) -> str:
    wishes = stage.day.vote.ballots[voter]
    return " ".join(
        f"{stage.numbers[key]}x{dots}" if dots > 1 else f"{stage.numbers[key]}" for key, dots in wishes.items()
    )


async def read_again(stage: Stage, results: Message) -> None:
    """The facilitator asks for the second reading: the balanced list beside the list by dots."""
    who = stage.day.facilitator
    reply = await stage.press(who, results, "deed:second_reading")
    view = await stage.form(who, reply)
    stage.did(who, "second_reading")
    stage.saw(view.visible_text, 7)
    await stage.leave(who)


async def _top(stage: Stage, who: str, block: str) -> View:
    """The form with such a field, once it is on top. Raises NotSeen."""

    def there() -> bool:
        view = stage.hands[who].view
        return view is not None and any(one.get("block_id") == block for one in view.blocks)

    await stage.until(there, f"a form with {block} for {who}")
    view = stage.hands[who].view
    if view is None:
        raise NotSeen(f"a form with {block} for {who}")
    return view
