"""Steps of grouping that can be taken back, and pairs of likely duplicates."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import FromClause, Select, bindparam, delete, func, select, true, update
from sqlalchemy.sql.elements import ColumnElement

from bot.domain.ideas import IdeaState, Likeness, Reason, Verdict
from bot.domain.names import HuntId, IdeaNumber, PersonId, TenantId, ThemeId
from bot.ports import Judged, Step
from storage.rows import insert, table, upsert
from storage.rows_idea import GroupingStepRow, HuntGroupingRow, IdeaRow, LikelyPairRow, SuggestionReasonRow
from storage.snapshot import packed, shallow, unpacked
from storage.themes import SqlThemes

_STEPS = table(GroupingStepRow)
_PAIRS = table(LikelyPairRow)
_HOW = table(HuntGroupingRow)
_ONE = table(IdeaRow).alias("first_idea")
_OTHER = table(IdeaRow).alias("second_idea")

_OF_HUNT = (_STEPS.c.tenant == bindparam("of")) & (_STEPS.c.hunt == bindparam("in"))
_LAST = select(_STEPS).where(_OF_HUNT, _STEPS.c.deed != "stay").order_by(_STEPS.c.seq.desc()).limit(1)
_DROP = delete(_STEPS).where(_OF_HUNT, _STEPS.c.seq == bindparam("seq"))
_RELEASE = delete(_STEPS).where(_OF_HUNT, _STEPS.c.deed == "stay")
_HELD = select(_STEPS.c.seq).where(_OF_HUNT, _STEPS.c.deed == "stay").limit(1)
_ADD_STEP = insert(GroupingStepRow)
_LAST_SEQ = select(func.coalesce(func.max(_STEPS.c.seq), 0)).where(_OF_HUNT)
_BY_HAND = select(_STEPS.c.before).where(_OF_HUNT, _STEPS.c.deed.in_(["move", "stay"]))
_SORTED_AT = select(func.max(_STEPS.c.at)).where(_OF_HUNT, _STEPS.c.deed == "move")
_LAST_MOVE = select(func.max(_STEPS.c.seq)).where(_OF_HUNT, _STEPS.c.deed == "move").correlate(None).scalar_subquery()
_SINCE = select(_STEPS.c.before).where(_OF_HUNT, _STEPS.c.seq > _LAST_MOVE)
_PAIRS_OF_HUNT = (_PAIRS.c.tenant == bindparam("of")) & (_PAIRS.c.hunt == bindparam("in"))
_APART = (
    select(_PAIRS.c.one, _PAIRS.c.other)
    .where(_PAIRS_OF_HUNT, _PAIRS.c.decision == "apart", _PAIRS.c.other_theme == true())
    .order_by(_PAIRS.c.one, _PAIRS.c.other)
)
_THIS_PAIR = _PAIRS_OF_HUNT & (_PAIRS.c.one == bindparam("first")) & (_PAIRS.c.other == bindparam("second"))
_VERDICT = select(_PAIRS.c.decision, _PAIRS.c.other_theme).where(_THIS_PAIR)
_UNDECIDE = update(_PAIRS).where(_THIS_PAIR).values(decision=None, other_theme=False, by=None)
_SUGGESTS = select(_HOW.c.suggests).where(_HOW.c.tenant == bindparam("of"), _HOW.c.hunt == bindparam("in"))
_NEW_HOW = insert(HuntGroupingRow)
_KEEP_HOW = _NEW_HOW.on_conflict_do_update(
    index_elements=["tenant", "hunt"], set_={"suggests": _NEW_HOW.excluded.suggests}
)


_WHY = table(SuggestionReasonRow)
_WHY_OF_HUNT = (_WHY.c.tenant == bindparam("of")) & (_WHY.c.hunt == bindparam("in"))
_REASONS = select(_WHY).where(_WHY_OF_HUNT)
_KEEP_REASON = upsert(SuggestionReasonRow)
_DROP_REASON = delete(_WHY).where(_WHY_OF_HUNT, _WHY.c.number == bindparam("which"))


def _stands(idea: FromClause, number: ColumnElement[int]) -> ColumnElement[bool]:
    columns = idea.c
    return (
        (columns.tenant == _PAIRS.c.tenant)
        & (columns.hunt == _PAIRS.c.hunt)
        & (columns.number == number)
        & (columns.state == IdeaState.STANDING)
    )


_UNDECIDED = _PAIRS_OF_HUNT & _PAIRS.c.decision.is_(None)
_BOTH_STAND = _PAIRS.join(_ONE, _stands(_ONE, _PAIRS.c.one)).join(_OTHER, _stands(_OTHER, _PAIRS.c.other))
_LIKELY = (
    select(_PAIRS.c.one, _PAIRS.c.other, _PAIRS.c.score, _PAIRS.c.shared)
    .select_from(_BOTH_STAND)
    .where(_UNDECIDED)
    .order_by(_PAIRS.c.score.desc(), _PAIRS.c.one, _PAIRS.c.other)
    .limit(bindparam("most"))
)
_COUNT = select(func.count()).select_from(_BOTH_STAND).where(_UNDECIDED)
_FORGET = delete(_PAIRS).where(_UNDECIDED)
_ADD_PAIR = insert(LikelyPairRow).on_conflict_do_nothing()
_NEW_DECISION = insert(LikelyPairRow)
_DECIDE = _NEW_DECISION.on_conflict_do_update(
    index_elements=["tenant", "hunt", "one", "other"],
    set_={name: _NEW_DECISION.excluded[name] for name in ("decision", "other_theme", "by")},
)


@dataclass(frozen=True, slots=True)
class SqlGrouping(SqlThemes):
    """The part of IdeaStore about steps and pairs."""

    def add_step(self, tenant: TenantId, hunt: HuntId, step: Step, now: datetime) -> None:
        self._take_turn(tenant, hunt)
        last = self.connection.execute(_LAST_SEQ, {"of": tenant, "in": hunt}).scalar_one()
        row = {"tenant": tenant, "hunt": hunt, "seq": last + 1, "deed": step.deed, "actor": step.actor}
        self.connection.execute(_ADD_STEP, {**row, "at": now, "before": packed(step.ideas, step.themes, step.pairs)})
        self._changed(tenant, hunt)

    def last_step(self, tenant: TenantId, hunt: HuntId) -> Step | None:
        row = self.connection.execute(_LAST, {"of": tenant, "in": hunt}).first()
        if row is None:
            return None
        return Step(row.seq, row.deed, row.actor, *unpacked(row.before))

    def drop_step(self, tenant: TenantId, hunt: HuntId, seq: int) -> None:
        self.connection.execute(_DROP, {"of": tenant, "in": hunt, "seq": seq})
        self._changed(tenant, hunt)

    def holds(self, tenant: TenantId, hunt: HuntId) -> bool:
        return self.connection.execute(_HELD, {"of": tenant, "in": hunt}).first() is not None

    def release(self, tenant: TenantId, hunt: HuntId) -> None:
        if self.connection.execute(_RELEASE, {"of": tenant, "in": hunt}).rowcount:
            self._changed(tenant, hunt)

    def sorted_at(self, tenant: TenantId, hunt: HuntId) -> datetime | None:
        last: datetime | None = self.connection.execute(_SORTED_AT, {"of": tenant, "in": hunt}).scalar_one()
        return last

    def moved_since_sorting(self, tenant: TenantId, hunt: HuntId) -> frozenset[IdeaNumber]:
        return self._ideas_of(_SINCE, tenant, hunt)

    def moved_by_hand(self, tenant: TenantId, hunt: HuntId) -> frozenset[IdeaNumber]:
        return self._ideas_of(_BY_HAND, tenant, hunt)

    def _ideas_of(self, steps: Select[Any], tenant: TenantId, hunt: HuntId) -> frozenset[IdeaNumber]:
        rows = self.connection.execute(steps, {"of": tenant, "in": hunt}).scalars()
        return frozenset(idea.number for before in rows for idea in unpacked(before)[0])

    def reasons(
        self, tenant: TenantId, hunt: HuntId, numbers: Iterable[IdeaNumber] | None = None
    ) -> Mapping[IdeaNumber, Reason]:
        query = _REASONS if numbers is None else _REASONS.where(_WHY.c.number.in_(list(numbers)))
        rows = self.connection.execute(query, {"of": tenant, "in": hunt})
        return {IdeaNumber(row.number): _reason(row) for row in rows}

    def keep_reasons(self, tenant: TenantId, hunt: HuntId, reasons: Iterable[Reason]) -> None:
        rows = [
            {**shallow(one), "tenant": tenant, "hunt": hunt, "shared": json.dumps(one.shared, ensure_ascii=False)}
            for one in reasons
        ]
        if rows:
            self.connection.execute(_KEEP_REASON, rows)

    def drop_reasons(self, tenant: TenantId, hunt: HuntId, numbers: Iterable[IdeaNumber]) -> None:
        rows = [{"of": tenant, "in": hunt, "which": number} for number in numbers]
        if rows:
            self.connection.execute(_DROP_REASON, rows)

    def kept_apart(self, tenant: TenantId, hunt: HuntId) -> tuple[tuple[IdeaNumber, IdeaNumber], ...]:
        rows = self.connection.execute(_APART, {"of": tenant, "in": hunt})
        return tuple((IdeaNumber(row.one), IdeaNumber(row.other)) for row in rows)

    def suggests(self, tenant: TenantId, hunt: HuntId) -> bool:
        told = self.connection.execute(_SUGGESTS, {"of": tenant, "in": hunt}).scalar_one_or_none()
        return told is None or told

    def keep_suggests(self, tenant: TenantId, hunt: HuntId, suggests: bool) -> None:
        self.connection.execute(_KEEP_HOW, {"tenant": tenant, "hunt": hunt, "suggests": suggests})
        self._changed(tenant, hunt)

    def keep_pairs(self, tenant: TenantId, hunt: HuntId, pairs: Iterable[Likeness]) -> None:
        self._take_turn(tenant, hunt)
        self.connection.execute(_FORGET, {"of": tenant, "in": hunt})
        rows = [_pair(tenant, hunt, pair) for pair in pairs]
        if rows:
            self.connection.execute(_ADD_PAIR, rows)

    def pairs(self, tenant: TenantId, hunt: HuntId, limit: int) -> tuple[Likeness, ...]:
        rows = self.connection.execute(_LIKELY, {"of": tenant, "in": hunt, "most": limit})
        return tuple(Likeness(row.one, row.other, row.score, tuple(json.loads(row.shared))) for row in rows)

    def count_pairs(self, tenant: TenantId, hunt: HuntId) -> int:
        return self.connection.execute(_COUNT, {"of": tenant, "in": hunt}).scalar_one()

    def verdict(self, tenant: TenantId, hunt: HuntId, one: IdeaNumber, other: IdeaNumber) -> Verdict | None:
        first, second = sorted((one, other))
        where = {"of": tenant, "in": hunt, "first": first, "second": second}
        row = self.connection.execute(_VERDICT, where).first()
        if row is None or row.decision is None:
            return None
        return Verdict.OTHER_THEME if row.other_theme else Verdict(row.decision)

    def judge(self, tenant: TenantId, hunt: HuntId, pair: Judged, by: PersonId) -> None:
        row = _pair(tenant, hunt, Likeness(pair.one, pair.other, 0.0, ()))
        if pair.verdict is None:
            where = {"of": tenant, "in": hunt, "first": row["one"], "second": row["other"]}
            self.connection.execute(_UNDECIDE, where)
        else:
            other_theme = pair.verdict is Verdict.OTHER_THEME
            decision = Verdict.APART if other_theme else pair.verdict
            self.connection.execute(_DECIDE, {**row, "decision": decision.value, "other_theme": other_theme, "by": by})
        self._changed(tenant, hunt)


def _reason(row: Any) -> Reason:  # noqa: ANN401 - a row
    theme, was = (None if one is None else ThemeId(one) for one in (row.theme, row.was))
    near = None if row.near is None else IdeaNumber(row.near)
    return Reason(IdeaNumber(row.number), theme, was, tuple(json.loads(row.shared)), near, row.unsure)


def _pair(tenant: TenantId, hunt: HuntId, pair: Likeness) -> dict[str, object]:
    one, other = sorted((pair.one, pair.other))
    return {
        "tenant": tenant,
        "hunt": hunt,
        "one": one,
        "other": other,
        "score": pair.score,
        "shared": json.dumps(pair.shared, ensure_ascii=False),
        "decision": None,
        "other_theme": False,
        "by": None,
    }
