"""People behind a vote: paper ballots to enter, who facilitates, who observes, roles."""

from __future__ import annotations

from bot.domain.names import sign
from bot.screens import Button, Deed, PaperForm, RolesForm, ShareForm
from bot.words import Raw, Words
from handlers.desk import wire
from handlers.desk.targets import BatchTarget
from handlers.desk.wire import Field, Form, Pick
from handlers.teams import elements, markup
from handlers.teams.cards_forms import id_of, label, people
from handlers.teams.elements import Json
from handlers.teams.pen import Pen

MOST_TYPED = 3_000
MOST_LISTED = 100
MOST_LINE = 90
COPIES = (1, 5, 10, 20, 30, 60)
MOST_ROLE = 40
MANY = "copies"
"""The input that says how many ballots to print; sent with its button."""


def papers(form: PaperForm, pen: Pen) -> list[Json]:
    """Print them, type them in, take a batch out again; the numbers below."""
    asked = elements.line_input(
        id_of(Field.PAPERS), label(Field.PAPERS, pen), most=MOST_TYPED, multiline=True, hint=_example(form, pen)
    )
    left = len(form.lines) - MOST_LISTED
    numbers = elements.lines(
        pen.numbered(one.number, one.title or one.text, MOST_LINE) for one in form.lines[:MOST_LISTED]
    )
    return [
        pen.text("papers.how", dots=form.round.dots, cap=form.round.cap),
        *_copies(pen),
        asked,
        people(Field.STRUCK, (), pen),
        *pen.submits(Form.PAPERS),
        *_batches(form, pen),
        elements.group([*numbers, *([pen.small("board.more_ideas", n=left)] if left > 0 else [])]),
    ]


def _copies(pen: Pen) -> list[Json]:
    options = [elements.choice(pen.plain("papers.copies", n=number), str(number)) for number in COPIES]
    print_them = pen.plain("papers.print")
    chooser = elements.select(MANY, print_them, options, str(COPIES[0]))
    return [chooser, *elements.rows([pen.does(print_them, wire.pick_action(Pick.COPIES), inputs=True)])]


def _example(form: PaperForm, pen: Pen) -> str:
    """Two made-up lines with real numbers of this ballot."""
    known = [sign(line.number).lstrip("#") for line in form.lines[:3]]
    if len(known) < 2 or form.round.cap < 2 or form.round.dots < 3:  # noqa: PLR2004 - what the example needs
        return pen.plain("papers.example", one=Words(known[0]), other=Words(known[-1]))
    return pen.plain("papers.example", one=Words(f"{known[0]}x2 {known[1]}"), other=Words(" ".join(known[1:])))


def _batches(form: PaperForm, pen: Pen) -> list[Json]:
    if not form.batches:
        return []
    row = [
        Button(
            Deed.TAKE_BACK,
            BatchTarget(form.hunt.id, form.round.number, batch).pack(),
            confirm=True,
            facts={"n": many, "batch": batch},
        )
        for batch, many in form.batches[-10:]
    ]
    total = sum(many for _, many in form.batches)
    return [pen.text("papers.so_far", n=total), *pen.buttons(row)]


def share(form: ShareForm, pen: Pen) -> list[Json]:
    """Who facilitates too, who observes."""
    told = [pen.text("share.lead")]
    told += [elements.warning(pen.say("share.frozen"))] if form.frozen else []
    leads = people(Field.COFACILITATORS, form.cofacilitators, pen)
    return [*told, leads, people(Field.OBSERVERS, form.observers, pen), *pen.submits(Form.SHARE)]


def roles(form: RolesForm, pen: Pen) -> list[Json]:
    """The roles there are, and one to give."""
    listed = [(Raw(markup.one_line(role, MOST_ROLE)), Words(f" ({number})")) for role, number in form.roles]
    told = [pen.text("roles.now", roles=pen.words.listed(listed))] if listed else []
    return [
        pen.text("roles.lead"),
        *told,
        elements.line_input(id_of(Field.ROLE), label(Field.ROLE, pen), most=MOST_ROLE),
        people(Field.PEOPLE, (), pen),
        *pen.submits(Form.ROLES),
    ]
