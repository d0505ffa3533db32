"""Ideas of a hunt: numbered, counted and changed by single statements; nothing is counted by reading."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from sqlalchemy import Select, bindparam, func, or_, select, update

from bot.domain.errors import UnknownHunt, UnknownIdea
from bot.domain.ideas import Idea, IdeaState, IdeaText, Source
from bot.domain.names import HuntId, IdeaNumber, MessageId, PersonId, RoomId, TenantId, ThemeId
from bot.ports import Trace, Week
from storage.grouping import SqlGrouping
from storage.hot import Hot
from storage.rows import insert, table, upsert
from storage.rows_hunt import HuntCountRow
from storage.rows_idea import ClientGestureRow, IdeaCountRow, IdeaRow, IdeaVersionRow, MessageTraceRow

_IDEAS = table(IdeaRow)
_HUNT_COUNTS = table(HuntCountRow)
_COUNTS = table(IdeaCountRow)
_TRACES = table(MessageTraceRow)
COUNTED = frozenset({IdeaState.STANDING, IdeaState.MERGED})
"""States that count as an idea of the hunt: a merged idea is still told, within another."""

_OF_HUNT = (_IDEAS.c.tenant == bindparam("of")) & (_IDEAS.c.hunt == bindparam("in"))
_THIS = _OF_HUNT & (_IDEAS.c.number == bindparam("which"))
_BY = _OF_HUNT & (_IDEAS.c.author == bindparam("who"))
_ALL = select(_IDEAS).where(_OF_HUNT)
_GET = Hot(select(_IDEAS).where(_THIS))
_ADD = Hot(insert(IdeaRow))
_KEEP = update(_IDEAS).where(_THIS)
_THESE = _OF_HUNT & _IDEAS.c.number.in_(bindparam("numbers", expanding=True))
_PUT = update(_IDEAS).where(_THESE)
_WHERE_THEY_ARE = (
    select(_IDEAS.c.theme, _IDEAS.c.state, func.count()).where(_THESE).group_by(_IDEAS.c.theme, _IDEAS.c.state)
)
AT_ONCE = 1_000
"""Ideas named in one statement."""
_OLD_WORDS = insert(IdeaVersionRow)
_THIS_HUNT = (_HUNT_COUNTS.c.tenant == bindparam("of")) & (_HUNT_COUNTS.c.hunt == bindparam("in"))
_NUMBER = Hot(
    update(_HUNT_COUNTS)
    .where(_THIS_HUNT)
    .values(
        numbered=_HUNT_COUNTS.c.numbered + 1,
        ideas=_HUNT_COUNTS.c.ideas + bindparam("ideas_by"),
        voices=_HUNT_COUNTS.c.voices + bindparam("voices_by"),
    )
    .returning(_HUNT_COUNTS.c.numbered)
)
_RECOUNT = Hot(
    update(_HUNT_COUNTS)
    .where(_THIS_HUNT)
    .values(
        ideas=_HUNT_COUNTS.c.ideas + bindparam("ideas_by"),
        voices=_HUNT_COUNTS.c.voices + bindparam("voices_by"),
    )
)
_OTHER_BY = Hot(
    select(_IDEAS.c.number)
    .where(_BY, _IDEAS.c.number != bindparam("which"), _IDEAS.c.state != IdeaState.WITHDRAWN)
    .limit(1)
)
_BY_PERSON = select(_IDEAS).where(_BY).order_by(_IDEAS.c.number)
_MERGED = _ALL.where(_IDEAS.c.merged_into == bindparam("which"))
_TEXTS = (
    select(_IDEAS.c.number, _IDEAS.c.text)
    .where(_OF_HUNT, _IDEAS.c.state == IdeaState.STANDING)
    .order_by(_IDEAS.c.number.desc())
)
_SINCE = _IDEAS.c.created_at >= bindparam("since", type_=_IDEAS.c.created_at.type)
_POSTED = Hot(select(func.count().label("posted")).select_from(_IDEAS).where(_BY, _SINCE))
# An idea without a name carries the start of its day: posted after `since`, it may say up to a day before.
_FRESH_OR_NAMELESS = _SINCE | (
    _IDEAS.c.author.is_(None) & (_IDEAS.c.created_at > bindparam("day_before", type_=_IDEAS.c.created_at.type))
)
_FRESH = _OF_HUNT & _FRESH_OR_NAMELESS & _IDEAS.c.state.in_(sorted(COUNTED))
_WEEK = select(func.count(), func.count(_IDEAS.c.author), func.count(func.distinct(_IDEAS.c.author))).where(_FRESH)
_NEWEST = (
    select(_IDEAS)
    .where(_OF_HUNT, _FRESH_OR_NAMELESS, _IDEAS.c.state == IdeaState.STANDING)
    .order_by(_IDEAS.c.number.desc())
    .limit(bindparam("most"))
)
_STATES = bindparam("states", expanding=True, type_=_IDEAS.c.state.type)
_PAGE = _ALL.where(_IDEAS.c.state.in_(_STATES)).limit(bindparam("most")).offset(bindparam("skip"))
_NARROWED = {
    "all": _PAGE,
    "theme": _PAGE.where(_IDEAS.c.theme == bindparam("under")),
    "unsorted": _PAGE.where(_IDEAS.c.theme.is_(None)),
}
_PAGES = {
    shuffled: {
        which: page.order_by(_IDEAS.c.shuffled, _IDEAS.c.number) if shuffled else page.order_by(_IDEAS.c.number)
        for which, page in _NARROWED.items()
    }
    for shuffled in (False, True)
}
_SUM = select(func.coalesce(func.sum(_COUNTS.c.ideas), 0)).where(
    _COUNTS.c.tenant == bindparam("of"),
    _COUNTS.c.hunt == bindparam("in"),
    _COUNTS.c.state.in_(_STATES),
    or_(bindparam("under") == -1, _COUNTS.c.theme == bindparam("under")),
)
_TRACE = Hot(
    select(_TRACES).where(
        _TRACES.c.tenant == bindparam("of"),
        _TRACES.c.room == bindparam("where"),
        _TRACES.c.message == bindparam("which"),
    )
)
_KEEP_TRACE = Hot(upsert(MessageTraceRow))
_GESTURE = Hot(insert(ClientGestureRow).on_conflict_do_nothing().returning(table(ClientGestureRow).c.client))


@dataclass(frozen=True, slots=True)
class SqlIdeas(SqlGrouping):
    """IdeaStore on a connection."""

    def add(self, idea: Idea) -> Idea:
        where = {"of": idea.tenant, "in": idea.hunt}
        counted = int(idea.state in COUNTED)
        nameless = int(idea.author is None)
        row = _NUMBER.first(self.connection, {**where, "ideas_by": counted, "voices_by": nameless})
        if row is None:
            raise UnknownHunt
        number = row.numbered
        kept = replace(idea, number=IdeaNumber(number))
        if not nameless and not self._speaks_otherwise(kept):
            _RECOUNT.touched(self.connection, {**where, "ideas_by": 0, "voices_by": 1})
        keys = {"tenant": kept.tenant, "hunt": kept.hunt, "number": number, "created_at": kept.created_at}
        _ADD.touched(self.connection, {**keys, **_row(kept), "shuffled": _by_chance(kept)})
        self._count(kept.tenant, kept.hunt, kept.theme, kept.state, 1)
        return kept

    def _speaks_otherwise(self, idea: Idea) -> bool:
        """Whether the author has another idea in the hunt that is not withdrawn."""
        where = {"of": idea.tenant, "in": idea.hunt, "who": idea.author, "which": idea.number}
        return _OTHER_BY.first(self.connection, where) is not None

    def get(self, tenant: TenantId, hunt: HuntId, number: IdeaNumber) -> Idea:
        where = {"of": tenant, "in": hunt, "which": number}
        row = _GET.first(self.connection, where)
        if row is None:
            raise UnknownIdea(number)
        return _idea(row._asdict())

    def keep(self, idea: Idea, now: datetime) -> None:
        self._take_turn(idea.tenant, idea.hunt)
        before = self.get(idea.tenant, idea.hunt, idea.number)
        if idea.theme is not None and idea.theme != before.theme:
            self._expect_theme(idea.tenant, idea.hunt, idea.theme)
        where = {"of": idea.tenant, "in": idea.hunt, "which": idea.number}
        version = before.version
        if idea.text != before.text:
            version += 1
            self._remember_words(before, now)
        self.connection.execute(_KEEP.values(_row(replace(idea, version=version))), where)
        self._follow(before, idea)
        self._changed(idea.tenant, idea.hunt)

    def keep_places(
        self, tenant: TenantId, hunt: HuntId, places: Mapping[IdeaNumber, ThemeId | None], *, suggested: bool
    ) -> None:
        if not places:
            return
        self._take_turn(tenant, hunt)
        by_theme: dict[ThemeId | None, list[IdeaNumber]] = defaultdict(list)
        for number in sorted(places):
            by_theme[places[number]].append(number)
        counts: Counter[tuple[int, IdeaState]] = Counter()
        for theme, numbers in by_theme.items():
            if theme is not None:
                self._expect_theme(tenant, hunt, theme)
            for some in (numbers[start : start + AT_ONCE] for start in range(0, len(numbers), AT_ONCE)):
                put = {"theme": theme, "suggested": suggested and theme is not None}
                self._put(put, {"of": tenant, "in": hunt, "numbers": some}, counts)
        for (there, state), by in sorted(counts.items()):
            if by:
                self._count(tenant, hunt, there, state, by)
        self._changed(tenant, hunt)

    def _put(self, put: Mapping[str, Any], where: Mapping[str, Any], counts: Counter[tuple[int, IdeaState]]) -> None:
        """Moves some ideas to one theme, and notes what each counter loses and gains."""
        for was, state, ideas in self.connection.execute(_WHERE_THEY_ARE, where):
            counts[was or 0, state] -= ideas
            counts[put["theme"] or 0, state] += ideas
        self.connection.execute(_PUT.values(put), where)

    def _remember_words(self, before: Idea, now: datetime) -> None:
        keys = {"tenant": before.tenant, "hunt": before.hunt, "number": before.number}
        row = {
            **keys,
            "version": before.version,
            "text": before.text,
            "until": now if before.author else before.created_at,
        }
        self.connection.execute(_OLD_WORDS, row)

    def _follow(self, before: Idea, idea: Idea) -> None:
        """Moves the counters from where the idea was to where it is."""
        if (before.theme, before.state) == (idea.theme, idea.state):
            return
        self._count(idea.tenant, idea.hunt, before.theme, before.state, -1)
        self._count(idea.tenant, idea.hunt, idea.theme, idea.state, 1)
        ideas = (idea.state in COUNTED) - (before.state in COUNTED)
        voices = (idea.state is not IdeaState.WITHDRAWN) - (before.state is not IdeaState.WITHDRAWN)
        if voices and idea.author is not None and self._speaks_otherwise(idea):
            voices = 0
        if ideas or voices:
            where = {"of": idea.tenant, "in": idea.hunt}
            _RECOUNT.touched(self.connection, {**where, "ideas_by": ideas, "voices_by": voices})

    def trace(self, tenant: TenantId, room: RoomId, message: MessageId) -> Trace | None:
        where = {"of": tenant, "where": room, "which": message}
        row = _TRACE.first(self.connection, where)
        return Trace(**row._asdict()) if row else None

    def keep_trace(self, trace: Trace) -> None:
        keys = {"tenant": trace.tenant, "room": trace.room, "message": trace.message}
        found = {"hunt": trace.hunt, "number": trace.number, "edited": trace.edited}
        _KEEP_TRACE.touched(self.connection, {**keys, **found, "text": trace.text, "gone": trace.gone})

    def same_gesture(self, tenant: TenantId, hunt: HuntId, client_id: str) -> bool:
        row = {"tenant": tenant, "hunt": hunt, "client": client_id}
        return _GESTURE.first(self.connection, row) is None

    def page(  # noqa: PLR0913 - the port's own arguments
        self,
        tenant: TenantId,
        hunt: HuntId,
        *,
        states: frozenset[IdeaState],
        theme: ThemeId | None = None,
        unsorted: bool = False,
        shuffled: bool = False,
        offset: int = 0,
        limit: int = 20,
    ) -> tuple[Idea, ...]:
        where = {"of": tenant, "in": hunt, "states": sorted(states), "most": limit, "skip": offset}
        if theme is not None:
            return self._all(_PAGES[shuffled]["theme"], {**where, "under": theme})
        return self._all(_PAGES[shuffled]["unsorted" if unsorted else "all"], where)

    def count(
        self,
        tenant: TenantId,
        hunt: HuntId,
        *,
        states: frozenset[IdeaState],
        theme: ThemeId | None = None,
        unsorted: bool = False,
    ) -> int:
        under = 0 if unsorted else -1 if theme is None else theme
        where = {"of": tenant, "in": hunt, "states": sorted(states), "under": under}
        return int(self.connection.execute(_SUM, where).scalar_one())

    def by(self, tenant: TenantId, hunt: HuntId, person: PersonId) -> tuple[Idea, ...]:
        return self._all(_BY_PERSON, {"of": tenant, "in": hunt, "who": person})

    def merged_into(self, tenant: TenantId, hunt: HuntId, number: IdeaNumber) -> tuple[Idea, ...]:
        behind = self._all(_MERGED, {"of": tenant, "in": hunt, "which": number})
        return tuple(sorted(behind, key=lambda idea: idea.number))

    def texts(self, tenant: TenantId, hunt: HuntId, newest: int | None = None) -> tuple[IdeaText, ...]:
        rows = self.connection.execute(_TEXTS.limit(newest), {"of": tenant, "in": hunt})
        return tuple(sorted((IdeaText(number, text) for number, text in rows), key=lambda one: one.number))

    def posted_since(self, tenant: TenantId, hunt: HuntId, person: PersonId, since: datetime) -> int:
        where = {"of": tenant, "in": hunt, "who": person, "since": since}
        return int(_POSTED.first(self.connection, where).posted)

    def since(self, tenant: TenantId, hunt: HuntId, moment: datetime, newest: int) -> Week:
        where = {"of": tenant, "in": hunt, "since": moment, "day_before": moment - timedelta(days=1)}
        ideas, named, people = self.connection.execute(_WEEK, where).one()
        shown = self._all(_NEWEST, {**where, "most": newest}) if newest else ()
        return Week(ideas, people + ideas - named, shown)

    def _all(self, query: Select[Any], where: dict[str, Any]) -> tuple[Idea, ...]:
        return tuple(_idea(dict(row)) for row in self.connection.execute(query, where).mappings())


def _by_chance(idea: Idea) -> int:
    """A number that tells nothing of the order ideas came in, the same each time; hunts' ids are random."""
    words = f"{idea.tenant}|{idea.hunt}|{idea.number}".encode()
    return int.from_bytes(blake2b(words, digest_size=4).digest()) >> 1


def _row(idea: Idea) -> dict[str, Any]:
    """What may change of an idea."""
    source = idea.source
    return {
        "text": idea.text,
        "way": idea.way,
        "author": idea.author,
        "title": idea.title,
        "theme": idea.theme,
        "suggested": idea.suggested,
        "state": idea.state,
        "merged_into": idea.merged_into,
        "version": idea.version,
        "source_room": source.room if source else None,
        "source_message": source.message if source else None,
        "source_edited": source.edited if source else None,
        "saved_by": idea.saved_by,
        "voices": idea.voices,
    }


def _idea(row: dict[str, Any]) -> Idea:
    del row["shuffled"]
    room, message, edited = (row.pop(f"source_{part}") for part in ("room", "message", "edited"))
    source = Source(room, message, edited) if room is not None and message is not None else None
    return Idea(**row, source=source)
