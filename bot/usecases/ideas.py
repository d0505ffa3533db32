"""Posting, editing, withdrawing and splitting ideas: what people do on purpose."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, time

from bot.domain.cadence import local_day, local_moment
from bot.domain.errors import BadText, NoHuntHere, NotAllowed, TooManyThemes, UnknownIdea, UnknownTheme
from bot.domain.hunt import MAX_THEME, MAX_THEMES, Hunt, Names, Phase
from bot.domain.ideas import Idea, IdeaState, Origin, Source, ThemeSeed, Way
from bot.domain.names import HuntId, IdeaNumber, MessageId, PersonId, RoomId, TenantId, ThemeId
from bot.domain.people import Asker
from bot.ports import Storage, Themer, Unit
from bot.privacy import personal_details
from bot.screens import Button, Choice, Deed, IdeaForm, IdeaSaved, MyIdeas, Note, SplitDone
from bot.text import accept, one_line, split_list, title_of
from bot.theming.lexicon import WordList
from bot.theming.twins import NEWEST
from bot.usecases.announcements import receipt, redraw, unreceipt
from bot.usecases.lines import (
    PAGE,
    clamp_page,
    holds_right,
    idea_line,
    pages,
    right_over,
    theme_choices,
    themes_by_id,
)
from bot.usecases.pace import expect_pace
from bot.usecases.people import reachable
from bot.usecases.requests import EditRequest, IdeaRequest
from bot.usecases.traces import idea_of, link
from bot.usecases.twins import Twins
from bot.usecases.wordlist import own_words

SPLIT_MOST = 20
"""A pasted list becomes at most this many ideas at once."""


@dataclass(frozen=True, slots=True)
class Ideas:
    """Use cases about a person's own ideas."""

    storage: Storage
    themer: Themer
    twins: Twins = field(default_factory=Twins)

    def form(
        self,
        asker: Asker,
        room: RoomId | None,
        now: datetime,
        hunt: HuntId | None = None,
        text: str = "",
        nameless: bool = False,
        source: str = "",
        number: IdeaNumber | None = None,
        token: str = "",
    ) -> IdeaForm | Note:
        """The form for one idea; a Note when no hunt takes ideas from this person."""
        with self.storage.look() as unit:
            hunts = _choices(unit, asker, room, hunt)
            if not hunts:
                return Note("idea.no_hunt", buttons=(Button(Deed.NEW_HUNT, main=True),), good=False)
            chosen = hunts[0]
            form = IdeaForm(
                tuple(Choice(h.id, h.question) for h in hunts),
                chosen.id,
                theme_choices(themes_by_id(unit, chosen).values()),
                text,
                nameless=nameless,
                may_hide_name=chosen.names is Names.SHOWN and not source,
                own_themes=chosen.own_themes,
                source=source,
                outside=self.themer.outside,
            )
            if number is None:
                return form
            idea = _own(unit, chosen, asker, number, token)
            return replace(form, text=idea.text, theme=idea.theme, number=number, token=token, may_hide_name=False)

    def foresee(self, tenant: TenantId, text: str, hunt: HuntId | None = None, room: RoomId | None = None) -> None:
        """An idea is about to be kept in a hunt, or in a room: what is likely is found out outside any transaction.

        Its theme and, where ideas are in the open, one that may be the same. What cannot be kept is not refused here.
        """
        with self.storage.look() as unit:
            kept = unit.hunts.get(tenant, hunt) if hunt else unit.hunts.open_in(tenant, room) if room else None
            if kept is None or not kept.takes_ideas:
                return
            own = own_words(unit, tenant)
            seeds = _seeds(unit, kept, own)
            others = unit.ideas.texts(tenant, kept.id, NEWEST) if kept.shows_ideas else ()
        with suppress(BadText):
            words = accept(text)
            self.twins.foresee(kept.id, words, others, own)
            if seeds:
                self.themer.foresee(own.apply(words), seeds)

    def post(self, asker: Asker, wanted: IdeaRequest, key: str, now: datetime) -> IdeaSaved:
        """Keeps one idea; the same request sent twice keeps it once.

        Raises WrongPhase, TooShort, TooLong, TooManyIdeas, UnknownTheme.
        """
        with self.storage.begin() as unit:
            hunt = unit.hunts.pinned(asker.tenant, wanted.hunt)
            if not unit.people.first_time(asker.tenant, f"idea:{key}", now):
                return _repeated(unit, hunt, asker, self.themer.outside)
            return self._add(unit, hunt, asker, wanted, now)

    def post_here(self, asker: Asker, room: RoomId, text: str, key: str, now: datetime) -> IdeaSaved:
        """Keeps one idea in the open hunt of a room (the words after a command). Raises NoHuntHere."""
        with self.storage.look() as unit:
            hunt = unit.hunts.open_in(asker.tenant, room)
        if hunt is None:
            raise NoHuntHere
        return self.post(asker, IdeaRequest(hunt.id, text, way=Way.COMMAND), key, now)

    def _add(self, unit: Unit, hunt: Hunt, asker: Asker, wanted: IdeaRequest, now: datetime) -> IdeaSaved:
        source, author = _source(wanted.source, asker)
        if source is not None and (known := idea_of(unit, hunt, source)) is not None:
            return saved(unit, hunt, known, self.themer.outside, repeated=True)
        new = replace(
            draft(hunt, wanted.text, author, wanted.way, now),
            theme=_theme(unit, hunt, wanted.theme, wanted.new_theme),
            source=source,
            saved_by=asker.person if source is not None else None,
        )
        if (wanted.nameless and source is None) or hunt.names is Names.NONE:
            new = replace(new, author=None, source=None, saved_by=None)
        idea = keep_idea(unit, self.themer, hunt, new)
        return self.twins.told(unit, hunt, idea, saved(unit, hunt, idea, self.themer.outside))

    def edit(self, asker: Asker, wanted: EditRequest, now: datetime) -> IdeaSaved:
        """New words for one's own idea, until the vote opens."""
        with self.storage.begin() as unit:
            hunt = unit.hunts.pinned(asker.tenant, wanted.hunt)
            idea = _own(unit, hunt, asker, wanted.number, wanted.token)
            hunt.expect(Phase.DRAFT, Phase.COLLECTING, Phase.REVEALED)
            theme = _theme(unit, hunt, wanted.theme, wanted.new_theme)
            changed = replace(
                reworded(idea, wanted.text),
                theme=theme if theme is not None else idea.theme,
                suggested=idea.suggested and theme is None,
            )
            unit.ideas.keep(changed, now)
            redraw(unit, hunt, now)
            return saved(unit, hunt, unit.ideas.get(hunt.tenant, hunt.id, idea.number), self.themer.outside)

    def withdraw(self, asker: Asker, hunt: HuntId, number: IdeaNumber, token: str, now: datetime) -> Note:
        """Takes one's own idea back, until the vote opens; it can be restored."""
        with self.storage.begin() as unit:
            kept = unit.hunts.pinned(asker.tenant, hunt)
            idea = _given(unit, kept, asker, number, token)
            kept.expect(Phase.DRAFT, Phase.COLLECTING, Phase.REVEALED)
            withdraw(unit, kept, idea, now)
        button = Button(Deed.RESTORE_IDEA, f"{hunt}|{number}|{token}")
        return Note("idea.withdrawn", {"number": int(number)}, (button,))

    def restore(self, asker: Asker, hunt: HuntId, number: IdeaNumber, token: str, now: datetime) -> Note:
        """Puts a withdrawn idea back, until the vote opens."""
        with self.storage.begin() as unit:
            kept = unit.hunts.pinned(asker.tenant, hunt)
            idea = _given(unit, kept, asker, number, token)
            kept.expect(Phase.DRAFT, Phase.COLLECTING, Phase.REVEALED)
            put_back(unit, kept, idea, now)
        return Note("idea.restored", {"number": int(number)})

    def split(self, asker: Asker, hunt: HuntId, number: IdeaNumber, token: str, now: datetime) -> SplitDone:
        """Makes several ideas of a pasted list; the first keeps the number of the list."""
        with self.storage.begin() as unit:
            kept = unit.hunts.pinned(asker.tenant, hunt)
            idea = _own(unit, kept, asker, number, token)
            kept.expect(Phase.DRAFT, Phase.COLLECTING, Phase.REVEALED)
            parts = split_list(idea.text)[:SPLIT_MOST]
            themes = themes_by_id(unit, kept)
            if not parts:
                return SplitDone(kept, (idea_line(idea, kept, themes),))
            unit.ideas.keep(reworded(idea, parts[0]), now)
            rest = [
                keep_idea(
                    unit, self.themer, kept, replace(draft(kept, part, idea.author, idea.way, now), theme=idea.theme)
                )
                for part in parts[1:]
            ]
            first = unit.ideas.get(kept.tenant, kept.id, number)
            return SplitDone(kept, tuple(idea_line(one, kept, themes) for one in (first, *rest)))

    def mine(self, asker: Asker, hunt: HuntId, now: datetime, page: int = 1) -> MyIdeas:
        """The person's own ideas under their name."""
        with self.storage.look() as unit:
            kept = unit.hunts.get(asker.tenant, hunt)
            own = unit.ideas.by(asker.tenant, hunt, asker.person)
            page = clamp_page(page, len(own), PAGE)
            shown = own[(page - 1) * PAGE : page * PAGE]
            themes = themes_by_id(unit, kept)
            lines = tuple(idea_line(idea, kept, themes) for idea in shown)
            return MyIdeas(kept, lines, kept.takes_ideas, page, pages(len(own), PAGE))


