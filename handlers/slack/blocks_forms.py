"""The forms people fill in: launch, idea, settings, a name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.domain.hunt import MAX_QUESTION, MAX_THEME, Capture, Names
from bot.screens import IdeaForm, LaunchForm, Settings
from handlers.desk import wire
from handlers.desk.wire import Field, Pick, ViewState
from handlers.slack import blocks
from handlers.slack.blocks import Json
from handlers.slack.pen import Pen

DOTS = (3, 5, 7, 10)
MOST_CAP = 5
MOST_PLACES = 10
MOST_TEXT = 3_000
"""More than an idea may have, so that a longer text is refused with a sentence instead of cut in silence."""
MOST_THEMES_TEXT = 1_000
MOST_NUMBER = 99
LANGUAGE_NAMES: Mapping[str, str] = {"fr": "language.fr", "en": "language.en"}


def launch(form: LaunchForm, pen: Pen) -> list[Json]:
    """Five fields, and the others behind a button that keeps what was typed."""
    told = [blocks.alert(pen.say(key), "warning") for key in form.problems.values()]
    more = blocks.button(wire.pick_action(Pick.MORE), pen.plain("launch.more"))
    rest = _launch_rest(form, pen) if form.full else blocks.actions([more])
    themes = blocks.text_input("\n".join(form.themes), most=MOST_THEMES_TEXT, multiline=True)
    return [
        *told,
        pen.section("launch.lead"),
        asked(Field.QUESTION, pen, blocks.text_input(form.question, most=MAX_QUESTION)),
        asked(Field.ROOM, pen, _room(form)),
        asked(Field.THEMES, pen, themes, optional=True),
        asked(Field.COLLECT_UNTIL, pen, blocks.moment_input(form.collect_until), optional=True),
        asked(Field.DOTS, pen, _dots(form.dots, pen)),
        *rest,
    ]


def asked(field: Field, pen: Pen, element: Json, *, optional: bool = False, acts: bool = False) -> Json:
    """A field with its label, and its hint where the catalogue has one."""
    key = f"field.{field.value}"
    hint = pen.plain(f"{key}.hint") if pen.words.has(f"{key}.hint") else ""
    return blocks.asks(field.value, pen.plain(key), element, hint=hint, optional=optional, acts=acts)


def _room(form: LaunchForm) -> Json:
    chosen = {"initial_conversation": form.room} if form.room else {"default_to_current_conversation": True}
    return {
        "type": "conversations_select",
        "action_id": wire.VALUE,
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
        **chosen,
    }


def _dots(dots: int | None, pen: Pen) -> Json:
    counts = sorted({*DOTS, *([dots] if dots else [])})
    options = [blocks.option(pen.plain("dots.auto"), "auto")]
    options += [blocks.option(pen.plain("count.dots", n=count), str(count)) for count in counts]
    return blocks.select(wire.VALUE, options, str(dots) if dots else "auto")


def counts(numbers: Iterable[int], chosen: int) -> Json:
    """A choice among a few numbers, the chosen one always among them."""
    options = [blocks.option(str(number), str(number)) for number in sorted({*numbers, chosen})]
    return blocks.select(wire.VALUE, options, str(chosen))


def _launch_rest(form: LaunchForm, pen: Pen) -> list[Json]:
    people: Json = {"type": "multi_users_select", "action_id": wire.VALUE}
    if form.cofacilitators:
        people["initial_users"] = list(form.cofacilitators)
    watching: Json = {"type": "multi_users_select", "action_id": wire.VALUE}
    if form.observers:
        watching["initial_users"] = list(form.observers)
    return [
        asked(Field.LANGUAGE, pen, _languages(form.language, pen)),
        asked(Field.PRIVATE, pen, _privacy(pen, private=form.private)),
        asked(Field.NAMES, pen, blocks.radios([_word(one, pen) for one in Names], form.names.value)),
        asked(Field.CAPTURE, pen, blocks.radios([_word(one, pen) for one in Capture], form.capture.value)),
        asked(Field.CAP, pen, counts(range(1, MOST_CAP + 1), form.cap)),
        asked(Field.PLACES, pen, counts(range(1, MOST_PLACES + 1), form.places)),
        asked(Field.VOTE_FROM, pen, blocks.moment_input(form.vote_from), optional=True),
        asked(Field.VOTE_UNTIL, pen, blocks.moment_input(form.vote_until), optional=True),
        asked(Field.COFACILITATORS, pen, people, optional=True),
        asked(Field.OBSERVERS, pen, watching, optional=True),
        asked(Field.NEXT_SESSION, pen, blocks.moment_input(form.next_session), optional=True),
    ]


def _word(member: Names | Capture, pen: Pen) -> Json:
    words = pen.plain(f"{type(member).__name__.lower()}.{member.value}")
    return blocks.option(words[:1].upper() + words[1:], member.value)


def _languages(chosen: str, pen: Pen, *, auto: bool = False) -> Json:
    options = [blocks.option(pen.plain("language.auto"), "auto")] if auto else []
    options += [blocks.option(pen.plain(key), code) for code, key in LANGUAGE_NAMES.items()]
    return blocks.radios(options, chosen)


def _privacy(pen: Pen, *, private: bool) -> Json:
    options = [blocks.option(pen.plain("private.yes"), "yes"), blocks.option(pen.plain("private.no"), "no")]
    return blocks.radios(options, "yes" if private else "no")


def idea(form: IdeaForm, pen: Pen) -> list[Json]:
    """One idea: its words, its theme, with or without a name, and who will see it."""
    fields = [asked(Field.TEXT, pen, blocks.text_input(form.text, most=MOST_TEXT, multiline=True))]
    if form.themes:
        themes = [blocks.choice(one.text, one.value) for one in form.themes]
        chosen = str(form.theme) if form.theme is not None else ""
        fields.append(asked(Field.THEME, pen, blocks.select(wire.VALUE, themes, chosen), optional=True))
    if form.own_themes:
        fields.append(asked(Field.NEW_THEME, pen, blocks.text_input(most=MAX_THEME), optional=True))
    if form.may_hide_name:
        box = blocks.ticks([blocks.option(pen.plain("nameless.tick"), "yes")], ["yes"] if form.nameless else [])
        fields.append(asked(Field.NAMELESS, pen, box, optional=True))
    told = [pen.context("idea.source")] if form.source else []
    sent = [pen.context("idea.trust.outside", host=form.outside)] if form.outside else []
    return [*_hunts(form, pen), *fields, *told, pen.context(_trust(form)), *sent]


def _trust(form: IdeaForm) -> str:
    if form.token:
        return "idea.trust.nameless"
    return "idea.trust" if form.may_hide_name else "idea.trust.kept"


def _hunts(form: IdeaForm, pen: Pen) -> list[Json]:
    if len(form.hunts) == 1:
        return [pen.context("idea.in", question=form.hunts[0].text)]
    hunts = [blocks.choice(one.text, one.value) for one in form.hunts]
    chooser = blocks.select(wire.pick_action(Pick.HUNT), hunts, form.hunt or "")
    return [asked(Field.HUNT, pen, chooser, acts=True)] if hunts else []


def settings(form: Settings, pen: Pen) -> list[Json]:
    """A person's own choices, and the room's where they facilitate."""
    mute = [blocks.option(pen.plain("muted.tick"), "yes")]
    simple = [blocks.option(pen.plain("plain_ballot.tick"), "yes", pen.plain("plain_ballot.why"))]
    mine = [
        asked(Field.LANGUAGE, pen, _languages(form.language or "auto", pen, auto=True)),
        asked(Field.MUTED, pen, blocks.ticks(mute, ["yes"] if form.muted else []), optional=True),
        asked(Field.PLAIN_BALLOT, pen, blocks.ticks(simple, ["yes"] if form.plain_ballot else []), optional=True),
    ]
    return [*mine, *_room_settings(form, pen)] if form.room else mine


def _room_settings(form: Settings, pen: Pen) -> list[Json]:
    letter = [blocks.option(pen.plain("digest.tick"), "yes")]
    return [
        blocks.divider(),
        pen.section("settings.room"),
        asked(Field.ROOM_LANGUAGE, pen, _languages(form.room_language or "en", pen)),
        asked(Field.DIGEST, pen, blocks.ticks(letter, ["yes"] if form.digest else []), optional=True),
    ]


def theme_name(state: ViewState, pen: Pen, name: str = "") -> list[Json]:
    """One name: of `state.theme`, called `name` so far, or of a new theme, for the idea `state.number` or for none."""
    told = [pen.context("theme_name.for", number=state.number)] if state.number else []
    told += [pen.context("theme_name.of", theme=name)] if state.theme and name else []
    return [*told, asked(Field.NAME, pen, blocks.text_input(name, most=MAX_THEME))]
