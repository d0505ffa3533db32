"""Lists, a page at a time: all ideas, one's own, and what facilitators sort, join and name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.domain.hunt import Phase
from bot.domain.ideas import IdeaState
from bot.domain.names import ThemeId
from bot.screens import (
    Browse,
    Button,
    Deed,
    DuplicatesForm,
    IdeaLine,
    MyIdeas,
    Pair,
    PileLine,
    ProposedThemes,
    SortForm,
    ThemeBlock,
    ThemesForm,
    Told,
    WordsForm,
)
from bot.text import told_apart
from bot.words import Key, Raw
from handlers.desk import wire
from handlers.desk.targets import IdeaTarget, PairTarget, Place, Step, ThemeStep, ThemeWish, pile_value
from handlers.desk.wire import Field, Form, Pick
from handlers.teams import elements, markup
from handlers.teams.elements import Json
from handlers.teams.pen import MOST_READ, Pen

MOST_SORTED = 140
MOST_THEME = 24
MOST_PILES = 25
MOST_OF_PILE = 60
MOST_SHARED = 8
MOST_WORDS = 3_000
DECISIONS = (Deed.MERGE, Deed.KEEP_APART, Deed.OTHER_THEME)
MOST_PLACES = 20
"""Themes to choose from beside each idea: fifteen ideas a page, and a card has an end."""
THEME_OF, STEP_OF, FILTER = "theme_of", "step", "filter"
"""Inputs that Teams sends with a button, where Slack's act at once: `<name>:<number>`, or the filter's name alone."""


def browse(screen: Browse, pen: Pen) -> list[Json]:
    """A page of ideas with a theme filter."""
    lines = [_read(line, pen) for line in screen.lines] or [pen.text("board.no_ideas")]
    head = [pen.small("idea.in", question=screen.hunt.question), pen.small("count.ideas", n=screen.total)]
    doors = [Button(Deed.ADD_IDEA, screen.hunt.id)] if screen.hunt.takes_ideas else []
    return [*head, *_filter(screen, pen), *lines, *pen.pager(screen.page, screen.pages), *pen.buttons(doors)]


def _filter(screen: Browse, pen: Pen) -> list[Json]:
    if not screen.themes:
        return []
    chosen = wire.filter_value(str(screen.theme) if screen.theme is not None else "")
    options = [elements.choice(pen.plain("filter.all"), wire.ALL)]
    options += [elements.choice(markup.one_line(one.text), wire.filter_value(one.value)) for one in screen.themes]
    asked = elements.select(FILTER, pen.plain("field.theme"), options, chosen)
    return [asked, *elements.rows([pen.does(pen.plain("filter.show"), wire.pick_action(Pick.FILTER), inputs=True)])]


def _read(line: IdeaLine, pen: Pen) -> Json:
    told = [pen.idea(line, markup.MOST_TYPED)]
    if line.title:
        told.append(markup.typed(markup.one_line(line.text, MOST_READ)))
    key = "browse.suggested" if line.suggested else "ballot.theme"
    small = [pen.say(key, theme=line.theme_name)] if line.theme_name else []
    small += [pen.say("count.dots", n=line.dots)] if line.dots is not None else []
    return elements.group([*elements.lines(told), *([elements.small(" · ".join(small))] if small else [])])


def mine(screen: MyIdeas, pen: Pen) -> list[Json]:
    """One's own ideas under one's name, each with what may still be done to it."""
    head = [pen.small("idea.in", question=screen.hunt.question)]
    rows = [_own(line, screen, pen) for line in screen.lines] or [pen.text("mine.none")]
    foot = pen.buttons([Button(Deed.ADD_IDEA, screen.hunt.id)]) if screen.hunt.takes_ideas else []
    told = [] if screen.editable else [pen.small("mine.frozen")]
    return [*head, *told, *rows, *pen.pager(screen.page, screen.pages), *foot, pen.small("mine.nameless")]


def _own(line: IdeaLine, screen: MyIdeas, pen: Pen) -> Json:
    told = [pen.idea(replace(line, author=None), markup.MOST_TYPED)]
    if line.state is not IdeaState.STANDING:
        told.append(pen.say("mine.state", state=line.state))
    return elements.group([*elements.lines(told), *pen.buttons(_deeds(line, screen))])


def _deeds(line: IdeaLine, screen: MyIdeas) -> list[Button]:
    own, spoken = IdeaTarget(screen.hunt.id, line.number).pack(), {"number": int(line.number)}
    if not screen.editable or line.state is IdeaState.MERGED:
        return []
    if line.state is IdeaState.WITHDRAWN:
        return [Button(Deed.RESTORE_IDEA, own, facts=spoken)]
    return [Button(Deed.EDIT_IDEA, own, facts=spoken), Button(Deed.WITHDRAW_IDEA, own, confirm=True, facts=spoken)]


# --- for facilitators


def sort(form: SortForm, pen: Pen) -> list[Json]:
    """A page of ideas, each with its theme to choose; saved together."""
    lines = [asked for line in form.lines for asked in _sortable(line, form, pen)] or [pen.text("sort.none")]
    key = "sort.show_all" if form.unsorted else "sort.show_unsorted"
    switch = pen.does(pen.plain(key), wire.pick_action(Pick.UNSORTED), "0" if form.unsorted else "1")
    hunt = form.hunt.id
    save = [pen.does(pen.plain("sort.save"), wire.pick_action(Pick.THEME_OF), main=True, inputs=True)]
    tools = [*_undo(hunt, can=form.can_undo), Button(Deed.THEMES, hunt), Button(Deed.DUPLICATES, hunt)]
    return [
        *_told(form.told, pen),
        pen.text("sort.lead" if form.unsorted_total or not form.lines else "sort.placed", n=form.unsorted_total),
        *([pen.small("sort.together")] if form.lines else []),
        *elements.rows([switch]),
        *lines,
        *(elements.rows(save) if form.lines else []),
        *pen.pager(form.page, form.pages),
        *undoing(form.undoes, pen),
        *pen.buttons(tools),
    ]


def _undo(hunt: str, *, can: bool) -> list[Button]:
    return [Button(Deed.UNDO, hunt)] if can else []


def _sortable(line: IdeaLine, form: SortForm, pen: Pen) -> list[Json]:
    chosen = _place(line)
    label = pen.plain("ballot.option", number=line.number, idea=markup.one_line(line.headline, MOST_SORTED))
    id = f"{THEME_OF}:{ThemeWish(line.number, chosen).pack()}"
    asked = elements.select(id, label, _places(line, form, pen), ThemeWish(line.number, chosen).pack())
    return [asked, *(elements.small(told) for told in why(line, pen))]


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
    return [pen.small("undo.next", deed=Key(f"deed.{deed}"))] if deed else []


def _place(line: IdeaLine) -> ThemeId | Place:
    if line.state is IdeaState.PARKED:
        return Place.PARK
    return Place.NONE if line.theme is None else line.theme


def _places(line: IdeaLine, form: SortForm, pen: Pen) -> list[Json]:
    def entry(text: str, to: ThemeId | Place) -> Json:
        return elements.choice(text, ThemeWish(line.number, to).pack())

    themes = {int(one.value): markup.one_line(one.text) for one in form.themes[:MOST_PLACES]}
    if line.theme is not None and line.theme not in themes:
        themes[int(line.theme)] = markup.one_line(line.theme_name)
    short = told_apart(tuple(themes.values()), MOST_THEME)
    return [
        entry(pen.plain("place.none"), Place.NONE),
        *(entry(name, ThemeId(id)) for id, name in zip(themes, short, strict=True)),
        entry(pen.plain("place.new"), Place.NEW),
        entry(pen.plain("place.park"), Place.PARK),
    ]


def duplicates(form: DuplicatesForm, pen: Pen) -> list[Json]:
    """Pairs that may be one idea, with the words they share: people decide."""
    row = pen.buttons([*_undo(form.hunt.id, can=form.can_undo), Button(Deed.SORT, form.hunt.id)])
    tools = [*undoing(form.undoes, pen), *row]
    told = _told(form.told, pen)
    if not form.pairs:
        return [*told, pen.text("duplicates.none"), *tools]
    head = [*told, pen.text("duplicates.lead", n=form.total), pen.small("duplicates.how")]
    return [*head, *(_pair(pair, form, pen) for pair in form.pairs), *tools]


def _pair(pair: Pair, form: DuplicatesForm, pen: Pen) -> Json:
    target = PairTarget(form.hunt.id, pair.one.number, pair.other.number).pack()
    spoken = {"number": int(pair.other.number)}
    told = [pen.idea(pair.one, MOST_SORTED), pen.idea(pair.other, MOST_SORTED)]
    told.append(pen.say("pair.shared", words=_shared(pair.shared, pen)) if pair.shared else pen.say("pair.meaning"))
    row = pen.buttons([Button(deed, target, facts=spoken) for deed in DECISIONS])
    return elements.group([*elements.lines(told), *row])


def _shared(words: Sequence[str], pen: Pen) -> tuple[object, ...]:
    return pen.words.listed([Raw(markup.one_line(word, 40)) for word in words[:MOST_SHARED]])


def themes(form: ThemesForm, pen: Pen) -> list[Json]:
    """Every theme with what may be done to it; the chosen steps are done together, and told where a dialog begins."""
    hunt = form.hunt.id
    known = [theme for theme in form.themes if theme.id is not None]
    lines = [_theme(theme, known, pen) for theme in known] or [pen.text("themes.none")]
    save = (
        [pen.does(pen.plain("themes.do"), wire.pick_action(Pick.THEME_STEP), main=True, inputs=True)] if known else []
    )
    add = pen.does(pen.plain("themes.add"), wire.pick_action(Pick.NEW_THEME))
    again = [Deed.SUGGEST_AGAIN] if form.held or not form.suggests else []
    hush = [Deed.SUGGEST_NO_MORE] if form.suggests else []
    ask = [Deed.SUGGEST_THEMES] if form.hunt.shows_ideas else []
    deeds = [Button(deed, hunt) for deed in (*ask, *again, *hush, Deed.SORT, Deed.WORDS)]
    row = pen.buttons([*_undo(hunt, can=form.can_undo), *deeds])
    told = _told(form.told, pen)
    silent = [] if form.suggests else [pen.small("themes.silent")]
    foot = [*elements.rows([*save, add]), *silent, *undoing(form.undoes, pen), *row]
    return [*told, pen.text("themes.lead"), *lines, *foot]


def _told(told: Iterable[Told], pen: Pen) -> list[Json]:
    notes = [(one.note.good, pen.say(one.note.key, **pen.note_facts(one.note.facts))) for one in told]
    return [elements.text(said) if good else elements.warning(said) for good, said in notes]


def words(form: WordsForm, pen: Pen) -> list[Json]:
    """The workspace's own words, a line each."""
    id, label = wire.block(Field.WORDS.value), pen.plain("field.words")
    hint = pen.plain("field.words.hint")
    typed = elements.line_input(id, label, form.text, most=MOST_WORDS, multiline=True, hint=hint)
    return [pen.text("words.lead"), typed, *pen.submits(Form.WORDS)]


