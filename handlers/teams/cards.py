"""Every screen as an Adaptive Card: pure functions over the closed union of the core; no screen is forgotten."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import assert_never

from bot.domain.names import PersonId
from bot.screens import (
    BallotForm,
    Board,
    Browse,
    Button,
    Deed,
    Digest,
    DuplicatesForm,
    File,
    Help,
    Home,
    Hub,
    IdeaForm,
    IdeaSaved,
    LaunchForm,
    MyIdeas,
    Note,
    Nudge,
    PaperForm,
    ProposedThemes,
    Receipt,
    Results,
    RolesForm,
    Screen,
    SecondReading,
    SessionReminder,
    Settings,
    ShareForm,
    SortForm,
    SplitDone,
    Table,
    ThemesForm,
    VoteForm,
    WordsForm,
)
from bot.words import translator
from handlers.desk import wire
from handlers.desk.targets import RoundTarget
from handlers.desk.wire import Form, ViewState
from handlers.teams import (
    cards_board,
    cards_forms,
    cards_home,
    cards_lists,
    cards_notes,
    cards_people,
    cards_results,
    cards_vote,
    elements,
    markup,
)
from handlers.teams.elements import Drawn, Json
from handlers.teams.pen import ASK, CLOSE, DAY, FACTS, Inside, Pen

VoteScreen = BallotForm | Receipt | VoteForm | PaperForm | ShareForm | RolesForm | SecondReading
"""What belongs in a dialog of a vote, or of the people behind it."""
FormScreen = (
    VoteScreen
    | LaunchForm
    | IdeaForm
    | SortForm
    | DuplicatesForm
    | ThemesForm
    | ProposedThemes
    | WordsForm
    | Settings
    | Hub
    | Browse
    | MyIdeas
)
"""What stands in a dialog; in a message there is a button that opens it."""
Said = Board | Table | Results | IdeaSaved | SplitDone | Note | Nudge | Digest | SessionReminder | File | Help | Home
Names = Mapping[PersonId, str]
SHORTER = (200, 120, 60, 30)
FACTS_AT_LEAST: Mapping[str, str | int] = {"n": 0, "voters": 0, "eligible": 0, "batch": 0, "format": "", "room": ""}
"""What a question may tell, for a button of an older card that says nothing of it."""


# --- messages


def message(screen: Screen, language: str, zone: str = "UTC", names: Names | None = None) -> Drawn:
    """A screen as a message. What belongs in a dialog is drawn as the way to open it."""
    pen = Pen(translator(language), zone, names or {})
    if isinstance(screen, Said):
        drawn = _said(screen, pen)
        return replace(drawn, summary=markup.dated(drawn.summary, pen.words, zone))
    return cards_notes.told([pen.say("door.open")], *pen.buttons([_door(screen)]))


def _door(screen: FormScreen) -> Button:  # noqa: C901, PLR0911, PLR0912 - one line for each form
    """The button that opens what cannot stand in a message."""
    match screen:
        case LaunchForm():
            return Button(Deed.NEW_HUNT, f"?{screen.question}", main=True)
        case IdeaForm():
            return Button(Deed.ADD_IDEA, screen.hunt or "", main=True)
        case Hub():
            return Button(Deed.HUB, screen.room, main=True)
        case BallotForm() | Receipt():
            return Button(Deed.VOTE, screen.hunt.id, main=True)
        case Browse():
            return Button(Deed.SEE_ALL, screen.hunt.id, main=True)
        case MyIdeas():
            return Button(Deed.MY_IDEAS, screen.hunt.id, main=True)
        case Settings():
            return Button(Deed.SETTINGS, screen.room or "", main=True)
        case SortForm():
            return Button(Deed.SORT, screen.hunt.id, main=True)
        case DuplicatesForm():
            return Button(Deed.DUPLICATES, screen.hunt.id, main=True)
        case ThemesForm():
            return Button(Deed.THEMES, screen.hunt.id, main=True)
        case ProposedThemes():
            return Button(Deed.SUGGEST_THEMES, screen.hunt.id, main=True)
        case WordsForm():
            return Button(Deed.WORDS, screen.hunt.id, main=True)
        case VoteForm():
            return Button(Deed.OPEN_VOTE, screen.hunt.id, main=True)
        case PaperForm():
            return Button(Deed.PAPERS, screen.hunt.id, main=True)
        case ShareForm():
            return Button(Deed.SHARE, screen.hunt.id, main=True)
        case RolesForm():
            return Button(Deed.ROLES, screen.hunt, main=True)
        case SecondReading():
            return Button(Deed.SECOND_READING, RoundTarget(screen.hunt.id, screen.round.number).pack(), main=True)
        case _:
            assert_never(screen)


def _said(screen: Said, pen: Pen) -> Drawn:  # noqa: C901, PLR0911, PLR0912 - one line for each screen
    match screen:
        case Board():
            return cards_board.board(screen, pen)
        case Table():
            return cards_board.table(screen, pen)
        case Results():
            return cards_results.results(screen, pen)
        case IdeaSaved():
            return cards_notes.saved(screen, pen)
        case SplitDone():
            return cards_notes.split(screen, pen)
        case Note():
            return cards_notes.note(screen, pen)
        case Nudge():
            return cards_notes.nudge(screen, pen)
        case Digest():
            return cards_notes.digest(screen, pen)
        case SessionReminder():
            return cards_notes.session(screen, pen)
        case File():
            return cards_notes.file(screen, pen)
        case Help():
            return cards_notes.help_page(screen, pen)
        case Home():
            return cards_home.home(screen, pen)
        case _:
            assert_never(screen)


# --- dialogs


def dialog(
    screen: Screen, language: str, zone: str = "UTC", names: Names | None = None, *, room: str = "", id: str = ""
) -> Json:
    """A screen as a dialog's content: `title` and `body`. `room` is remembered; `id` tells one dialog from another."""
    form, state = _form(screen, room)
    pen = Pen(translator(language), zone, names or {}, Inside(form, state, id))
    return _dialog(form, _body(screen, pen), pen)


