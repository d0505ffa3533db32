"""The outbox's core half: what is due, what it says now, what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from bot.domain.hunt import Hunt, HuntRoom, Phase, Standing
from bot.domain.ideas import IdeaState
from bot.domain.letters import Claimed, Letter, LetterKind
from bot.domain.names import MessageId, PersonId, RoomId, RoundNumber
from bot.ports import Storage, Unit
from bot.screens import (
    Board,
    Button,
    Deed,
    IdeaLine,
    Note,
    Nudge,
    Screen,
    SessionReminder,
    Table,
    ThemeBlock,
)
from bot.usecases.announcements import redraw, redraw_in, room_lost
from bot.usecases.digests import digest
from bot.usecases.lines import idea_line, themes_by_id
from bot.usecases.papers import PAPER, Papers
from bot.usecases.people import dots_left, speech
from bot.usecases.reports import Reports
from bot.usecases.results import outcome, results_screen
from bot.usecases.themes import theme_blocks
from bot.words import Mention, Moment, RoomLink

LEASE_SECONDS = 60
BOARD_THEMES = 8
BOARD_IDEAS = 5
TABLE_ROWS = 200
STANDING = frozenset({IdeaState.STANDING})


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A letter drawn from the present state, ready for a platform.

    Exactly one of `room` and `person` is set. `update` names the message to change in place, `thread` the message to
    answer under, `reaction` the sign to add (or take away) on `update`. `mark` is opaque: by it the message is found
    again after a crash.
    """

    screen: Screen
    mark: str
    language: str
    zone: str
    room: RoomId | None = None
    person: PersonId | None = None
    update: MessageId | None = None
    thread: MessageId | None = None
    reaction: str = ""
    remove: bool = False


@dataclass(frozen=True, slots=True)
class Post:
    """Use cases of whoever delivers letters."""

    storage: Storage
    reports: Reports
    papers: Papers
    outside: str = ""
    """The host that ideas' words are sent to; the board says so."""

    def claim(self, now: datetime, limit: int = 20) -> tuple[Claimed, ...]:
        """Takes due letters for 60 seconds."""
        with self.storage.begin() as unit:
            return unit.letters.claim(now, limit, LEASE_SECONDS)

    def draw(self, claimed: Claimed, now: datetime) -> Outgoing | None:
        """The letter as it must read now; None when there is nothing left to say."""
        letter = claimed.letter
        if letter.kind is LetterKind.EXPORT:
            return self._export(letter, now)
        with self.storage.look() as unit:
            drawn = _drawn(unit, letter, now)
        if drawn is not None and isinstance(drawn.screen, Board):
            return replace(drawn, screen=replace(drawn.screen, outside=self.outside))
        return drawn

    def _export(self, letter: Letter, now: datetime) -> Outgoing | None:
        assert letter.hunt is not None
        with self.storage.look() as unit:
            envelope = _envelope(unit, letter)
        form, language, zone = str(letter.facts["format"]), envelope.language, envelope.zone
        if form == PAPER:
            copies, round = int(letter.facts["copies"]), RoundNumber(int(letter.facts["round"]))
            file = self.papers.file_of(letter.tenant, letter.hunt, copies, "", zone, round)
        else:
            file = self.reports.file_of(letter.tenant, letter.hunt, form, language, zone, now)
        return replace(envelope, screen=file)

    def delivered(self, claimed: Claimed, message: MessageId | None, now: datetime) -> None:
        """It is there: the letter is settled, and a new board, table or result is remembered."""
        with self.storage.begin() as unit:
            if unit.letters.settle(claimed, message):
                _remember(unit, claimed, message, now)

    def later(self, claimed: Claimed, until: datetime, error: str, *, counted: bool, ambiguous: bool) -> None:
        """It could not leave: again at `until`."""
        with self.storage.begin() as unit:
            unit.letters.postpone(claimed, until, error, counted=counted, ambiguous=ambiguous)

    def give_up(self, claimed: Claimed, error: str, now: datetime) -> None:
        """It will never leave; it stays visible in health."""
        with self.storage.begin() as unit:
            unit.letters.bury(claimed, error)

    def wait_gate(self, claimed: Claimed, gate: str, until: datetime) -> None:
        """The platform asked to wait: nothing through this gate before `until`; the attempt is not counted."""
        with self.storage.begin() as unit:
            unit.letters.shut_gate(claimed.letter.tenant, gate, until)
            unit.letters.postpone(claimed, until, "rate_limited", counted=False, ambiguous=False)

    def not_invited(self, claimed: Claimed, now: datetime) -> None:
        """The room is private and the bot is not in it: the hunt waits, its facilitator is told how to help."""
        letter = claimed.letter
        assert letter.room is not None
        with self.storage.begin() as unit:
            unit.letters.bury(claimed, "not_invited")
            if letter.hunt is None:
                return
            hunt = unit.hunts.locked(letter.tenant, letter.hunt)
            places = unit.hunts.rooms(letter.tenant, letter.hunt)
            for place in places:
                if place.room == letter.room:
                    unit.hunts.keep_room(replace(place, standing=Standing.UNINVITED))
            elsewhere = any(one.room != letter.room and one.standing is Standing.LIVE for one in places)
            if hunt.phase is Phase.COLLECTING and not elsewhere:
                unit.hunts.keep(hunt.step(Phase.DRAFT))
            unit.letters.announce(_invite(hunt, letter.room, now))

    def room_gone(self, claimed: Claimed, now: datetime) -> None:
        """The room is archived or closed to the bot: its letters are cancelled, the facilitator is told once."""
        letter = claimed.letter
        with self.storage.begin() as unit:
            unit.letters.bury(claimed, "room_gone")
            if letter.room is None:
                return
            unit.letters.cancel(letter.tenant, letter.room)
            unit.people.keep_room(replace(unit.people.room(letter.tenant, letter.room), present=False))
            if letter.hunt is not None:
                _rest(unit, letter, letter.room, now)

    def health(self, now: datetime) -> Mapping[str, int]:
        """Letters that wait, are on their way or were given up, and events given up: asked at any moment, so cheap."""
        with self.storage.look() as unit:
            return {**unit.letters.undone(), "dead_events": unit.calendar.dead_events()}