def _theme(theme: ThemeBlock, known: Sequence[ThemeBlock], pen: Pen) -> Json:
    assert theme.id is not None
    ideas = elements.lines(f"• {pen.idea(line)}" for line in theme.ideas)
    if ideas and (more := theme.total - len(theme.ideas)) > 0:
        ideas.append(elements.small(pen.say("board.more_ideas", n=more)))
    options = [
        elements.choice(pen.plain("theme_step.choose"), ""),
        elements.choice(pen.plain("theme_step.rename"), ThemeStep(theme.id, Step.RENAME).pack()),
        elements.choice(pen.plain("theme_step.split"), ThemeStep(theme.id, Step.SPLIT).pack()),
        *(_merge(theme.id, other, pen) for other in known[:MOST_PLACES] if other.id != theme.id),
    ]
    label = pen.plain("board.theme", theme=theme.name, n=theme.total)
    return elements.group([elements.select(f"{STEP_OF}:{theme.id}", label, options), *ideas])


def _merge(theme: ThemeId, into: ThemeBlock, pen: Pen) -> Json:
    text = pen.plain("theme_step.merge", theme=markup.one_line(into.name, 50))
    return elements.choice(text, ThemeStep(theme, Step.MERGE, into.id).pack())


def piles(form: ProposedThemes, pen: Pen) -> list[Json]:
    """The bot's piles, all ticked: only what stays ticked becomes a theme, and it can be undone."""
    shown = list({pile.label: pile for pile in form.piles}.values())[:MOST_PILES]
    back = elements.rows([pen.does(pen.plain("piles.back"), wire.pick_action(Pick.PILES))])
    alone = [pen.small("piles.alone", n=form.left_alone)] if form.left_alone else []
    if not shown:
        return [pen.text("piles.none"), *alone, *back]
    lines = [_pile(pile, place, pen) for place, pile in enumerate(shown)]
    moving = [pen.small("piles.collecting")] if form.hunt.phase is Phase.COLLECTING else []
    return [pen.text("piles.lead"), *moving, *lines, *alone, *pen.submits(Form.PILES), *back]


def _pile(pile: PileLine, place: int, pen: Pen) -> Json:
    title = pen.plain("board.theme", theme=pile.label, n=len(pile.numbers))
    title += f" · {pen.plain('piles.unsure', n=pile.unsure)}" if pile.unsure else ""
    value = pile_value(pile)
    take = elements.choice(pen.plain("field.piles", theme=pile.label), value)
    ideas = elements.lines(f"• {pen.numbered(line.number, line.headline, MOST_OF_PILE)}" for line in pile.ideas)
    return elements.group([elements.ticks(wire.box(Field.PILES, place), title, [take], [value]), *ideas])
