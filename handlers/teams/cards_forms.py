"""The forms people fill in: launch, idea, settings, a name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from bot.domain.hunt import MAX_QUESTION, MAX_THEME, Capture, Names
from bot.domain.names import PersonId
from bot.screens import IdeaForm, LaunchForm, Settings
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
LANGUAGE_NAMES: Mapping[str, str] = {"fr": "language.fr", "en": "language.en"}
PEOPLE = {"type": "Data.Query", "dataset": "graph.microsoft.com/users?scope=currentContext"}
"""Teams offers the people of the conversation while one types."""


def launch(form: LaunchForm, pen: Pen) -> list[Json]:
    """Four fields, and the others behind a button that keeps what was typed; the room is the one it is opened in."""
    told = [elements.warning(pen.say(key)) for key in form.problems.values()]
    if form.room is None:
        return told or [pen.text("teams.launch.where")]
    more = elements.rows([pen.does(pen.plain("launch.more"), wire.pick_action(Pick.MORE), inputs=True)])
    return [
        *told,
        pen.text("launch.lead"),
        line(Field.QUESTION, pen, form.question, most=MAX_QUESTION),
        line(Field.THEMES, pen, "\n".join(form.themes), most=MOST_THEMES_TEXT, multiline=True),
        *moment(Field.COLLECT_UNTIL, pen, form.collect_until),
        _dots(form.dots, pen),
        *(_launch_rest(form, pen) if form.full else more),
        *pen.submits(Form.LAUNCH),
    ]


def id_of(field: Field) -> str:
    """The id of the field's input."""
    return wire.block(field.value)


def label(field: Field, pen: Pen) -> str:
    """What the field asks."""
    return pen.plain(f"field.{field.value}")


def line(field: Field, pen: Pen, typed: str = "", *, most: int, multiline: bool = False) -> Json:
    """A field with its label, and its hint where the catalogue has one."""
    key = f"field.{field.value}.hint"
    hint = pen.plain(key) if pen.words.has(key) else ""
    return elements.line_input(id_of(field), label(field, pen), typed, most=most, multiline=multiline, hint=hint)


def moment(field: Field, pen: Pen, at: datetime | None) -> list[Json]:
    """A day and a time of day."""
    return elements.moment(id_of(field), label(field, pen), pen.plain("teams.time"), at, pen.zone)


def _dots(dots: int | None, pen: Pen) -> Json:
    counts = sorted({*DOTS, *([dots] if dots else [])})
    options = [elements.choice(pen.plain("dots.auto"), "auto")]
    options += [elements.choice(pen.plain("count.dots", n=count), str(count)) for count in counts]
    return elements.select(id_of(Field.DOTS), label(Field.DOTS, pen), options, str(dots) if dots else "auto")


def counts(field: Field, numbers: Iterable[int], chosen: int, pen: Pen) -> Json:
    """A choice among a few numbers, the chosen one always among them."""
    options = [elements.choice(str(number), str(number)) for number in sorted({*numbers, chosen})]
    return elements.select(id_of(field), label(field, pen), options, str(chosen))


def _launch_rest(form: LaunchForm, pen: Pen) -> list[Json]:
    return [
        _languages(Field.LANGUAGE, form.language, pen),
        _privacy(pen, private=form.private),
        _words(Field.NAMES, Names, form.names.value, pen),
        _words(Field.CAPTURE, Capture, form.capture.value, pen),
        counts(Field.CAP, range(1, MOST_CAP + 1), form.cap, pen),
        counts(Field.PLACES, range(1, MOST_PLACES + 1), form.places, pen),
        *moment(Field.VOTE_FROM, pen, form.vote_from),
        *moment(Field.VOTE_UNTIL, pen, form.vote_until),
        people(Field.COFACILITATORS, form.cofacilitators, pen),
        people(Field.OBSERVERS, form.observers, pen),
        *moment(Field.NEXT_SESSION, pen, form.next_session),
    ]


