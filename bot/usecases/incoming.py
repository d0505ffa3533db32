"""Messages that become ideas: heard, edited, deleted, marked, sent directly; in any order, any number of times."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.domain.errors import BadText, NoHuntHere, TooManyIdeas, WrongPhase
from bot.domain.hunt import Capture, Hunt, Names, Phase
from bot.domain.ideas import Idea, IdeaState, Source, Way
from bot.domain.names import HuntId, IdeaNumber, MessageId, PersonId, RoomId, TenantId
from bot.domain.people import Asker
from bot.ports import Storage, Themer, Trace, Unit
from bot.screens import Button, Deed, IdeaLine, IdeaSaved, Note
from bot.text import accept
from bot.usecases.announcements import notice, redraw
from bot.usecases.ideas import asks_another_look, draft, keep_idea, put_back, reworded, saved, withdraw
from bot.usecases.people import reachable
from bot.usecases.requests import Heard
from bot.usecases.traces import idea_of
from bot.usecases.twins import Twins

DIRECT_HUNTS = 5
PAGE = 500
CAPTURED = frozenset({IdeaState.STANDING, IdeaState.PARKED, IdeaState.MERGED})


@dataclass(frozen=True, slots=True)
class Incoming:
    """Use cases started by messages rather than by forms."""

    storage: Storage
    themer: Themer
    twins: Twins = field(default_factory=Twins)

    def heard(self, message: Heard, now: datetime) -> IdeaSaved | Note | None:
        """A message was written: an idea when a hunt listens there. None means "nothing to say".

        Idempotent by (tenant, room, message) and by the client's own id within the hunt. A refused text is answered
        privately with the way to do better; nothing else is said (the receipt is a reaction).
        """
        with self.storage.begin() as unit:
            found = _listening(unit, message)
            if found is None:
                return None
            hunt, way = found
            answer = _closed_ear(hunt, way, message)
            if answer is not None or hunt.names is Names.NONE:
                return answer
            trace = unit.ideas.trace(message.tenant, message.room, message.message)
            if trace is not None and (trace.gone or trace.number is not None):
                return None
            if message.client_id and unit.ideas.same_gesture(message.tenant, hunt.id, message.client_id):
                return None
            try:
                return self._keep(unit, hunt, _newest(message, trace), way, now)
            except (BadText, WrongPhase) as refusal:
                if way is Way.CHANNEL or isinstance(refusal, WrongPhase):
                    return None  # chatter in a whole-room hunt, or talk after the hunt: not ours to comment
                raise

    def _keep(self, unit: Unit, hunt: Hunt, message: Heard, way: Way, now: datetime) -> IdeaSaved | None:
        source = Source(message.room, message.message, message.edited)
        new = replace(draft(hunt, message.text, message.author, way, now), source=source)
        idea = keep_idea(unit, self.themer, hunt, new)
        told = self.twins.told(unit, hunt, idea, saved(unit, hunt, idea, self.themer.outside))
        return told if told.twin is not None or asks_another_look(idea) else None

    def edited(self, message: Heard, now: datetime) -> None:
        """A message got new words: its idea follows until the vote opens; later the author is told once."""
        with self.storage.begin() as unit:
            trace = unit.ideas.trace(message.tenant, message.room, message.message)
            if trace is not None and (trace.gone or trace.edited >= message.edited):
                return
            if trace is None or trace.number is None or trace.hunt is None:
                self._heard_late(unit, message, trace, now)
                return
            hunt = unit.hunts.pinned(message.tenant, trace.hunt)
            idea = unit.ideas.get(message.tenant, hunt.id, trace.number)
            unit.ideas.keep_trace(replace(trace, edited=message.edited))
            if hunt.takes_ideas:
                _follow(unit, hunt, idea, message, now)
            elif idea.author is not None:
                number = int(idea.number)
                notice(unit, hunt, idea.author, "idea.frozen", now, once=f"frozen:{number}", number=number)

    def _heard_late(self, unit: Unit, message: Heard, trace: Trace | None, now: datetime) -> None:
        """An edit before its original, or of words that were refused: it is kept as if heard now, if it can be.

        The original, when it comes, finds the idea; an edit that cannot be an idea is remembered, and wins over it.
        Where no hunt listens nothing is remembered: what people say elsewhere is not ours to keep.
        """
        found = _listening(unit, message)
        if found is None or found[0].names is Names.NONE or not found[0].takes_ideas:
            return
        if found[1] is Way.CHANNEL and _older_than_board(unit, found[0], message):
            return  # an old message of the room, reworded today: it was not written for this hunt
        kept = trace or Trace(message.tenant, message.room, message.message)
        unit.ideas.keep_trace(replace(kept, edited=message.edited, text=message.text))
        with suppress(BadText, TooManyIdeas):
            self._keep(unit, found[0], message, found[1], now)

    def gone(self, tenant: TenantId, room: RoomId, message: MessageId, now: datetime) -> None:
        """A message was deleted: its idea is withdrawn until the vote opens; a late copy cannot bring it back.

        A message that is no idea is only remembered where a hunt is open.
        """
        with self.storage.begin() as unit:
            trace = unit.ideas.trace(tenant, room, message)
            if trace is None and unit.hunts.open_in(tenant, room) is None:
                return
            trace = trace or Trace(tenant, room, message)
            unit.ideas.keep_trace(replace(trace, gone=True, text=None))
            if trace.hunt is None or trace.number is None:
                return
            hunt = unit.hunts.pinned(tenant, trace.hunt)
            if hunt.takes_ideas:
                withdraw(unit, hunt, unit.ideas.get(tenant, hunt.id, trace.number), now)

    def taken(self, tenant: TenantId, hunt: HuntId, room: RoomId) -> tuple[tuple[MessageId, bool], ...]:
        """Messages of a room that are ideas now, and whether each stood in the hunt's thread: to notice deletions."""
        with self.storage.look() as unit:
            return tuple(
                (idea.source.message, idea.way is Way.THREAD)
                for start in range(0, unit.ideas.count(tenant, hunt, states=CAPTURED), PAGE)
                for idea in unit.ideas.page(tenant, hunt, states=CAPTURED, offset=start, limit=PAGE)
                if idea.way in {Way.THREAD, Way.CHANNEL} and idea.source is not None and idea.source.room == room
            )

    def bulb(self, message: Heard, by: PersonId, now: datetime) -> IdeaSaved | None:
        """Somebody marked a message as an idea: it is kept under its author's name, the marker is credited."""
        with self.storage.begin() as unit:
            hunt = unit.hunts.open_in(message.tenant, message.room)
            if hunt is None or not hunt.takes_ideas or hunt.names is Names.NONE:
                return None
            hunt = unit.hunts.pinned(message.tenant, hunt.id)
            source = Source(message.room, message.message, message.edited)
            known = idea_of(unit, hunt, source)
            if known is not None:
                _mark_again(unit, hunt, known, by, now)
                return None
            new = draft(hunt, message.text, message.author, Way.REACTION, now)
            idea = keep_idea(unit, self.themer, hunt, replace(new, source=source, saved_by=by))
            return saved(unit, hunt, idea, self.themer.outside)

    def unbulb(self, tenant: TenantId, room: RoomId, message: MessageId, now: datetime) -> None:
        """The last mark was taken away: an idea that came in by it is withdrawn, until the vote opens."""
        with self.storage.begin() as unit:
            trace = unit.ideas.trace(tenant, room, message)
            if trace is None or trace.hunt is None or trace.number is None:
                return
            hunt = unit.hunts.pinned(tenant, trace.hunt)
            idea = unit.ideas.get(tenant, hunt.id, trace.number)
            if idea.way is Way.REACTION and hunt.takes_ideas:
                withdraw(unit, hunt, idea, now)

    def direct(self, asker: Asker, room: RoomId, message: MessageId, text: str, now: datetime) -> IdeaSaved | Note:
        """A direct message: kept without a name when one hunt is open to the person, else they choose.

        Raises NoHuntHere, TooShort, TooLong.
        """
        with self.storage.look() as unit:
            hunts = reachable(unit, asker)[:DIRECT_HUNTS]
        if not hunts:
            raise NoHuntHere
        words = accept(text)
        if len(hunts) == 1:
            return self.direct_into(asker, hunts[0].id, room, message, words, False, now)
        buttons = tuple(
            Button(
                Deed.ADD_IDEA,
                f"{hunt.id}|{room}|{message}",
                label="direct.into",
                facts={"question": hunt.question},
            )
            for hunt in hunts
        )
        return Note("direct.which", buttons=buttons, outside=self.themer.outside)

    def direct_into(
        self,
        asker: Asker,
        hunt: HuntId,
        room: RoomId,
        message: MessageId,
        text: str,
        named: bool,
        now: datetime,
    ) -> IdeaSaved:
        """Keeps a direct message in one hunt; without a name nothing links the idea to the message or to the person.

        The message's key is only remembered as served, apart from the idea, so a repeated delivery adds nothing.
        """
        with self.storage.begin() as unit:
            kept = unit.hunts.pinned(asker.tenant, hunt)
            if not unit.people.first_time(asker.tenant, f"direct:{room}:{message}", now):
                return _already_direct(kept)
            nameless = not named or kept.names is Names.NONE
            author = None if nameless else asker.person
            idea = keep_idea(unit, self.themer, kept, draft(kept, text, author, Way.DIRECT, now))
            return saved(unit, kept, idea, self.themer.outside)