def _drawn(unit: Unit, letter: Letter, now: datetime) -> Outgoing | None:  # noqa: PLR0911 - one a kind
    envelope = _envelope(unit, letter)
    match letter.kind:
        case LetterKind.BOARD | LetterKind.TABLE | LetterKind.RESULTS:
            return _to_room(unit, letter, envelope)
        case LetterKind.RECEIPT | LetterKind.UNRECEIPT:
            remove = letter.kind is LetterKind.UNRECEIPT
            sign = str(letter.facts["reaction"])
            return replace(envelope, update=letter.message, reaction=sign, remove=remove)
        case LetterKind.NUDGE:
            return _nudge(unit, letter, envelope, now)
        case LetterKind.DIGEST:
            return _digest(unit, letter, envelope, now)
        case LetterKind.SESSION:
            return _session(unit, letter, envelope, now)
        case LetterKind.INVITE:
            return _invitation(unit, letter, envelope)
        case LetterKind.NOTICE:
            return replace(envelope, screen=_notice(letter))
        case LetterKind.EXPORT:
            return None  # drawn apart: it reads the report


def _notice(letter: Letter) -> Note:
    """A notice with what its facts stand for (see `announcements.notice`)."""
    facts: dict[str, object] = {n: value for n, value in letter.facts.items() if n not in {"key", "buttons"}}
    if "who" in facts:
        facts["who"] = Mention(PersonId(str(facts["who"])))
    if "until" in facts:
        facts["until"] = Moment(datetime.fromisoformat(str(facts["until"])))
    steps = [step.partition(":") for step in str(letter.facts.get("buttons", "")).split(";") if step]
    row = tuple(Button(Deed(deed), target, main=place == 0) for place, (deed, _, target) in enumerate(steps))
    return Note(str(letter.facts["key"]), facts, row)


def _envelope(unit: Unit, letter: Letter) -> Outgoing:
    """Where a letter goes, in whose language; its screen is still empty."""
    if letter.person is not None:
        language, zone = speech(unit, letter.tenant, letter.person)
    else:
        assert letter.room is not None
        room = unit.people.room(letter.tenant, letter.room)
        language, zone = room.language, room.zone
    mark = uuid5(NAMESPACE_URL, f"ideahunt:{letter.key}").hex
    return Outgoing(Note("note.empty"), mark, language, zone, letter.room, letter.person)


def _hunt(unit: Unit, letter: Letter) -> Hunt:
    assert letter.hunt is not None
    return unit.hunts.get(letter.tenant, letter.hunt)