def people(field: Field, chosen: Sequence[PersonId], pen: Pen) -> Json:
    """Whoever is chosen comes as an object id; those chosen before are named, the others are looked up by Teams."""
    known = [elements.choice(pen.names.get(person, person), person) for person in chosen]
    known = known or [elements.choice(pen.plain("person.nobody"), "")]
    asked = elements.ticks(id_of(field), label(field, pen), known, chosen)
    return {**asked, "style": "filtered", "choices.data": PEOPLE}


def _words(field: Field, kind: type[Names | Capture], chosen: str, pen: Pen) -> Json:
    told = {member.value: pen.plain(f"{kind.__name__.lower()}.{member.value}") for member in kind}
    options = [elements.choice(words[:1].upper() + words[1:], value) for value, words in told.items()]
    return elements.radios(id_of(field), label(field, pen), options, chosen)


def _languages(field: Field, chosen: str, pen: Pen, *, auto: bool = False) -> Json:
    options = [elements.choice(pen.plain("teams.language.auto"), "auto")] if auto else []
    options += [elements.choice(pen.plain(key), code) for code, key in LANGUAGE_NAMES.items()]
    return elements.radios(id_of(field), label(field, pen), options, chosen)


def _privacy(pen: Pen, *, private: bool) -> Json:
    options = [elements.choice(pen.plain("private.yes"), "yes"), elements.choice(pen.plain("private.no"), "no")]
    return elements.radios(id_of(Field.PRIVATE), label(Field.PRIVATE, pen), options, "yes" if private else "no")


def idea(form: IdeaForm, pen: Pen) -> list[Json]:
    """One idea: its words, its theme, with or without a name, and who will see it."""
    if len(form.hunts) > 1 and not form.hunt:
        return _which(form, pen)
    asked = line(Field.TEXT, pen, form.text, most=MOST_TEXT, multiline=True)
    fields = [elements.required(asked, pen.plain("refusal.too_short", least=3, n=3))]
    if form.themes:
        themes = [elements.choice(markup.one_line(one.text), one.value) for one in form.themes]
        chosen = str(form.theme) if form.theme is not None else ""
        hint = pen.plain("field.theme.hint")
        fields.append(elements.select(id_of(Field.THEME), label(Field.THEME, pen), themes, chosen, hint))
    if form.own_themes:
        fields.append(line(Field.NEW_THEME, pen, most=MAX_THEME))
    if form.may_hide_name:
        told = pen.plain("nameless.tick")
        fields.append(elements.tick(id_of(Field.NAMELESS), label(Field.NAMELESS, pen), told, ticked=form.nameless))
    source = [pen.small("idea.source")] if form.source else []
    sent = [pen.small("idea.trust.outside", host=form.outside)] if form.outside else []
    return [*_hunt(form, pen), *fields, *source, pen.small(_trust(form)), *sent, *pen.submits(Form.IDEA)]


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


def settings(form: Settings, pen: Pen) -> list[Json]:
    """A person's own choices, and the room's where they facilitate. The ballot is the plain one for everybody here."""
    muted = elements.tick(id_of(Field.MUTED), label(Field.MUTED, pen), pen.plain("muted.tick"), ticked=form.muted)
    mine = [_languages(Field.LANGUAGE, form.language or "auto", pen, auto=True), muted]
    return [*mine, *(_room_settings(form, pen) if form.room else []), *pen.submits(Form.SETTINGS)]


def _room_settings(form: Settings, pen: Pen) -> list[Json]:
    return [
        pen.text("settings.room"),
        _languages(Field.ROOM_LANGUAGE, form.room_language or "en", pen),
        elements.tick(
            id_of(Field.DIGEST), label(Field.DIGEST, pen), pen.plain("digest.tick"), ticked=bool(form.digest)
        ),
    ]


def theme_name(state: ViewState, pen: Pen, name: str = "") -> list[Json]:
    """One name: of `state.theme`, called `name` so far, or of a new theme, for the idea `state.number` or for none."""
    told = [pen.small("theme_name.for", number=state.number)] if state.number else []
    told += [pen.small("theme_name.of", theme=name)] if state.theme and name else []
    return [*told, line(Field.NAME, pen, name, most=MAX_THEME), *pen.submits(Form.THEME_NAME)]
