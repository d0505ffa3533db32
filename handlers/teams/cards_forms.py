"""The forms people fill in: launch, idea, ballot, vote, settings, a name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from bot.domain.hunt import MAX_QUESTION, MAX_THEME, Capture, Names
from bot.screens import BallotForm, BallotLine, Button, Deed, IdeaForm, LaunchForm, Settings, VoteForm
from handlers.desk import wire
from handlers.desk.wire import Field, Form, Pick, ViewState
from handlers.teams import elements, markup
from handlers.teams.elements import Json
from handlers.teams.pen import Pen

DOTS = (3, 5, 7, 10)
MOST_CAP = 5
MOST_PLACES = 10
MOST_TEXT = 3_000
"""More than an idea may have, so that a longer text is refused with a sentence instead of cut in silence."""
MOST_THEMES_TEXT = 1_000
MOST_NUMBER = 99
MOST_TOLD = 280
FULL, EMPTY = "●", "○"
MOST_SIGNS = 10
LANGUAGE_NAMES: Mapping[str, str] = {"fr": "language.fr", "en": "language.en"}
PEOPLE = {"type": "Data.Query", "dataset": "graph.microsoft.com/users?scope=currentContext"}
"""Teams offers the people of the conversation while one types."""


def launch(form: LaunchForm, pen: Pen) -> list[Json]:
    """Four fields, and the others behind a button that keeps what was typed; the room is the one it is opened in."""
    told = [elements.warning(pen.say(key)) for key in form.problems.values()]
    if form.room is None:
        return told or [pen.text("teams.launch.where")]
    more = elements.rows([pen.does(pen.plain("launch.more"), wire.pick_action(Pick.MORE), inputs=True)])
    question = _line(Field.QUESTION, pen, form.question, most=MAX_QUESTION)
    return [
        *told,
        pen.text("launch.lead"),
        elements.required(question, pen.plain("launch.problem.no_question")),
        _line(Field.THEMES, pen, "\n".join(form.themes), most=MOST_THEMES_TEXT, multiline=True),
        *_moment(Field.COLLECT_UNTIL, pen, form.collect_until),
        _dots(form.dots, pen),
        *(_launch_rest(form, pen) if form.full else more),
        *pen.submits(Form.LAUNCH),
    ]


def _id(field: Field) -> str:
    return wire.block(field.value)


def _label(field: Field, pen: Pen) -> str:
    return pen.plain(f"field.{field.value}")


def _line(field: Field, pen: Pen, typed: str = "", *, most: int, multiline: bool = False) -> Json:
    """A field with its label, and its hint where the catalogue has one."""
    key = f"field.{field.value}.hint"
    hint = pen.plain(key) if pen.words.has(key) else ""
    return elements.line_input(_id(field), _label(field, pen), typed, most=most, multiline=multiline, hint=hint)


def _moment(field: Field, pen: Pen, at: datetime | None) -> list[Json]:
    return elements.moment(_id(field), _label(field, pen), pen.plain("field.time"), at, pen.zone)


def _dots(dots: int | None, pen: Pen) -> Json:
    counts = sorted({*DOTS, *([dots] if dots else [])})
    options = [elements.choice(pen.plain("dots.auto"), "auto")]
    options += [elements.choice(pen.plain("count.dots", n=count), str(count)) for count in counts]
    return elements.select(_id(Field.DOTS), _label(Field.DOTS, pen), options, str(dots) if dots else "auto")


def _counts(field: Field, numbers: Iterable[int], chosen: int, pen: Pen) -> Json:
    options = [elements.choice(str(number), str(number)) for number in sorted({*numbers, chosen})]
    return elements.select(_id(field), _label(field, pen), options, str(chosen))


def _launch_rest(form: LaunchForm, pen: Pen) -> list[Json]:
    return [
        _languages(Field.LANGUAGE, form.language, pen),
        _privacy(pen, private=form.private),
        _words(Field.NAMES, Names, form.names.value, pen),
        _words(Field.CAPTURE, Capture, form.capture.value, pen),
        _counts(Field.CAP, range(1, MOST_CAP + 1), form.cap, pen),
        _counts(Field.PLACES, range(1, MOST_PLACES + 1), form.places, pen),
        *_moment(Field.VOTE_FROM, pen, form.vote_from),
        *_moment(Field.VOTE_UNTIL, pen, form.vote_until),
        _people(form, pen),
        *_moment(Field.NEXT_SESSION, pen, form.next_session),
    ]


def _people(form: LaunchForm, pen: Pen) -> Json:
    """Whoever is chosen comes as an object id; those chosen before are named, the others are looked up by Teams."""
    known = [elements.choice(pen.names.get(person, person), person) for person in form.cofacilitators]
    known = known or [elements.choice(pen.plain("person.nobody"), "")]
    asked = elements.ticks(_id(Field.COFACILITATORS), _label(Field.COFACILITATORS, pen), known, form.cofacilitators)
    return {**asked, "style": "filtered", "choices.data": PEOPLE}


def _words(field: Field, kind: type[Names | Capture], chosen: str, pen: Pen) -> Json:
    told = {member.value: pen.plain(f"{kind.__name__.lower()}.{member.value}") for member in kind}
    options = [elements.choice(words[:1].upper() + words[1:], value) for value, words in told.items()]
    return elements.radios(_id(field), _label(field, pen), options, chosen)


def _languages(field: Field, chosen: str, pen: Pen, *, auto: bool = False) -> Json:
    options = [elements.choice(pen.plain("teams.language.auto"), "auto")] if auto else []
    options += [elements.choice(pen.plain(key), code) for code, key in LANGUAGE_NAMES.items()]
    return elements.radios(_id(field), _label(field, pen), options, chosen)


def _privacy(pen: Pen, *, private: bool) -> Json:
    options = [elements.choice(pen.plain("private.yes"), "yes"), elements.choice(pen.plain("private.no"), "no")]
    return elements.radios(_id(Field.PRIVATE), _label(Field.PRIVATE, pen), options, "yes" if private else "no")


def idea(form: IdeaForm, pen: Pen) -> list[Json]:
    """One idea: its words, its theme, with or without a name, and who will see it."""
    if len(form.hunts) > 1 and not form.hunt:
        return _which(form, pen)
    asked = _line(Field.TEXT, pen, form.text, most=MOST_TEXT, multiline=True)
    fields = [elements.required(asked, pen.plain("refusal.too_short", least=3, n=3))]
    if form.themes:
        themes = [elements.choice(markup.one_line(one.text), one.value) for one in form.themes]
        chosen = str(form.theme) if form.theme is not None else ""
        hint = pen.plain("field.theme.hint")
        fields.append(elements.select(_id(Field.THEME), _label(Field.THEME, pen), themes, chosen, hint))
    if form.own_themes:
        fields.append(_line(Field.NEW_THEME, pen, most=MAX_THEME))
    if form.may_hide_name:
        label = _label(Field.NAMELESS, pen)
        fields.append(elements.tick(_id(Field.NAMELESS), label, pen.plain("nameless.tick"), ticked=form.nameless))
    told = [pen.small("idea.source")] if form.source else []
    return [*_hunt(form, pen), *fields, *told, pen.small(_trust(form)), *pen.submits(Form.IDEA)]


def _trust(form: IdeaForm) -> str:
    if form.token:
        return "idea.trust.nameless"
    return "idea.trust" if form.may_hide_name else "idea.trust.kept"


def _hunt(form: IdeaForm, pen: Pen) -> list[Json]:
    named = [one for one in form.hunts if one.value == form.hunt] or list(form.hunts[:1])
    return [pen.small("idea.in", question=one.text) for one in named]


def _which(form: IdeaForm, pen: Pen) -> list[Json]:
    """Several hunts take ideas: a button for each opens its form."""
    buttons = [pen.does(markup.one_line(one.text, 60), wire.pick_action(Pick.HUNT), one.value) for one in form.hunts]
    return [pen.text("direct.which"), *elements.rows(buttons)]


def ballot(form: BallotForm, pen: Pen) -> list[Json]:
    """Dots left on top in words and signs, then a page of ideas, each with its own choice; saved together."""
    turning = [pen.small("ballot.page_saved")] if form.pages > 1 else []
    return [
        *_top(form, pen),
        *(asked for line in form.lines for asked in _option(line, form, pen)),
        *turning,
        *pen.pager(form.page, form.pages, inputs=True),
        *pen.submits(Form.PLAIN_BALLOT),
        pen.small("ballot.trust.plain"),
        pen.small("ballot.secret"),
    ]


def _top(form: BallotForm, pen: Pen) -> list[Json]:
    refused = []
    if form.refused is not None:
        refused = [elements.warning(pen.say(form.refused.key, **pen.note_facts(form.refused.facts)))]
    total, used = form.round.dots, form.used
    told = pen.say("ballot.used", used=used, total=total, left=total - used, n=used)
    signs = f"{FULL * used}{EMPTY * (total - used)} — " if total <= MOST_SIGNS else ""
    rules = [pen.say("ballot.rules", cap=form.round.cap, n=form.round.cap)]
    rules += [pen.say("board.vote_until", at=form.round.closes_at)] if form.round.closes_at else []
    full = [pen.text("ballot.full")] if used == total else []
    question = pen.small("idea.in", question=form.hunt.question)
    return [*refused, elements.title(f"{signs}{told}"), *full, question, elements.small(" ".join(rules))]


def _option(line: BallotLine, form: BallotForm, pen: Pen) -> list[Json]:
    """The idea is the label of its choice: screen readers say it before they ask."""
    label = pen.plain("ballot.option", number=line.number, idea=markup.one_line(line.title or line.text, MOST_TOLD))
    most = max(form.round.cap, line.dots)
    options = [elements.choice(_count(count, pen), str(count)) for count in range(most + 1)]
    asked = elements.select(wire.block(f"option:{line.number}"), label, options, str(line.dots))
    told = [markup.typed(markup.one_line(line.text, MOST_TOLD))] if line.title else []
    told += [pen.say("ballot.theme", theme=line.theme)] if line.theme else []
    return [asked, *(elements.small(one) for one in told)]


def _count(count: int, pen: Pen) -> str:
    signs = FULL * count if count <= MOST_SIGNS else ""
    return f"{signs} {pen.plain('count.dots', n=count)}".strip()


def vote(form: VoteForm, pen: Pen) -> list[Json]:
    """The rules before a round opens, and the look-alikes nobody decided."""
    told: list[Json] = []
    if form.undecided:
        told.append(elements.warning(pen.say("vote.undecided", n=form.undecided)))
        told += pen.buttons([Button(Deed.DUPLICATES, form.hunt.id)])
    return [
        pen.text("vote.lead", n=form.options),
        *told,
        elements.number(_id(Field.DOTS), _label(Field.DOTS, pen), form.dots, 1, MOST_NUMBER),
        _counts(Field.CAP, range(1, MOST_CAP + 1), form.cap, pen),
        _counts(Field.PLACES, range(1, MOST_PLACES + 1), form.places, pen),
        *_moment(Field.CLOSES_AT, pen, form.closes_at),
        pen.small("vote.rules"),
        *pen.submits(Form.VOTE),
    ]


def settings(form: Settings, pen: Pen) -> list[Json]:
    """A person's own choices, and the room's where they facilitate. The ballot is the plain one for everybody here."""
    muted = elements.tick(_id(Field.MUTED), _label(Field.MUTED, pen), pen.plain("muted.tick"), ticked=form.muted)
    mine = [_languages(Field.LANGUAGE, form.language or "auto", pen, auto=True), muted]
    return [*mine, *(_room_settings(form, pen) if form.room else []), *pen.submits(Form.SETTINGS)]


def _room_settings(form: Settings, pen: Pen) -> list[Json]:
    label = _label(Field.DIGEST, pen)
    return [
        pen.text("settings.room"),
        _languages(Field.ROOM_LANGUAGE, form.room_language or "en", pen),
        elements.tick(_id(Field.DIGEST), label, pen.plain("digest.tick"), ticked=bool(form.digest)),
    ]


def theme_name(state: ViewState, pen: Pen, name: str = "") -> list[Json]:
    """One name: of the theme `state.theme`, or of a new one for the idea `state.number`, or of an empty one."""
    told = [pen.small("theme_name.for", number=state.number)] if state.number else []
    return [*told, _line(Field.NAME, pen, name, most=MAX_THEME), *pen.submits(Form.THEME_NAME)]