def _place(unit: Unit, letter: Letter) -> HuntRoom | None:
    assert letter.hunt is not None
    places = unit.hunts.rooms(letter.tenant, letter.hunt, gone=True)
    return next((place for place in places if place.room == letter.room), None)


def _to_room(unit: Unit, letter: Letter, envelope: Outgoing) -> Outgoing | None:
    hunt, place = _hunt(unit, letter), _place(unit, letter)
    if place is None or place.standing is Standing.GONE:
        farewell = letter.kind is LetterKind.BOARD and place is not None and place.board is not None
        note = Note("rooms.taken_out", {"question": hunt.question}, good=False)
        return replace(envelope, screen=note, update=place.board) if farewell and place else None
    if letter.kind is LetterKind.BOARD:
        return replace(envelope, screen=board(unit, hunt), update=place.board)
    if letter.kind is LetterKind.TABLE:
        if not hunt.shows_ideas or place.board is None:
            return None
        return replace(envelope, screen=table(unit, hunt), update=place.table, thread=place.board)
    number = RoundNumber(int(letter.facts["round"]))
    screen = results_screen(unit, hunt, unit.rounds.get(letter.tenant, hunt.id, number))
    return replace(envelope, screen=screen)


def board(unit: Unit, hunt: Hunt) -> Board:
    """The board as it stands: a bounded number of rows, however large the hunt."""
    round = unit.rounds.latest(hunt.tenant, hunt.id)
    if hunt.phase is Phase.DRAFT:  # it is being shown now, so it collects
        hunt = hunt.step(Phase.COLLECTING)
    if hunt.phase is Phase.VOTING:
        return Board(hunt, round=round)
    if hunt.phase is Phase.CLOSED and (done := outcome(unit, hunt)) is not None:
        ranks = [rank for rank in done.tally.ranks if rank.dots and rank.place <= done.round.places]
        first = tuple(done.lines[rank.option] for rank in ranks)
        return Board(hunt, round=done.round, tally=done.tally, lines=first, parted=done.parted)
    blocks = theme_blocks(unit, hunt, BOARD_IDEAS)
    if hunt.shows_ideas:
        blocks = (*blocks, *_ungrouped(unit, hunt))
    parked = unit.ideas.count(hunt.tenant, hunt.id, states=frozenset({IdeaState.PARKED}))
    shown = blocks[:BOARD_THEMES]
    return Board(hunt, shown, more_themes=len(blocks) - len(shown), parked=parked)


def _ungrouped(unit: Unit, hunt: Hunt) -> tuple[ThemeBlock, ...]:
    total = unit.ideas.count(hunt.tenant, hunt.id, states=STANDING, unsorted=True)
    if not total:
        return ()
    ideas = unit.ideas.page(hunt.tenant, hunt.id, states=STANDING, unsorted=True, shuffled=True, limit=BOARD_IDEAS)
    lines = tuple(idea_line(idea, hunt, {}) for idea in ideas)
    return (ThemeBlock(None, "", total, lines),)


def table(unit: Unit, hunt: Hunt) -> Table:
    """The full table: at most 200 rows, shuffled until the round is closed, by number and with dots after."""
    themes = themes_by_id(unit, hunt)
    done = outcome(unit, hunt)
    dots = {rank.option: rank.dots for rank in done.tally.ranks} if done else {}
    ideas = unit.ideas.page(hunt.tenant, hunt.id, states=STANDING, shuffled=done is None, limit=TABLE_ROWS)
    lines: tuple[IdeaLine, ...] = tuple(idea_line(i, hunt, themes, dots.get(i.number)) for i in ideas)
    total = unit.ideas.count(hunt.tenant, hunt.id, states=STANDING)
    return Table(hunt, lines, total, with_dots=bool(dots))


def _nudge(unit: Unit, letter: Letter, envelope: Outgoing, now: datetime) -> Outgoing | None:
    """Only to a listed voter with dots left, who neither declined, muted nor is done, while the round takes dots."""
    assert letter.person is not None
    hunt = _hunt(unit, letter)
    round = unit.rounds.get(letter.tenant, hunt.id, RoundNumber(int(letter.facts["round"])))
    person = unit.people.person(letter.tenant, letter.person)
    elector = unit.rounds.elector(round, letter.person)
    moved = round.closes_at is None or letter.facts.get("until") not in {None, round.closes_at.isoformat()}
    if moved or not round.takes_dots(now) or person.muted:
        return None
    if elector.declined or elector.done or not elector.listed:
        return None
    left = dots_left(unit, hunt, letter.person)
    return replace(envelope, screen=Nudge(hunt, round, left)) if left else None


