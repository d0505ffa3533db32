"""People behind a vote: paper ballots to enter, who facilitates, who observes, roles."""

from __future__ import annotations

from bot.domain.names import sign
from bot.screens import BallotLine, Button, Deed, PaperForm, RolesForm, ShareForm
from bot.words import Raw, Words
from handlers.desk import wire
from handlers.desk.targets import BatchTarget
from handlers.desk.wire import Field, Pick
from handlers.slack import blocks, markup
from handlers.slack.blocks import Json
from handlers.slack.blocks_forms import asked
from handlers.slack.payloads import ours
from handlers.slack.pen import Pen

MOST_TYPED = 3_000
LINES_A_SECTION = 20
MOST_LISTED = 100
MOST_LINE = 90
COPIES = (1, 5, 10, 20, 30, 60)
MOST_ROLE = 40


def papers(form: PaperForm, pen: Pen) -> list[Json]:
    """Print them, type them in, take a batch out again; the numbers below."""
    round = form.round
    rules = pen.say("papers.how", dots=round.dots, cap=round.cap)
    people: Json = {"type": "multi_users_select", "action_id": wire.VALUE}
    typed = blocks.text_input(most=MOST_TYPED, multiline=True, placeholder=_example(form, pen))
    return [
        blocks.section(rules, _copies(pen)),
        asked(Field.PAPERS, pen, typed),
        asked(Field.STRUCK, pen, people, optional=True),
        *_batches(form, pen),
        blocks.divider(),
        *_numbers(form, pen),
    ]


def _copies(pen: Pen) -> Json:
    options = [blocks.option(pen.plain("papers.copies", n=number), str(number)) for number in COPIES]
    return blocks.select(wire.pick_action(Pick.COPIES), options, "", pen.plain("papers.print"))


def _example(form: PaperForm, pen: Pen) -> str:
    """Two made-up lines with real numbers of this ballot."""
    known = [sign(line.number).lstrip("#") for line in form.lines[:3]]
    if len(known) < 2 or form.round.cap < 2 or form.round.dots < 3:  # noqa: PLR2004 - what the example needs
        return pen.plain("papers.example", one=Words(known[0]), other=Words(known[-1]))
    return pen.plain("papers.example", one=Words(f"{known[0]}x2 {known[1]}"), other=Words(" ".join(known[1:])))


def _batches(form: PaperForm, pen: Pen) -> list[Json]:
    if not form.batches:
        return []
    shown = form.batches[-10:]
    row = [
        Button(
            Deed.TAKE_BACK,
            BatchTarget(form.hunt.id, form.round.number, batch).pack(),
            confirm=True,
            facts={"n": many, "batch": batch},
        )
        for batch, many in shown
    ]
    total = sum(many for _, many in form.batches)
    return [pen.section("papers.so_far", n=total), *pen.buttons(row)]


def _numbers(form: PaperForm, pen: Pen) -> list[Json]:
    lines = [_line(line, pen) for line in form.lines[:MOST_LISTED]]
    starts = range(0, len(lines), LINES_A_SECTION)
    drawn = [blocks.section("\n".join(lines[start : start + LINES_A_SECTION])) for start in starts]
    left = len(form.lines) - len(lines)
    return [*drawn, *([pen.context("board.more_ideas", n=left)] if left > 0 else [])]


def _line(line: BallotLine, pen: Pen) -> str:
    return pen.numbered(line.number, line.title or line.text, MOST_LINE)


def share(form: ShareForm, pen: Pen) -> list[Json]:
    """Who facilitates too, who observes."""
    told = [pen.section("share.lead")]
    told += [blocks.alert(pen.say("share.frozen"), "warning")] if form.frozen else []
    return [
        *told,
        asked(Field.COFACILITATORS, pen, _people(form.cofacilitators), optional=True),
        asked(Field.OBSERVERS, pen, _people(form.observers), optional=True),
    ]


def _people(chosen: tuple[str, ...]) -> Json:
    """People to choose; whoever is known by an account of another platform is unknown to Slack, and not shown."""
    held: Json = {"type": "multi_users_select", "action_id": wire.VALUE}
    shown = [person for person in chosen if ours(person)]
    return {**held, "initial_users": shown} if shown else held


def roles(form: RolesForm, pen: Pen) -> list[Json]:
    """The roles there are, and one to give."""
    listed = [(Raw(markup.one_line(role, MOST_ROLE)), Words(f" ({number})")) for role, number in form.roles]
    told = [pen.section("roles.now", roles=pen.words.listed(listed))] if listed else []
    return [
        pen.section("roles.lead"),
        *told,
        asked(Field.ROLE, pen, blocks.text_input(most=MOST_ROLE), optional=True),
        asked(Field.PEOPLE, pen, _people(())),
    ]
