"""What facilitators work with: sorting ideas, look-alikes, themes, and the piles the bot proposes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.domain.hunt import Phase
from bot.domain.ideas import IdeaState
from bot.domain.names import ThemeId
from bot.screens import (
    Button,
    Deed,
    DuplicatesForm,
    IdeaLine,
    Pair,
    PileLine,
    ProposedThemes,
    SortForm,
    ThemeBlock,
    ThemesForm,
    Told,
    WordsForm,
)
from bot.words import Key, Raw
from handlers.desk import wire
from handlers.desk.targets import PairTarget, Place, Step, ThemeStep, ThemeWish, pile_value
from handlers.desk.wire import Field, Pick
from handlers.slack import blocks, markup
from handlers.slack.blocks import Json
from handlers.slack.blocks_forms import asked
from handlers.slack.pen import Pen

MOST_SORTED = 280
MOST_PILES = 50
MOST_OF_PILE = 60
MOST_SHARED = 8
MOST_WORDS = 3_000
"""Characters of one field: Slack's limit, and ours."""
DECISIONS = (Deed.MERGE, Deed.KEEP_APART, Deed.OTHER_THEME)


def sort(form: SortForm, pen: Pen) -> list[Json]:
    """A page of ideas, each with its theme to choose; saved at once."""
    lines = [_sortable(line, form, pen) for line in form.lines] or [pen.section("sort.none")]
    wanted = "0" if form.unsorted else "1"
    key = "sort.show_all" if form.unsorted else "sort.show_unsorted"
    switch = blocks.button(wire.pick_action(Pick.UNSORTED), pen.plain(key), wanted)
    hunt = form.hunt.id
    tools = pen.buttons(
        [*_undo(form.hunt.id, can=form.can_undo), Button(Deed.THEMES, hunt), Button(Deed.DUPLICATES, hunt)]
    )
    head = pen.section("sort.lead" if form.unsorted_total or not form.lines else "sort.placed", n=form.unsorted_total)
    turns = pen.pager(form.page, form.pages)
    saved = [pen.context("sort.at_once")] if form.lines else []
    foot = [*_told(form.told, pen), *undoing(form.undoes, pen), *tools]
    return [head, *saved, *blocks.actions([switch]), *lines, *turns, *foot]


def _undo(hunt: str, *, can: bool) -> list[Button]:
    return [Button(Deed.UNDO, hunt)] if can else []


def _sortable(line: IdeaLine, form: SortForm, pen: Pen) -> Json:
    chosen = _place(line)
    options = _places(line, form, pen)
    told = pen.idea(line, MOST_SORTED)
    told = "\n".join([told, *why(line, pen)])
    where = ThemeWish(line.number, chosen).pack()
    return blocks.section(told, blocks.select(wire.pick_action(Pick.THEME_OF), options, where), f"sort:{where}")


def why(line: IdeaLine, pen: Pen) -> list[str]:
    """What the bot says of an idea it placed or took out: how sure it is, and why."""
    reason = line.why
    if reason is None:
        return []
    if reason.out:
        return [pen.say("why.out", theme=reason.was)] if reason.was else []
    sure = Key("sure.check" if reason.unsure else "sure.likely")
    told = [pen.say("sort.suggested", theme=line.theme_name, sure=sure)]
    if reason.shared:
        told.append(pen.say("why.shared", words=_shared(reason.shared, pen)))
    elif reason.near is not None:
        told.append(pen.say("why.near", number=reason.near))
    return told + ([pen.say("why.was", theme=reason.was)] if reason.was else [])


def undoing(deed: str, pen: Pen) -> list[Json]:
    """What the next undo takes back, in small print."""
    return [pen.context("undo.next", deed=Key(f"deed.{deed}"))] if deed else []


def _place(line: IdeaLine) -> ThemeId | Place:
    if line.state is IdeaState.PARKED:
        return Place.PARK
    return Place.NONE if line.theme is None else line.theme


def _places(line: IdeaLine, form: SortForm, pen: Pen) -> list[Json]:
    def entry(text: str, to: ThemeId | Place) -> Json:
        return blocks.option(text, ThemeWish(line.number, to).pack())

    themes = [entry(markup.one_line(one.text, 70), ThemeId(int(one.value))) for one in form.themes]
    return [
        entry(pen.plain("place.none"), Place.NONE),
        *themes,
        entry(pen.plain("place.new"), Place.NEW),
        entry(pen.plain("place.park"), Place.PARK),
    ]


def duplicates(form: DuplicatesForm, pen: Pen) -> list[Json]:
    """Pairs that may be one idea, with the words they share: people decide."""
    row = pen.buttons([*_undo(form.hunt.id, can=form.can_undo), Button(Deed.SORT, form.hunt.id)])
    done = _told([one for one in form.told if not one.undo], pen)
    tools = [*_told([one for one in form.told if one.undo], pen), *undoing(form.undoes, pen), *row]
    if not form.pairs:
        return [*done, pen.section("duplicates.none"), *tools]
    pairs = [block for pair in form.pairs for block in _pair(pair, form, pen)]
    return [*done, pen.section("duplicates.lead", n=form.total), pen.context("duplicates.how"), *pairs, *tools]


