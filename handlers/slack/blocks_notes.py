"""What is said to one person or in one go: notes, receipts, reminders, the weekly letter, help."""

from __future__ import annotations

from bot.commands import Verb
from bot.domain.hunt import Hunt, Phase
from bot.screens import (
    Button,
    Deed,
    Digest,
    DigestHunt,
    File,
    Help,
    IdeaSaved,
    Note,
    Nudge,
    SessionReminder,
    SplitDone,
)
from bot.words import Raw
from handlers.desk.targets import IdeaTarget, RoundTarget
from handlers.slack import blocks, markup
from handlers.slack.blocks import Drawn, Json
from handlers.slack.pen import MOST_READ, Pen

EVERYBODY = (
    Verb.HUB,
    Verb.NEW,
    Verb.IDEA,
    Verb.IDEAS,
    Verb.VOTE,
    Verb.BOARD,
    Verb.RESULTS,
    Verb.SETTINGS,
    Verb.JOIN,
    Verb.LINK,
    Verb.UNLINK,
    Verb.TAKE_OVER,
)
LEADERS = (Verb.SORT, Verb.WORDS, Verb.REVEAL, Verb.CLOSE, Verb.EXPORT, Verb.LEAVE)


def note(screen: Note, pen: Pen) -> Drawn:
    """A sentence and the next possible steps."""
    told = pen.say(screen.key, **pen.note_facts(screen.facts))
    return Drawn.same(told, [blocks.section(told), *pen.buttons(screen.buttons), *_outside(screen, pen)])


def _outside(screen: Note | IdeaSaved | Help, pen: Pen) -> list[Json]:
    """Where words go besides, in small print; nothing where they stay."""
    return [pen.context("trust.outside", host=screen.outside)] if screen.outside else []


def saved(screen: IdeaSaved, pen: Pen) -> Drawn:
    """The receipt of an idea: where it is, who will see it, what may deserve another look."""
    line, hunt = screen.line, screen.hunt
    if not line.number:
        return Drawn.same(*_only(pen.say("saved.repeated.nameless")))
    kind = "saved.repeated" if screen.repeated else "saved.done"
    told = [pen.say(kind, number=line.number, question=hunt.question)]
    told += [pen.say("saved.idea", idea=pen.headline(line, MOST_READ))]
    if line.theme_name:
        told.append(pen.say("saved.suggested" if line.suggested else "saved.theme", theme=line.theme_name))
    told += [pen.say("saved.folded")] if screen.folded else []
    told += [pen.say("saved.hidden")] if not hunt.shows_ideas else []
    looks = _second_look(screen, pen)
    parts = [blocks.section("\n".join(told)), *map(blocks.section, looks), *pen.buttons(_own_buttons(screen))]
    parts += [pen.context("saved.token")] if screen.token else []
    parts += _outside(screen, pen)
    return Drawn.same("\n".join([*told, *looks]), parts)


def _only(text: str) -> tuple[str, list[Json]]:
    return text, [blocks.section(text)]


def _second_look(screen: IdeaSaved, pen: Pen) -> list[str]:
    found: list[str] = []
    if screen.twin is not None:
        found.append(pen.say("saved.twin", number=screen.twin.number, idea=pen.headline(screen.twin, MOST_READ)))
    if screen.details:
        details = pen.words.listed([Raw(markup.one_line(one, 60)) for one in screen.details[:5]])
        found.append(pen.say("saved.details", details=details))
    if screen.list_items > 1 and not screen.repeated:
        found.append(pen.say("saved.list", n=screen.list_items))
    return found


def _own_buttons(screen: IdeaSaved) -> list[Button]:
    if not screen.hunt.takes_ideas:
        return []
    own = IdeaTarget(screen.hunt.id, screen.line.number, screen.token).pack()
    row: list[Button] = []
    if screen.list_items > 1 and not screen.repeated:
        row = [Button(Deed.SPLIT_LIST, own, main=True, facts={"n": screen.list_items}), Button(Deed.KEEP_WHOLE, own)]
    row += [Button(Deed.EDIT_IDEA, own), Button(Deed.WITHDRAW_IDEA, own, confirm=True)]
    return [*row, Button(Deed.SEE_ALL, screen.hunt.id)] if screen.twin is not None else row


def split(screen: SplitDone, pen: Pen) -> Drawn:
    """A list became several ideas."""
    told = [pen.say("split.done", n=len(screen.lines)), *(f"• {pen.idea(line)}" for line in screen.lines)]
    return Drawn.same(
        "\n".join(told), [blocks.section("\n".join(told)), *pen.buttons([Button(Deed.MY_IDEAS, screen.hunt.id)])]
    )