def draft(hunt: Hunt, text: str, author: PersonId | None, way: Way, now: datetime) -> Idea:
    """An idea not yet checked nor numbered; without an author it is one without a name."""
    return Idea(hunt.tenant, hunt.id, IdeaNumber(0), text, now, way, author)


def keep_idea(unit: Unit, themer: Themer, hunt: Hunt, new: Idea) -> Idea:
    """Checks and keeps one new idea, suggests its theme, and writes the letters it causes.

    The caller has pinned the hunt. Raises WrongPhase, TooShort, TooLong, TooManyIdeas.
    """
    hunt.expect(Phase.DRAFT, Phase.COLLECTING, Phase.REVEALED)
    words, now = accept(new.text), new.created_at
    if new.author is None:
        new = replace(new, created_at=_start_of_day(unit, hunt, now))
    else:
        expect_pace(unit, hunt, new.saved_by or new.author, now)
    theme = new.theme if new.theme is not None else _likely_theme(unit, themer, hunt, words)
    idea = unit.ideas.add(
        replace(
            new,
            text=words,
            title=title_of(words),
            theme=theme,
            suggested=theme is not None and new.theme is None,
            saved_by=new.saved_by if new.saved_by != new.author else None,
        )
    )
    link(unit, idea)
    if idea.source is not None:
        receipt(unit, hunt, idea.source.room, idea.source.message, now)
    redraw(unit, replace(hunt, ideas=hunt.ideas + 1), now)
    return idea