def theme_name(state: ViewState, language: str, name: str = "", *, id: str = "") -> Json:
    """The form for one name: see Form.THEME_NAME; `state` says what it names."""
    pen = Pen(translator(language), inside=Inside(Form.THEME_NAME, state, id))
    return _dialog(Form.THEME_NAME, cards_forms.theme_name(state, pen, name), pen)


def confirmation(asked: Button, data: Json, language: str, zone: str = "UTC") -> Json:
    """The question before a deed that changes much; `data` is what the button sent, and is sent again by Yes."""
    pen = Pen(translator(language), zone)
    key = f"confirm.{asked.deed.value}"
    facts = {**FACTS_AT_LEAST, **asked.facts}
    told = pen.text(key if pen.words.has(key) else "confirm.other", **facts)
    yes = {name: value for name, value in data.items() if name not in {ASK, FACTS, "msteams", "type"}}
    label = pen.plain(f"button.{asked.deed.value}", **facts)
    row = [
        elements.submit(label, yes, main=True, inputs=False),
        elements.submit(pen.plain("ask.no"), {"do": CLOSE}, inputs=False),
    ]
    return {"title": pen.plain("ask.title"), "body": [told, *elements.rows(row)]}


def _dialog(form: Form, body: list[Json], pen: Pen) -> Json:
    return {"title": pen.plain(f"title.{form.value}"), "body": fitted(body)}


def fitted(body: list[Json]) -> list[Json]:
    """A body that Teams takes: its texts get shorter, until it does."""
    for most in SHORTER:
        if elements.size(body) <= elements.MOST_BYTES:
            break
        body = elements.shortened(body, most)
    return body


def _body(screen: Screen, pen: Pen) -> list[Json]:  # noqa: C901, PLR0911, PLR0912 - one line for each form
    if isinstance(screen, Said):
        drawn = _said(screen, pen)
        return drawn.body if elements.size(drawn.body) <= elements.MOST_BYTES else drawn.short
    match screen:
        case LaunchForm():
            return cards_forms.launch(screen, pen)
        case IdeaForm():
            return cards_forms.idea(screen, pen)
        case SortForm():
            return cards_lists.sort(screen, pen)
        case DuplicatesForm():
            return cards_lists.duplicates(screen, pen)
        case ThemesForm():
            return cards_lists.themes(screen, pen)
        case ProposedThemes():
            return cards_lists.piles(screen, pen)
        case WordsForm():
            return cards_lists.words(screen, pen)
        case Settings():
            return cards_forms.settings(screen, pen)
        case Hub():
            return cards_home.hub(screen, pen)
        case Browse():
            return cards_lists.browse(screen, pen)
        case MyIdeas():
            return cards_lists.mine(screen, pen)
        case _:
            return _vote_body(screen, pen)


def _vote_body(screen: VoteScreen, pen: Pen) -> list[Json]:  # noqa: PLR0911 - one line for each form
    match screen:
        case BallotForm():
            return cards_vote.ballot(screen, pen)
        case Receipt():
            return cards_vote.receipt(screen, pen)
        case VoteForm():
            return cards_vote.vote(screen, pen)
        case PaperForm():
            return cards_people.papers(screen, pen)
        case ShareForm():
            return cards_people.share(screen, pen)
        case RolesForm():
            return cards_people.roles(screen, pen)
        case SecondReading():
            return cards_results.second_reading(screen, pen)
        case _:
            assert_never(screen)