def nudge(screen: Nudge, pen: Pen) -> Drawn:
    """Once, a day before the end, with the ways to hear no more of it."""
    told = [pen.say("nudge.left", n=screen.left, question=screen.hunt.question)]
    told += [pen.say("board.vote_until", at=screen.round.closes_at)] if screen.round.closes_at else []
    row = [
        Button(Deed.VOTE, screen.hunt.id, main=True),
        Button(Deed.DECLINE, RoundTarget(screen.hunt.id, screen.round.number).pack()),
        Button(Deed.MUTE),
    ]
    text = "\n".join(told)
    return Drawn.same(text, [blocks.section(text), *pen.buttons(row), pen.context("nudge.why")])


def session(screen: SessionReminder, pen: Pen) -> Drawn:
    """The next session is near."""
    text = pen.say("session.near", question=screen.hunt.question, at=screen.at)
    row = [Button(Deed.SEE_ALL, screen.hunt.id)] if screen.hunt.shows_ideas else []
    row = [Button(Deed.ADD_IDEA, screen.hunt.id, main=True), *row] if screen.hunt.takes_ideas else row
    return Drawn.same(text, [blocks.section(text), *pen.buttons(row)])


def file(screen: File, pen: Pen) -> Drawn:
    """What goes with a file."""
    return Drawn.same(*_only(pen.say("file.here", file=screen.name, question=screen.hunt.question)))


def digest(screen: Digest, pen: Pen) -> Drawn:
    """The weekly letter: what changed since the last one."""
    parts: list[Json] = [blocks.header(pen.plain("digest.title"))]
    told = [pen.say("digest.title")]
    for one in screen.hunts:
        lines = _week(one, pen)
        lines += [f"• {pen.idea(line)}" for line in one.newest]
        told += lines
        parts += [blocks.section("\n".join(lines)), *pen.buttons(_week_buttons(one.hunt))]
    return Drawn.same("\n".join(told), [*parts, pen.context("digest.why")])


def _week(one: DigestHunt, pen: Pen) -> list[str]:
    hunt = one.hunt
    lines = [pen.say("digest.hunt", question=hunt.question, phase=hunt.phase)]
    if one.new_ideas:
        voices = pen.words.say("count.voices", n=one.new_voices)
        lines.append(pen.say("digest.ideas", n=one.new_ideas, voices=voices))
    if one.round is not None and one.round.open:
        lines.append(pen.say("count.turnout", n=one.round.voters, eligible=one.round.eligible))
        lines += [pen.say("board.vote_until", at=one.round.closes_at)] if one.round.closes_at else []
    elif hunt.phase is Phase.CLOSED:
        lines.append(pen.say("digest.closed"))
    return lines


def _week_buttons(hunt: Hunt) -> list[Button]:
    if hunt.takes_ideas:
        return [Button(Deed.ADD_IDEA, hunt.id, main=True), Button(Deed.HUB)]
    return [Button(Deed.VOTE, hunt.id, main=True)] if hunt.phase is Phase.VOTING else [Button(Deed.RESULTS)]


def help_page(screen: Help, pen: Pen) -> Drawn:
    """What one can type, a line each, and a button for what can be done at once."""
    lines = [_verb(verb, pen) for verb in EVERYBODY]
    told = ["\n".join([pen.say("usage.lead"), *lines])]
    if screen.leads:
        told.append("\n".join([pen.say("usage.leaders"), *(_verb(verb, pen) for verb in LEADERS)]))
    parts = list(map(blocks.section, told))
    parts += [*pen.buttons(_help_buttons(screen.hunt)), pen.context("usage.more"), *_outside(screen, pen)]
    return Drawn.same("\n".join(told), parts)


def _verb(verb: Verb, pen: Pen) -> str:
    word = "" if verb is Verb.HUB else f" {pen.plain(f'verb.{verb.value}')}"
    return f"*/ideahunt{word}* {pen.say(f'help.{verb.value}')}"


def _help_buttons(hunt: Hunt | None) -> list[Button]:
    if hunt is None:
        return [Button(Deed.NEW_HUNT, main=True), Button(Deed.SETTINGS)]
    row = [Button(Deed.HUB, main=True)]
    row += [Button(Deed.ADD_IDEA, hunt.id), Button(Deed.MY_IDEAS, hunt.id)] if hunt.takes_ideas else []
    row += [Button(Deed.VOTE, hunt.id)] if hunt.phase is Phase.VOTING else []
    row += [Button(Deed.SEE_ALL, hunt.id)] if hunt.shows_ideas else []
    return [*row, Button(Deed.SETTINGS)]
