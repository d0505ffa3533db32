"""Draws every screen for Slack: as a message, as a modal, as a home page. `match` makes sure none is forgotten."""

from __future__ import annotations

from typing import assert_never

from bot.domain.ballot import Round
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
from bot.words import Translator, translator
from handlers.desk import wire
from handlers.desk.targets import RoundTarget
from handlers.desk.wire import Form, ViewState
from handlers.naming import Names
from handlers.slack import (
    blocks,
    blocks_ballot,
    blocks_board,
    blocks_forms,
    blocks_home,
    blocks_lists,
    blocks_notes,
    blocks_people,
    blocks_results,
    blocks_sorting,
    blocks_vote,
)
from handlers.slack.blocks import Drawn, Json
from handlers.slack.pen import Pen

__all__ = ["Drawn", "home", "loading", "message", "plainer", "theme_name", "view"]

VoteScreen = BallotForm | Receipt | VoteForm | PaperForm | ShareForm | RolesForm | SecondReading
"""What belongs in a modal of a vote, or of the people behind it."""
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
"""What belongs in a modal."""
Said = Board | Table | Results | IdeaSaved | SplitDone | Note | Nudge | Digest | SessionReminder | File | Help
"""What belongs in a message."""
SUBMITS = frozenset(
    {
        Form.LAUNCH,
        Form.IDEA,
        Form.BALLOT,
        Form.PLAIN_BALLOT,
        Form.CAST_BALLOT,
        Form.VOTE,
        Form.RULES,
        Form.PAPERS,
        Form.SHARE,
        Form.ROLES,
        Form.PILES,
        Form.WORDS,
        Form.THEME_NAME,
        Form.SETTINGS,
    }
)


def _pen(language: str | Translator, zone: str, *, mentions: bool, names: Names | None = None) -> Pen:
    return Pen(translator(language) if isinstance(language, str) else language, zone, mentions, names or {})


# --- messages --------------------------------------------------------------------------------------------------------


def message(
    screen: Screen,
    language: str | Translator,
    zone: str = "UTC",
    *,
    mentions: bool = False,
    names: Names | None = None,
) -> Drawn:
    """A screen as a message. What belongs in a modal is drawn as the way to open it.

    `mentions` True names authors: only where nobody is notified by it (an update, an ephemeral message), never in a
    message that is posted, because Slack would notify every author. `names`: of people of another platform.
    """
    pen = _pen(language, zone, mentions=mentions, names=names)
    if isinstance(screen, Said):
        return _said(screen, pen)
    text = pen.say("door.open")
    return Drawn.same(text, [blocks.section(text), *pen.buttons([_door(screen)])])


def _door(screen: FormScreen | Home) -> Button:  # noqa: C901, PLR0911, PLR0912 - one line for each form
    """The button that opens what cannot stand in a message."""
    match screen:
        case LaunchForm() | Home():
            return Button(Deed.NEW_HUNT, main=True)
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


def _said(screen: Said, pen: Pen) -> Drawn:  # noqa: C901, PLR0911 - one line for each screen
    match screen:
        case Board():
            return blocks_board.board(screen, pen)
        case Table():
            return blocks_board.table(screen, pen)
        case Results():
            return blocks_results.results(screen, pen)
        case IdeaSaved():
            return blocks_notes.saved(screen, pen)
        case SplitDone():
            return blocks_notes.split(screen, pen)
        case Note():
            return blocks_notes.note(screen, pen)
        case Nudge():
            return blocks_notes.nudge(screen, pen)
        case Digest():
            return blocks_notes.digest(screen, pen)
        case SessionReminder():
            return blocks_notes.session(screen, pen)
        case File():
            return blocks_notes.file(screen, pen)
        case Help():
            return blocks_notes.help_page(screen, pen)
        case _:
            assert_never(screen)


# --- modals ----------------------------------------------------------------------------------------------------------


def view(
    screen: Screen, language: str | Translator, zone: str = "UTC", *, room: str = "", names: Names | None = None
) -> Json:
    """A screen as a modal, for views.open, views.push and views.update; nobody is notified by a mention in it.

    `room` is kept in the modal, so that its buttons know where they were pressed.
    """
    pen = _pen(language, zone, mentions=True, names=names)
    if isinstance(screen, Home):
        return _modal(Form.NOTE, blocks_home.home(screen, pen), ViewState(room=room), pen)
    if isinstance(screen, Said):
        return _modal(Form.NOTE, _said(screen, pen).fallback_blocks, ViewState(room=room), pen)
    form, drawn, state = _form(screen, pen, room)
    return _modal(form, drawn, state, pen)


