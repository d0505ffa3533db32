"""Themes of a hunt, and how many ideas are in each."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, false, func, select, update

from bot.domain.errors import UnknownHunt, UnknownTheme
from bot.domain.ideas import IdeaState, Origin, Theme, folded_name
from bot.domain.names import HuntId, TenantId, ThemeId
from storage.hot import Hot
from storage.rows import insert, table
from storage.rows_hunt import HuntCountRow
from storage.rows_idea import IdeaCountRow, ThemeRow

_HUNT_COUNTS = table(HuntCountRow)
_THEMES = table(ThemeRow)
_COUNTS = table(IdeaCountRow)

_TURN = Hot(
    select(_HUNT_COUNTS.c.numbered)
    .where(_HUNT_COUNTS.c.tenant == bindparam("of"), _HUNT_COUNTS.c.hunt == bindparam("in"))
    .with_for_update()
)
_THESE_COUNTS = (_HUNT_COUNTS.c.tenant == bindparam("of")) & (_HUNT_COUNTS.c.hunt == bindparam("in"))
_CHANGED = Hot(update(_HUNT_COUNTS).where(_THESE_COUNTS).values(changes=_HUNT_COUNTS.c.changes + 1))
_CHANGES = Hot(select((_HUNT_COUNTS.c.changes + _HUNT_COUNTS.c.numbered).label("changes")).where(_THESE_COUNTS))
_THERE = Hot(
    select(_THEMES.c.id).where(
        _THEMES.c.tenant == bindparam("of"),
        _THEMES.c.hunt == bindparam("in"),
        _THEMES.c.id == bindparam("which"),
        _THEMES.c.gone == false(),
    )
)
_STANDING_THERE = (
    (_COUNTS.c.tenant == _THEMES.c.tenant)
    & (_COUNTS.c.hunt == _THEMES.c.hunt)
    & (_COUNTS.c.theme == _THEMES.c.id)
    & (_COUNTS.c.state == IdeaState.STANDING)
)
_EVERY = (
    select(
        _THEMES.c.tenant,
        _THEMES.c.hunt,
        _THEMES.c.id,
        _THEMES.c.name,
        _THEMES.c.position,
        _THEMES.c.origin,
        func.coalesce(_COUNTS.c.ideas, 0).label("ideas"),
        _THEMES.c.gone,
    )
    .join_from(_THEMES, _COUNTS, _STANDING_THERE, isouter=True)
    .where(_THEMES.c.tenant == bindparam("of"), _THEMES.c.hunt == bindparam("in"))
    .order_by(_THEMES.c.position, _THEMES.c.id)
)
_ALL = Hot(_EVERY)
_OF_NAME = (
    _EVERY.where(_THEMES.c.folded == bindparam("folded"))
    .order_by(None)
    .order_by(_THEMES.c.gone, _THEMES.c.position, _THEMES.c.id)
    .limit(1)
)
"""One that stands before one that is gone: another may have taken its name since."""
_ENDS = select(func.coalesce(func.max(_THEMES.c.id), 0), func.coalesce(func.max(_THEMES.c.position), 0)).where(
    _THEMES.c.tenant == bindparam("of"), _THEMES.c.hunt == bindparam("in")
)
_ADD = insert(ThemeRow)
_KEEP = update(_THEMES).where(
    _THEMES.c.tenant == bindparam("of"),
    _THEMES.c.hunt == bindparam("in"),
    _THEMES.c.id == bindparam("which"),
)
_MOVE_COUNT = Hot(
    update(_COUNTS)
    .where(
        _COUNTS.c.tenant == bindparam("of"),
        _COUNTS.c.hunt == bindparam("in"),
        _COUNTS.c.theme == bindparam("under"),
        _COUNTS.c.state == bindparam("as", type_=_COUNTS.c.state.type),
    )
    .values(ideas=_COUNTS.c.ideas + bindparam("by"))
)
_NEW_COUNT = Hot(insert(IdeaCountRow))


@dataclass(frozen=True, slots=True)
class SqlThemes:
    """The themes' part of IdeaStore on a connection."""

    connection: Connection

    def themes(self, tenant: TenantId, hunt: HuntId) -> tuple[Theme, ...]:
        rows = _ALL.all(self.connection, {"of": tenant, "in": hunt})
        return tuple(Theme(**row._asdict()) for row in rows)

    def add_theme(self, tenant: TenantId, hunt: HuntId, name: str, origin: Origin) -> Theme:
        self._take_turn(tenant, hunt)
        where = {"of": tenant, "in": hunt}
        row = self.connection.execute(_OF_NAME, {**where, "folded": folded_name(name)}).mappings().first()
        if row is not None:
            return self._back(Theme(**row))
        id, position = self.connection.execute(_ENDS, where).one()
        theme = Theme(tenant, hunt, ThemeId(id + 1), name, position + 1, origin)
        keys = {"tenant": tenant, "hunt": hunt, "id": theme.id}
        self.connection.execute(_ADD, {**keys, **_kept(theme)})
        self._changed(tenant, hunt)
        return theme

    def _back(self, theme: Theme) -> Theme:
        """The theme itself; one that was gone is back, since somebody names it again."""
        if not theme.gone:
            return theme
        back = Theme(theme.tenant, theme.hunt, theme.id, theme.name, theme.position, theme.origin, theme.ideas)
        self.keep_theme(back)
        return back

    def keep_theme(self, theme: Theme) -> None:
        where = {"of": theme.tenant, "in": theme.hunt, "which": theme.id}
        if not self.connection.execute(_KEEP.values(_kept(theme)), where).rowcount:
            raise UnknownTheme
        self._changed(theme.tenant, theme.hunt)

    def changes(self, tenant: TenantId, hunt: HuntId) -> int:
        row = _CHANGES.first(self.connection, {"of": tenant, "in": hunt})
        if row is None:
            raise UnknownHunt
        return int(row.changes)

    def _changed(self, tenant: TenantId, hunt: HuntId) -> None:
        """Counts a change of something that a grouping reads; new ideas count by their numbers."""
        _CHANGED.touched(self.connection, {"of": tenant, "in": hunt})

    def _expect_theme(self, tenant: TenantId, hunt: HuntId, theme: ThemeId) -> None:
        """Raises UnknownTheme for one that is not there, or gone."""
        if _THERE.first(self.connection, {"of": tenant, "in": hunt, "which": theme}) is None:
            raise UnknownTheme

    def _take_turn(self, tenant: TenantId, hunt: HuntId) -> None:
        """Whoever numbers or counts in a hunt goes one after the other. Raises UnknownHunt."""
        if _TURN.first(self.connection, {"of": tenant, "in": hunt}) is None:
            raise UnknownHunt

    def _count(self, tenant: TenantId, hunt: HuntId, theme: int | None, state: IdeaState, by: int) -> None:
        """Adds `by` to the ideas of a state under a theme; the caller has taken its turn."""
        where = {"of": tenant, "in": hunt, "under": theme or 0, "as": state, "by": by}
        if not _MOVE_COUNT.touched(self.connection, where):
            row = {"tenant": tenant, "hunt": hunt, "theme": theme or 0, "state": state, "ideas": by}
            _NEW_COUNT.touched(self.connection, row)


def _kept(theme: Theme) -> dict[str, object]:
    return {
        "name": theme.name,
        "folded": folded_name(theme.name),
        "position": theme.position,
        "origin": theme.origin,
        "gone": theme.gone,
    }