def _pair(pair: Pair, form: DuplicatesForm, pen: Pen) -> list[Json]:
    target = PairTarget(form.hunt.id, pair.one.number, pair.other.number).pack()
    spoken = {"number": int(pair.other.number)}
    told = [pen.idea(pair.one, MOST_SORTED), pen.idea(pair.other, MOST_SORTED)]
    told.append(pen.say("pair.shared", words=_shared(pair.shared, pen)) if pair.shared else pen.say("pair.meaning"))
    return [
        blocks.divider(),
        blocks.section("\n".join(told)),
        *pen.buttons([Button(deed, target, facts=spoken) for deed in DECISIONS]),
    ]


def _shared(words: Sequence[str], pen: Pen) -> tuple[object, ...]:
    return pen.words.listed([Raw(markup.one_line(word, 40)) for word in words[:MOST_SHARED]])


def themes(form: ThemesForm, pen: Pen) -> list[Json]:
    """Every theme with what may be done to it; a step is told where it was asked for, as a modal keeps its place."""
    hunt = form.hunt.id
    known = [theme for theme in form.themes if theme.id is not None]
    lines = [block for theme in known for block in (_theme(theme, known, pen), *_told_of(theme.id, form, pen))]
    lines = lines or [pen.section("themes.none")]
    add = blocks.button(wire.pick_action(Pick.NEW_THEME), pen.plain("themes.add"))
    row = pen.buttons(
        [
            *([Button(Deed.SUGGEST_THEMES, hunt)] if form.hunt.shows_ideas else []),
            *([Button(Deed.SUGGEST_AGAIN, hunt)] if form.held or not form.suggests else []),
            *([Button(Deed.SUGGEST_NO_MORE, hunt)] if form.suggests else []),
            *_undo(hunt, can=form.can_undo),
            Button(Deed.SORT, hunt),
            Button(Deed.WORDS, hunt),
        ]
    )
    silent = [] if form.suggests else [pen.context("themes.silent")]
    foot = [*blocks.actions([add]), *_told_of(None, form, pen), *silent, *undoing(form.undoes, pen), *row]
    return [pen.section("themes.lead"), *lines, *foot]


def _told_of(theme: ThemeId | None, form: ThemesForm, pen: Pen) -> list[Json]:
    return _told([one for one in form.told if one.theme == theme], pen, "↳ " if theme is not None else "")


def _told(told: Iterable[Told], pen: Pen, mark: str = "") -> list[Json]:
    notes = (one.note for one in told)
    return [blocks.section(f"{mark}{pen.say(note.key, **pen.note_facts(note.facts))}") for note in notes]


def words(form: WordsForm, pen: Pen) -> list[Json]:
    """The workspace's own words, a line each."""
    typed = blocks.text_input(form.text, most=MOST_WORDS, multiline=True)
    return [pen.section("words.lead"), asked(Field.WORDS, pen, typed, optional=True)]


def _theme(theme: ThemeBlock, known: Sequence[ThemeBlock], pen: Pen) -> Json:
    assert theme.id is not None
    title = f"*{pen.say('board.theme', theme=theme.name, n=theme.total)}*"
    ideas = [f"• {pen.idea(line)}" for line in theme.ideas]
    if ideas and (more := theme.total - len(ideas)) > 0:
        ideas.append(f"_{pen.say('board.more_ideas', n=more)}_")
    options = [
        blocks.option(pen.plain("theme_step.rename"), ThemeStep(theme.id, Step.RENAME).pack()),
        blocks.option(pen.plain("theme_step.split"), ThemeStep(theme.id, Step.SPLIT).pack()),
        *(_merge(theme.id, other, pen) for other in known if other.id != theme.id),
    ]
    chooser = blocks.select(wire.pick_action(Pick.THEME_STEP), options, "", pen.plain("theme_step.choose"))
    return blocks.section("\n".join([title, *ideas]), chooser)


def _merge(theme: ThemeId, into: ThemeBlock, pen: Pen) -> Json:
    text = pen.plain("theme_step.merge", theme=markup.one_line(into.name, 50))
    return blocks.option(text, ThemeStep(theme, Step.MERGE, into.id).pack())


def piles(form: ProposedThemes, pen: Pen) -> list[Json]:
    """The bot's piles, all ticked: only what stays ticked becomes a theme, and it can be undone."""
    shown = list({pile.label: pile for pile in form.piles}.values())[:MOST_PILES]
    back = blocks.actions([blocks.button(wire.pick_action(Pick.PILES), pen.plain("piles.back"))])
    alone = [pen.context("piles.alone", n=form.left_alone)] if form.left_alone else []
    if not shown:
        return [pen.section("piles.none"), *alone, *back]
    lines = [_pile(pile, place, pen) for place, pile in enumerate(shown)]
    moving = [pen.context("piles.collecting")] if form.hunt.phase is Phase.COLLECTING else []
    return [pen.section("piles.lead"), *moving, *lines, *alone, *back]


def _pile(pile: PileLine, place: int, pen: Pen) -> Json:
    """What the pile is about, and the box that takes it: beside it, as a field would say "(optional)" each time."""
    title = f"*{pen.say('board.theme', theme=pile.label, n=len(pile.numbers))}*"
    title += f" · {pen.say('piles.unsure', n=pile.unsure)}" if pile.unsure else ""
    ideas = [f"• {pen.numbered(line.number, line.headline, MOST_OF_PILE)}" for line in pile.ideas]
    value = pile_value(pile)
    box = blocks.ticks([blocks.option(pen.plain("field.piles", theme=pile.label), value)], [value])
    return blocks.section("\n".join([title, *ideas]), box, wire.box(Field.PILES, place))