def _form(screen: FormScreen, pen: Pen, room: str) -> tuple[Form, list[Json], ViewState]:  # noqa: C901, PLR0911 - one line for each form
    """Which modal, its blocks, and what it must remember."""
    match screen:
        case LaunchForm():
            return Form.LAUNCH, blocks_forms.launch(screen, pen), ViewState(room=screen.room or room, full=screen.full)
        case IdeaForm():
            return Form.IDEA, blocks_forms.idea(screen, pen), _idea_state(screen, room)
        case SortForm():
            at = ViewState(screen.hunt.id, room, page=screen.page, unsorted=screen.unsorted)
            return Form.SORT, blocks_sorting.sort(screen, pen), at
        case DuplicatesForm():
            return Form.DUPLICATES, blocks_sorting.duplicates(screen, pen), ViewState(screen.hunt.id, room)
        case ThemesForm():
            return Form.THEMES, blocks_sorting.themes(screen, pen), ViewState(screen.hunt.id, room)
        case ProposedThemes():
            return Form.PILES, blocks_sorting.piles(screen, pen), ViewState(screen.hunt.id, room)
        case WordsForm():
            return Form.WORDS, blocks_sorting.words(screen, pen), ViewState(screen.hunt.id, room)
        case Settings():
            return Form.SETTINGS, blocks_forms.settings(screen, pen), ViewState(room=screen.room or room)
        case Hub():
            return Form.HUB, blocks_home.hub(screen, pen), ViewState(screen.hunt.id, screen.room)
        case Browse():
            at = ViewState(screen.hunt.id, room, page=screen.page, theme=str(screen.theme or ""))
            return Form.BROWSE, blocks_lists.browse(screen, pen), at
        case MyIdeas():
            return Form.MINE, blocks_lists.mine(screen, pen), ViewState(screen.hunt.id, room, page=screen.page)
        case _:
            return _vote_form(screen, pen, room)


def _vote_form(screen: VoteScreen, pen: Pen, room: str) -> tuple[Form, list[Json], ViewState]:  # noqa: C901, PLR0911 - one line for each form
    """The modals of a vote and of the people behind it."""
    match screen:
        case BallotForm() if screen.round.detached:
            return Form.CAST_BALLOT, blocks_ballot.plain_ballot(screen, pen), _ballot_state(screen, room)
        case BallotForm(plain=True):
            return Form.PLAIN_BALLOT, blocks_ballot.plain_ballot(screen, pen), _ballot_state(screen, room)
        case BallotForm():
            return Form.BALLOT, blocks_ballot.ballot(screen, pen), _ballot_state(screen, room)
        case Receipt():
            return Form.RECEIPT, blocks_ballot.receipt(screen, pen), ViewState(screen.hunt.id, room)
        case VoteForm():
            kind = Form.VOTE if screen.round is None else Form.RULES
            return kind, blocks_vote.vote(screen, pen), ViewState(screen.hunt.id, room, full=screen.full)
        case PaperForm():
            at = ViewState(screen.hunt.id, room, int(screen.round.number))
            return Form.PAPERS, blocks_people.papers(screen, pen), at
        case ShareForm():
            return Form.SHARE, blocks_people.share(screen, pen), ViewState(screen.hunt.id, room)
        case RolesForm():
            return Form.ROLES, blocks_people.roles(screen, pen), ViewState(screen.hunt, room)
        case SecondReading():
            return Form.SECOND_READING, blocks_results.second_reading(screen, pen), ViewState(screen.hunt.id, room)
        case _:
            assert_never(screen)


def _idea_state(form: IdeaForm, room: str) -> ViewState:
    return ViewState(
        form.hunt or "",
        room,
        theme=str(form.theme or ""),
        number=int(form.number or 0),
        token=form.token,
        source=form.source,
        nameless=form.nameless,
    )


def _ballot_state(form: BallotForm, room: str) -> ViewState:
    round: Round = form.round
    return ViewState(
        form.hunt.id,
        room,
        int(round.number),
        page=form.page,
        theme=form.theme,
        revision=form.revision,
        version=form.version,
        versioned=form.plain and not round.detached,
        draft=wire.drafted(form.draft),
    )


def _modal(form: Form, drawn: list[Json], state: ViewState, pen: Pen) -> Json:
    held = {
        "type": "modal",
        "callback_id": wire.callback(form),
        "private_metadata": state.pack(),
        "title": blocks.plain_text(pen.plain(f"title.{form.value}"), blocks.MOST_TITLE),
        "close": blocks.plain_text(pen.plain("close.button"), blocks.MOST_TITLE),
        "blocks": drawn,
    }
    asked = any(block["type"] == "input" for block in drawn)
    if form in SUBMITS and (asked or form is Form.BALLOT):
        held["submit"] = blocks.plain_text(pen.plain(f"submit.{form.value}"), blocks.MOST_TITLE)
    return held


def theme_name(state: ViewState, language: str | Translator, name: str = "") -> Json:
    """The form for one name: see Form.THEME_NAME; `state` says what it names."""
    pen = _pen(language, "UTC", mentions=True)
    return _modal(Form.THEME_NAME, blocks_forms.theme_name(state, pen, name), state, pen)


def loading(language: str | Translator) -> Json:
    """What is opened at once where the real form takes longer than a trigger lives."""
    pen = _pen(language, "UTC", mentions=True)
    return _modal(Form.NOTE, [pen.section("loading.wait")], ViewState(), pen)


def plainer(drawn: Json) -> Json:
    """A modal without the blocks some workspaces refuse: a coloured line is a paragraph there."""
    return {**drawn, "blocks": [_plainer(block) for block in drawn.get("blocks", ())]}


def _plainer(block: Json) -> Json:
    if block["type"] != "alert":
        return block
    return {**{name: block[name] for name in ("block_id",) if name in block}, **blocks.section(block["text"]["text"])}


# --- home ------------------------------------------------------------------------------------------------------------


def home(screen: Screen, language: str | Translator, zone: str = "UTC") -> Json:
    """A screen as a home page, for views.publish."""
    pen = _pen(language, zone, mentions=True)
    if isinstance(screen, Home):
        drawn = blocks_home.home(screen, pen)
    else:
        drawn = message(screen, language, zone, mentions=True).fallback_blocks
    return {"type": "home", "blocks": drawn[:100]}
