"""The last scenes: the close by the clock, the tie, the run-off, and the files that remain."""

from __future__ import annotations

from standins.play.stage import NotSeen, Stage, buttons
from standins.play.voting import BETWEEN, fill_ballot
from standins.slack import Message

FORMATS = ("json", "csv", "md", "html")


async def close(stage: Stage) -> None:
    """Friday comes; the result is told in the room, with the tie told as a tie."""
    await stage.at(stage.day.moments["close"])
    stage.heading("close")
    stage.strikes("close")
    stage.read(results(stage).visible_text, 20)


def results(stage: Stage) -> Message:
    """The newest message of the room that offers the files. Raises NotSeen."""
    for message in reversed([*stage.room.messages, *stage.room.thread(stage.board)]):
        if any(str(b["action_id"]).startswith("deed:export") for b in buttons(message.blocks)):
            return message
    raise NotSeen("the results")


async def weekly_letter(stage: Stage) -> None:
    """Monday, in the room's own time: one letter."""
    before = len(stage.room.messages)
    await stage.at(stage.day.moments["digest"])
    stage.strikes("digest")
    new = stage.room.messages[before:]
    if len(new) != 1:
        stage.findings.append(f"{len(new)} weekly letters instead of one")
    for message in new:
        stage.read(message.visible_text, 4)


async def run_off(stage: Stage) -> None:
    """A second vote over the tied ideas, one dot each."""
    await stage.at(stage.day.moments["runoff"])
    stage.heading("runoff")
    await stage.press(stage.day.facilitator, results(stage), "deed:run_off")
    stage.did(stage.day.facilitator, "run_off")
    await stage.calm()
    await stage.until(lambda: any(b["action_id"] == "deed:vote" for b in buttons(stage.board.blocks)), "a vote button")
    stage.read(stage.board.visible_text, 3)
    ballots = list(stage.day.vote.runoff.items())
    for place, (who, key) in enumerate(ballots):
        await fill_ballot(stage, who, {stage.numbers[key]: 1})
        stage.step("runoff", place + 1, len(ballots))
        await stage.later(BETWEEN)
    stage.did_together([who for who, _ in ballots], "runoff_ballot")
    before = results(stage)
    await stage.at(stage.day.moments["runoff_close"])
    stage.strikes("runoff")
    await stage.until(lambda: results(stage) is not before, "the result of the run-off")
    stage.read(results(stage).visible_text, 5)


async def files(stage: Stage) -> dict[str, str]:
    """The facilitator asks for every file; each comes in her own conversation. Text by format."""
    stage.heading("files")
    who, found = stage.day.facilitator, {}
    word = {"fr": "exporter", "en": "export"}[stage.day.language]
    for place, form in enumerate(FORMATS):
        found[form] = await _file(stage, who, f"{word} {form}")
        stage.step("files", place + 1, len(FORMATS))
    stage.did(who, "export", files=", ".join(FORMATS))
    return found


async def _file(stage: Stage, who: str, words: str) -> str:
    known = set(stage.slack.desk.files)
    await stage.type(who, words)
    await stage.calm()
    await stage.until(lambda: _arrived(stage, known), f"a file for: {words}")
    return _arrived(stage, known)[0]


def _arrived(stage: Stage, known: set[str]) -> list[str]:
    """The text of the files that came since."""
    new = [file["content"] for name, file in stage.slack.desk.files.items() if name not in known]
    return [content.decode("utf-8") for content in new if content is not None]


async def next_session(stage: Stage) -> None:
    """The day before the next session, a reminder in the room."""
    from datetime import timedelta

    before = len(stage.room.messages)
    await stage.at(stage.day.moments["session"] - timedelta(days=1))
    stage.strikes("session")
    for message in stage.room.messages[before:]:
        stage.read(message.visible_text, 2)