def _start_of_day(unit: Unit, hunt: Hunt, now: datetime) -> datetime:
    """All that is kept of when an idea without a name came: a finer moment could tell whose it is (rule E21)."""
    places = unit.hunts.rooms(hunt.tenant, hunt.id)
    zone = unit.people.room(hunt.tenant, places[0].room).zone if places else "UTC"
    return max(hunt.created_at, local_moment(local_day(now, zone), time.min, zone))


def _likely_theme(unit: Unit, themer: Themer, hunt: Hunt, text: str) -> ThemeId | None:
    own = own_words(unit, hunt.tenant)
    seeds = _seeds(unit, hunt, own)
    likely = themer.place(own.apply(text), seeds) if seeds else None
    return ThemeId(likely) if likely is not None else None


def _seeds(unit: Unit, hunt: Hunt, own: WordList) -> tuple[ThemeSeed, ...]:
    """What is known of the hunt's themes, in the workspace's words; nothing where nobody wants suggestions."""
    themes = themes_by_id(unit, hunt)
    if not themes or not unit.ideas.suggests(hunt.tenant, hunt.id):
        return ()
    return tuple(ThemeSeed(int(id), own.apply(theme.name)) for id, theme in themes.items())


def reworded(idea: Idea, text: str) -> Idea:
    """The idea in new words, checked; a long text gets its title again."""
    words = accept(text)
    return replace(idea, text=words, title=title_of(words), version=idea.version + (words != idea.text))


def withdraw(unit: Unit, hunt: Hunt, idea: Idea, now: datetime) -> None:
    """Takes a standing idea back; withdrawing twice changes nothing."""
    if idea.state not in {IdeaState.STANDING, IdeaState.PARKED}:
        return
    unit.ideas.keep(replace(idea, state=IdeaState.WITHDRAWN), now)
    if idea.source:
        unreceipt(unit, hunt, idea.source.room, idea.source.message, now)
    redraw(unit, hunt, now)