def _digest(unit: Unit, letter: Letter, envelope: Outgoing, now: datetime) -> Outgoing | None:
    assert letter.room is not None
    since = datetime.fromisoformat(str(letter.facts["since"]))
    screen = digest(unit, letter.tenant, letter.room, since, now)
    return replace(envelope, screen=screen) if screen else None


def _session(unit: Unit, letter: Letter, envelope: Outgoing, now: datetime) -> Outgoing | None:
    hunt = _hunt(unit, letter)
    if hunt.next_session is None or hunt.next_session <= now:
        return None
    return replace(envelope, screen=SessionReminder(hunt, hunt.next_session))


def _invite(hunt: Hunt, room: RoomId, now: datetime) -> Letter:
    """How to help the bot in; once for each time it stood outside: whoever presses "Retry" too early is told again."""
    return Letter(
        tenant=hunt.tenant,
        kind=LetterKind.INVITE,
        key=f"invite:{hunt.id}:{room}:{now.isoformat(timespec='seconds')}",
        topic=f"invite:{hunt.id}:{room}",
        due_at=now,
        hunt=hunt.id,
        person=hunt.facilitator,
        facts={"room": room},
    )


def _invitation(unit: Unit, letter: Letter, envelope: Outgoing) -> Outgoing | None:
    hunt = _hunt(unit, letter)
    places = unit.hunts.rooms(letter.tenant, hunt.id)
    if not any(place.standing is Standing.UNINVITED for place in places):
        return None
    room = RoomId(str(letter.facts["room"]))
    facts = {"room": RoomLink(room, unit.people.room(letter.tenant, room).name), "question": hunt.question}
    button = Button(Deed.RETRY, hunt.id, main=True)
    return replace(envelope, screen=Note("launch.invite", facts, (button,), good=False))


def _remember(unit: Unit, claimed: Claimed, message: MessageId | None, now: datetime) -> None:
    letter = claimed.letter
    if letter.hunt is None or message is None:
        return
    place = _place(unit, letter)
    if place is None:
        return
    if place.standing is Standing.GONE:
        _farewell(unit, letter, place, message, now)
    elif letter.kind is LetterKind.BOARD:
        _board_is_there(unit, letter, place, message, now)
    elif letter.kind is LetterKind.TABLE and place.table != message:
        unit.hunts.keep_room(replace(place, table=message))
        if claimed.maybe_sent:  # found perhaps, and then it tells what was so when it was sent
            redraw(unit, _hunt(unit, letter), now)
    elif letter.kind is LetterKind.RESULTS:
        unit.hunts.keep_room(replace(place, results=message))


def _farewell(unit: Unit, letter: Letter, place: HuntRoom, message: MessageId, now: datetime) -> None:
    """A board that was on its way when its room was taken out of the hunt says so too."""
    if letter.kind is LetterKind.BOARD and place.board != message:
        known = replace(place, board=message)
        unit.hunts.keep_room(known)
        redraw_in(unit, _hunt(unit, letter), known, now)


def _board_is_there(unit: Unit, letter: Letter, place: HuntRoom, message: MessageId, now: datetime) -> None:
    """A new board: drawn again, because much may have changed while it was on its way, or lost and found again."""
    if place.board == message and place.standing is Standing.LIVE:
        return
    unit.hunts.keep_room(replace(place, board=message, standing=Standing.LIVE))
    assert letter.hunt is not None
    hunt = unit.hunts.locked(letter.tenant, letter.hunt)
    if hunt.phase is Phase.DRAFT:
        late = hunt.collect_until is not None and hunt.collect_until <= now
        hunt = replace(hunt.step(Phase.COLLECTING), collect_until=None if late else hunt.collect_until)
        unit.hunts.keep(hunt)
    redraw(unit, hunt, now)


def _rest(unit: Unit, letter: Letter, room: RoomId, now: datetime) -> None:
    """The hunt's place in a room that is gone rests until the bot is back; its facilitator is told once."""
    hunt = _hunt(unit, letter)
    for place in unit.hunts.rooms(letter.tenant, hunt.id):
        if place.room == room:
            unit.hunts.keep_room(replace(place, standing=Standing.UNINVITED))
    room_lost(unit, hunt, room, now)
