"""Lists read in private: all ideas by theme, one's own ideas."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.ideas import IdeaState
from bot.screens import Browse, Button, Deed, IdeaLine, MyIdeas
from handlers.desk import wire
from handlers.desk.targets import IdeaTarget
from handlers.desk.wire import Pick
from handlers.slack import blocks, markup
from handlers.slack.blocks import Json
from handlers.slack.pen import MOST_READ, Pen


def browse(screen: Browse, pen: Pen) -> list[Json]:
    """A page of ideas with a theme filter."""
    lines = [blocks.section(_read(line, pen)) for line in screen.lines] or [pen.section("board.no_ideas")]
    chooser = _filter(screen, pen)
    head = [pen.context("idea.in", question=screen.hunt.question), pen.context("count.ideas", n=screen.total)]
    return [*head, *chooser, *lines, *pen.pager(screen.page, screen.pages), *pen.buttons(_doors(screen))]


def _filter(screen: Browse, pen: Pen) -> list[Json]:
    if not screen.themes:
        return []
    chosen = wire.filter_value(str(screen.theme) if screen.theme is not None else "")
    options = [blocks.option(pen.plain("filter.all"), wire.ALL)]
    options += [blocks.choice(one.text, wire.filter_value(one.value)) for one in screen.themes]
    return blocks.actions([blocks.select(wire.pick_action(Pick.FILTER), options, chosen)])


def _read(line: IdeaLine, pen: Pen) -> str:
    told = [pen.idea(line, markup.MOST_TYPED)]
    if line.title:
        told.append(markup.typed(markup.one_line(line.text, MOST_READ)))
    key = "browse.suggested" if line.suggested else "ballot.theme"
    small = [pen.say(key, theme=line.theme_name)] if line.theme_name else []
    small += [pen.say("count.dots", n=line.dots)] if line.dots is not None else []
    return "\n".join([*told, *([" · ".join(small)] if small else [])])


def _doors(screen: Browse) -> list[Button]:
    return [Button(Deed.ADD_IDEA, screen.hunt.id)] if screen.hunt.takes_ideas else []


def mine(screen: MyIdeas, pen: Pen) -> list[Json]:
    """One's own ideas under one's name, each with what may still be done to it."""
    head = [pen.context("idea.in", question=screen.hunt.question)]
    rows = [block for line in screen.lines for block in _own(line, screen, pen)]
    foot = pen.buttons([Button(Deed.ADD_IDEA, screen.hunt.id)]) if screen.hunt.takes_ideas else []
    told = [] if screen.editable else [pen.context("mine.frozen")]
    body = rows or [pen.section("mine.none")]
    return [*head, *told, *body, *pen.pager(screen.page, screen.pages), *foot, pen.context("mine.nameless")]


def _own(line: IdeaLine, screen: MyIdeas, pen: Pen) -> list[Json]:
    told = pen.idea(replace(line, author=None), markup.MOST_TYPED)
    if line.state is not IdeaState.STANDING:
        told = f"{told}\n{pen.say('mine.state', state=line.state)}"
    return [blocks.section(told), *pen.buttons(_deeds(line, screen))]


def _deeds(line: IdeaLine, screen: MyIdeas) -> list[Button]:
    own, spoken = IdeaTarget(screen.hunt.id, line.number).pack(), {"number": int(line.number)}
    if not screen.editable or line.state is IdeaState.MERGED:
        return []
    if line.state is IdeaState.WITHDRAWN:
        return [Button(Deed.RESTORE_IDEA, own, facts=spoken)]
    return [Button(Deed.EDIT_IDEA, own, facts=spoken), Button(Deed.WITHDRAW_IDEA, own, confirm=True, facts=spoken)]