def _form(screen: Screen, room: str) -> tuple[Form, ViewState]:  # noqa: C901, PLR0911, PLR0912 - one line for each form
    """Which form it is, and what it must remember."""
    if isinstance(screen, Said):
        return Form.NOTE, ViewState(room=room)
    match screen:
        case LaunchForm():
            return Form.LAUNCH, ViewState(room=screen.room or "", full=screen.full)
        case IdeaForm():
            return Form.IDEA, _idea_state(screen, room)
        case SortForm():
            return Form.SORT, ViewState(screen.hunt.id, room, page=screen.page, unsorted=screen.unsorted)
        case DuplicatesForm():
            return Form.DUPLICATES, ViewState(screen.hunt.id, room)
        case ThemesForm():
            return Form.THEMES, ViewState(screen.hunt.id, room)
        case ProposedThemes():
            return Form.PILES, ViewState(screen.hunt.id, room)
        case WordsForm():
            return Form.WORDS, ViewState(screen.hunt.id, room)
        case Settings():
            return Form.SETTINGS, ViewState(room=screen.room or room)
        case Hub():
            return Form.HUB, ViewState(screen.hunt.id, screen.room)
        case Browse():
            return Form.BROWSE, ViewState(screen.hunt.id, room, page=screen.page, theme=str(screen.theme or ""))
        case MyIdeas():
            return Form.MINE, ViewState(screen.hunt.id, room, page=screen.page)
        case _:
            return _vote_form(screen, room)


def _vote_form(screen: VoteScreen, room: str) -> tuple[Form, ViewState]:  # noqa: PLR0911 - one line for each form
    match screen:
        case BallotForm():
            once = screen.round.detached
            return Form.CAST_BALLOT if once else Form.PLAIN_BALLOT, _ballot_state(screen, room)
        case Receipt():
            return Form.RECEIPT, ViewState(screen.hunt.id, room)
        case VoteForm():
            kind = Form.VOTE if screen.round is None else Form.RULES
            return kind, ViewState(screen.hunt.id, room, full=screen.full)
        case PaperForm():
            return Form.PAPERS, ViewState(screen.hunt.id, room, int(screen.round.number))
        case ShareForm():
            return Form.SHARE, ViewState(screen.hunt.id, room)
        case RolesForm():
            return Form.ROLES, ViewState(screen.hunt, room)
        case SecondReading():
            return Form.SECOND_READING, ViewState(screen.hunt.id, room)
        case _:
            assert_never(screen)


def _ballot_state(form: BallotForm, room: str) -> ViewState:
    return ViewState(
        form.hunt.id,
        room,
        int(form.round.number),
        page=form.page,
        theme=form.theme,
        revision=form.revision,
        version=form.version,
        versioned=not form.round.detached,
        draft=wire.drafted(form.draft),
    )


def _idea_state(form: IdeaForm, room: str) -> ViewState:
    number, hunt = int(form.number or 0), form.hunt or (form.hunts[0].value if len(form.hunts) == 1 else "")
    shown = str(form.theme or "")
    return ViewState(
        hunt, room, theme=shown, number=number, token=form.token, source=form.source, nameless=form.nameless
    )


# --- what was typed


WRITTEN = {"Input.Date": re.compile(r"\d{4}-\d\d-\d\d"), "Input.Time": re.compile(r"\d\d:\d\d")}
"""How Teams writes days and hours; anything else it cannot show."""


def refilled(drawn: Json, typed: Mapping[str, str], problems: Mapping[str, str], told: str) -> Json:
    """A form with what was typed in it again; each problem stands above its field, and `told` on top."""
    body: list[Json] = [elements.warning(told)] if told else []
    for element in drawn["body"]:
        id = str(element.get("id", ""))
        name = wire.field_of(id)
        if name is not None and name in problems:
            body.append(elements.warning(problems[name]))
        body.append({**element, "value": _value(element, typed)} if id in typed else element)
    return {**drawn, "body": body}


def _value(element: Json, typed: Mapping[str, str]) -> str | int:
    """What was typed in an input, in the input's own shape: days as days, not as the moments they became."""
    id = str(element["id"])
    if (written := WRITTEN.get(str(element.get("type")))) is not None:
        found = typed.get(f"{DAY}{id}", typed[id])
        return found if written.fullmatch(found) else ""
    number = typed[id]
    return int(number) if element.get("type") == "Input.Number" and number.lstrip("-").isdecimal() else number