def _listening(unit: Unit, message: Heard) -> tuple[Hunt, Way] | None:
    """The hunt that takes this message: its thread, or its whole room."""
    if message.thread is not None and message.thread != message.message:
        hunt = unit.hunts.of_board(message.tenant, message.room, message.thread)
        if hunt is None and message.under_us:
            hunt = unit.hunts.open_in(message.tenant, message.room)
        way, wanted = Way.THREAD, {Capture.THREAD, Capture.CHANNEL}
    else:
        hunt = unit.hunts.open_in(message.tenant, message.room)
        way, wanted = Way.CHANNEL, {Capture.CHANNEL}
    if hunt is None or hunt.capture not in wanted:
        return None
    return unit.hunts.pinned(message.tenant, hunt.id), way


def _closed_ear(hunt: Hunt, way: Way, message: Heard) -> Note | None:
    """A kind word to somebody who answers in the thread of a hunt that cannot take it; chatter in a room hears none."""
    if way is not Way.THREAD:
        return None
    if hunt.phase is Phase.VOTING and not message.edited:
        return Note("thread.voting", buttons=(Button(Deed.VOTE, hunt.id),), good=False)
    if hunt.names is Names.NONE and hunt.takes_ideas:
        return Note("thread.nameless", buttons=(Button(Deed.ADD_IDEA, hunt.id, main=True),), good=False)
    return None


