"""One voter's private ballot, with choices saved at once or with number fields saved together; and its receipt."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.names import sign
from bot.screens import BallotForm, BallotLine, Button, Deed, Receipt
from bot.words import Words
from handlers.desk import wire
from handlers.desk.targets import DotsWish
from handlers.desk.wire import Pick
from handlers.slack import blocks, markup
from handlers.slack.blocks import Json
from handlers.slack.blocks_vote import sentences
from handlers.slack.pen import Pen

FULL, EMPTY = "●", "○"
MOST_SIGNS = 10
"""Above, the row of signs is left out: the words say it all."""
MOST_TOLD = 280
PAGE = 20


def ballot(form: BallotForm, pen: Pen) -> list[Json]:
    """Dots left on top in words and signs, then a page of ideas, each with its own choice."""
    labels = [_dots(count, pen) for count in range(max(map(_most, form.lines), default=0) + 1)]
    lines = [_option(line, labels, form, pen) for line in form.lines]
    return [*_top(form, pen), *_filter(form, pen), *lines, *pen.pager(form.page, form.pages), *_foot(form, pen)]


def plain_ballot(form: BallotForm, pen: Pen) -> list[Json]:
    """A number field for each idea of the page, checked when the ballot is saved."""
    lines = [_field(line, form, pen) for line in form.lines]
    kept = "ballot.page_kept" if form.round.detached else "ballot.page_saved"
    turning = [pen.context(kept)] if form.pages > 1 else []
    return [*_top(form, pen), *lines, *turning, *pen.pager(form.page, form.pages), *_foot(form, pen)]


def _top(form: BallotForm, pen: Pen) -> list[Json]:
    refused = [blocks.alert(_refusal(form, pen), "warning")] if form.refused else []
    rules = "\n".join(sentences(form.rules, pen))
    once = [blocks.alert(pen.say("ballot.once"), "warning")] if form.round.detached else []
    count = _count(form, pen)
    left = form.round.dots - form.used
    shown = blocks.section(f"*{count}*") if left else blocks.alert(f"{count}. {pen.say('ballot.full')}", "success")
    question = pen.context("idea.in", question=form.hunt.question)
    return [*refused, *once, shown, question, blocks.context(rules)]


def _refusal(form: BallotForm, pen: Pen) -> str:
    assert form.refused is not None
    return pen.say(form.refused.key, **pen.note_facts(form.refused.facts))


def _count(form: BallotForm, pen: Pen) -> str:
    total, used = form.round.dots, form.used
    told = pen.say("ballot.used", used=used, total=total, left=total - used, n=used)
    return f"{FULL * used}{EMPTY * (total - used)} — {told}" if total <= MOST_SIGNS else told


def _filter(form: BallotForm, pen: Pen) -> list[Json]:
    if not form.themes:
        return []
    options = [blocks.option(pen.plain("filter.all"), wire.ALL)]
    options += [blocks.choice(one.text, wire.filter_value(one.value)) for one in form.themes]
    chooser = blocks.select(wire.pick_action(Pick.FILTER), options, wire.filter_value(form.theme))
    return blocks.actions([chooser])


def _option(line: BallotLine, labels: Sequence[str], form: BallotForm, pen: Pen) -> Json:
    values = [DotsWish(form.round.number, line.number, count).pack() for count in range(_most(line) + 1)]
    options = [blocks.option(label, value) for label, value in zip(labels, values, strict=False)]
    return blocks.section(
        "\n".join(_told(line, pen)),
        blocks.select(wire.pick_action(Pick.DOTS), options, values[line.dots]),
        wire.ballot_block(form.round.number, line.number, form.revision),
    )


def _most(line: BallotLine) -> int:
    return max(line.most, line.dots)


def _dots(count: int, pen: Pen) -> str:
    signs = FULL * count if count <= MOST_SIGNS else ""
    return f"{signs} {pen.plain('count.dots', n=count)}".strip()


def _told(line: BallotLine, pen: Pen) -> list[str]:
    """The number in bold, the headline; a folded text goes on below; the theme in small words."""
    said = [pen.numbered(line.number, line.title or line.text, MOST_TOLD)]
    if line.title:
        said.append(markup.typed(markup.one_line(line.text, MOST_TOLD)))
    return [*said, pen.say("ballot.theme", theme=line.theme)] if line.theme else said


def _field(line: BallotLine, form: BallotForm, pen: Pen) -> Json:
    label = pen.plain(
        "ballot.option", number=Words(sign(line.number)), idea=markup.one_line(line.title or line.text, MOST_TOLD)
    )
    hint = pen.plain("ballot.theme", theme=line.theme) if line.theme else ""
    element = blocks.number_input(line.dots, 0, form.round.cap)
    return blocks.asks(f"option:{line.number}", label, element, hint=hint, optional=True)


def _foot(form: BallotForm, pen: Pen) -> list[Json]:
    saved = "ballot.trust.plain" if form.plain else "ballot.trust"
    saved = "ballot.trust.once" if form.round.detached else saved
    return [pen.context(saved), blocks.context("\n".join(sentences(form.trust, pen)))]


def receipt(screen: Receipt, pen: Pen) -> list[Json]:
    """What is kept of this voter now, read once and left nowhere: no message holds it."""
    total = screen.round.dots
    told = pen.say("ballot.used", used=screen.used, total=total, left=total - screen.used, n=screen.used)
    lines = [
        f"• {pen.numbered(line.number, line.title or line.text)} — {_dots(line.dots, pen)}" for line in screen.lines
    ]
    kept = "receipt.once" if screen.round.detached else "receipt.kept"
    until = [pen.context("receipt.until", at=screen.round.closes_at)] if screen.round.closes_at else []
    rows = [blocks.section("\n".join(lines[start : start + PAGE])) for start in range(0, len(lines), PAGE)]
    again = (
        [] if screen.round.detached else pen.buttons([Button(Deed.VOTE, screen.hunt.id, label="button.change_ballot")])
    )
    return [
        blocks.alert(pen.say(kept, at=screen.at), "success"),
        blocks.section(f"*{told}*"),
        *rows,
        *([] if screen.round.detached else until),
        *again,
        pen.context("receipt.private"),
    ]