def put_back(unit: Unit, hunt: Hunt, idea: Idea, now: datetime) -> None:
    """A withdrawn idea stands again; one that stands is left as it is."""
    if idea.state is not IdeaState.WITHDRAWN:
        return
    unit.ideas.keep(replace(idea, state=IdeaState.STANDING), now)
    if idea.source:
        receipt(unit, hunt, idea.source.room, idea.source.message, now)
    redraw(unit, hunt, now)


def saved(unit: Unit, hunt: Hunt, idea: Idea, outside: str, *, repeated: bool = False) -> IdeaSaved:
    """The receipt of an idea, with what may be worth another look, and where its words went besides (`outside`)."""
    return IdeaSaved(
        hunt,
        idea_line(idea, hunt, themes_by_id(unit, hunt)),
        token=right_over(hunt, idea.number) if idea.author is None else "",
        repeated=repeated,
        list_items=min(len(split_list(idea.text)), SPLIT_MOST),
        details=tuple(detail.words for detail in personal_details(idea.text)),
        folded=bool(idea.title),
        outside=outside,
    )


def asks_another_look(idea: Idea) -> bool:
    """Whether the receipt has something to ask or to tell: a pasted list, personal details, a long text."""
    listed = "\n" in idea.text and split_list(idea.text)
    return bool(idea.title or listed or personal_details(idea.text))


def _repeated(unit: Unit, hunt: Hunt, asker: Asker, outside: str) -> IdeaSaved:
    own = unit.ideas.by(hunt.tenant, hunt.id, asker.person)
    if own:
        return saved(unit, hunt, own[-1], outside, repeated=True)
    latest = unit.ideas.since(hunt.tenant, hunt.id, hunt.created_at, 1).newest
    if not latest:
        raise UnknownIdea
    nameless = replace(latest[0], text="", title="", theme=None)  # whose it is cannot be known: shown to nobody
    return IdeaSaved(hunt, idea_line(nameless, hunt, {}), repeated=True)


def _choices(unit: Unit, asker: Asker, room: RoomId | None, hunt: HuntId | None) -> tuple[Hunt, ...]:
    if hunt is not None:
        return (unit.hunts.get(asker.tenant, hunt),)
    here = unit.hunts.open_in(asker.tenant, room) if room else None
    if here is not None:
        here.expect(Phase.DRAFT, Phase.COLLECTING, Phase.REVEALED)
        return (here,)
    return reachable(unit, asker)


def _own(unit: Unit, hunt: Hunt, asker: Asker, number: IdeaNumber, token: str) -> Idea:
    """One's own idea: under one's name, or held by its token. Raises UnknownIdea, NotAllowed.

    Who saved somebody else's message may not put words into their mouth.
    """
    idea = unit.ideas.get(hunt.tenant, hunt.id, number)
    if idea.author == asker.person or (idea.author is None and holds_right(hunt, number, token)):
        return idea
    raise NotAllowed("edit_idea")


def _given(unit: Unit, hunt: Hunt, asker: Asker, number: IdeaNumber, token: str) -> Idea:
    """One's own idea, or somebody's message one saved: it may be taken back and put back. Raises like `_own`."""
    idea = unit.ideas.get(hunt.tenant, hunt.id, number)
    return idea if idea.saved_by == asker.person else _own(unit, hunt, asker, number, token)


def _theme(unit: Unit, hunt: Hunt, theme: ThemeId | None, new: str) -> ThemeId | None:
    known: Iterable[ThemeId] = themes_by_id(unit, hunt)
    if name := one_line(new, MAX_THEME):
        if not hunt.own_themes:
            raise NotAllowed("add_theme")
        if len(list(known)) >= MAX_THEMES:
            raise TooManyThemes(MAX_THEMES)
        return unit.ideas.add_theme(hunt.tenant, hunt.id, name, Origin.PERSON).id
    if theme is not None and theme not in known:
        raise UnknownTheme
    return theme


def _source(packed: str, asker: Asker) -> tuple[Source | None, PersonId]:
    """The saved message and its author out of `room|message|author`; the asker where there is none."""
    if not packed:
        return None, asker.person
    room, message, author = packed.split("|", 2)
    return Source(RoomId(room), MessageId(message)), PersonId(author) if author else asker.person