def _older_than_board(unit: Unit, hunt: Hunt, message: Heard) -> bool:
    """Message ids of one room sort by time, as texts of one length."""
    boards = [place.board for place in unit.hunts.rooms(hunt.tenant, hunt.id) if place.room == message.room]
    return any(board is not None and message.message < board for board in boards)


def _mark_again(unit: Unit, hunt: Hunt, idea: Idea, by: PersonId, now: datetime) -> None:
    """Whoever took their mark away and sets it again brings the idea back."""
    if idea.state is IdeaState.WITHDRAWN and idea.way is Way.REACTION and by in {idea.saved_by, idea.author}:
        put_back(unit, hunt, idea, now)


def _newest(message: Heard, trace: Trace | None) -> Heard:
    """The message with the words of an edit that arrived before it."""
    if trace is None or trace.text is None or trace.edited <= message.edited:
        return message
    return replace(message, text=trace.text, edited=trace.edited)


def _follow(unit: Unit, hunt: Hunt, idea: Idea, message: Heard, now: datetime) -> None:
    """The idea takes the message's new words; words that cannot be an idea leave it as it was, and say so."""
    try:
        changed = reworded(idea, message.text)
    except BadText:
        if idea.author is not None:
            once = f"kept:{idea.number}:{message.edited}"
            notice(unit, hunt, idea.author, "idea.edit_refused", now, once=once, number=int(idea.number))
        return
    if idea.state is IdeaState.STANDING and changed.text != idea.text:
        unit.ideas.keep(changed, now)
        redraw(unit, hunt, now)


def _already_direct(hunt: Hunt) -> IdeaSaved:
    """The answer to a direct message delivered twice: whose idea it became is not known, so nothing is shown."""
    return IdeaSaved(hunt, IdeaLine(IdeaNumber(0), ""), repeated=True)
