"""What the core asks of whoever keeps ideas, themes and likely duplicates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol

from bot.domain.ideas import Idea, IdeaState, IdeaText, Likeness, Origin, Reason, Theme, Verdict
from bot.domain.names import HuntId, IdeaNumber, MessageId, PersonId, RoomId, TenantId, ThemeId
from bot.ports.records import Judged, Step, Trace, Week


class IdeaStore(Protocol):
    """Ideas, themes, the steps of grouping and the pairs of likely duplicates of a hunt."""

    def add(self, idea: Idea) -> Idea:
        """Numbers and keeps a new idea (its `number` is ignored), counts it on the hunt and its theme."""
        ...

    def get(self, tenant: TenantId, hunt: HuntId, number: IdeaNumber) -> Idea:
        """Raises UnknownIdea."""
        ...

    def keep(self, idea: Idea, now: datetime) -> None:
        """Writes an idea; a changed text makes a new version; counters follow state and theme.

        Raises UnknownTheme for one that is moved to a theme that is gone.
        """
        ...

    def keep_places(
        self, tenant: TenantId, hunt: HuntId, places: Mapping[IdeaNumber, ThemeId | None], *, suggested: bool
    ) -> None:
        """Puts many ideas under themes (None: under none), in a few statements; counters follow.

        The caller has locked the hunt. A number without an idea is left out.
        """
        ...

    def trace(self, tenant: TenantId, room: RoomId, message: MessageId) -> Trace | None: ...
    def keep_trace(self, trace: Trace) -> None: ...
    def same_gesture(self, tenant: TenantId, hunt: HuntId, client_id: str) -> bool:
        """Records the client's own message id within a hunt; True when it was there before."""
        ...

    def page(  # noqa: PLR0913 - one question with its filters, passed by name
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
        """Ideas by number, or in an order of chance that stays; `theme` or `unsorted` (no theme) narrows."""
        ...

    def count(
        self,
        tenant: TenantId,
        hunt: HuntId,
        *,
        states: frozenset[IdeaState],
        theme: ThemeId | None = None,
        unsorted: bool = False,
    ) -> int: ...
    def by(self, tenant: TenantId, hunt: HuntId, person: PersonId) -> tuple[Idea, ...]:
        """A person's ideas under their name, withdrawn ones included."""
        ...

    def merged_into(self, tenant: TenantId, hunt: HuntId, number: IdeaNumber) -> tuple[Idea, ...]: ...
    def texts(self, tenant: TenantId, hunt: HuntId, newest: int | None = None) -> tuple[IdeaText, ...]:
        """Every standing idea's text, or the newest so many, by number."""
        ...

    def posted_since(self, tenant: TenantId, hunt: HuntId, person: PersonId, since: datetime) -> int:
        """Ideas under this person's name in the hunt since a moment."""
        ...

    def since(self, tenant: TenantId, hunt: HuntId, moment: datetime, newest: int) -> Week: ...
    def themes(self, tenant: TenantId, hunt: HuntId) -> tuple[Theme, ...]:
        """Every theme by position, gone ones included."""
        ...

    def add_theme(self, tenant: TenantId, hunt: HuntId, name: str, origin: Origin) -> Theme:
        """A new theme at the end; the existing one when the name is already there (case and accents folded)."""
        ...

    def keep_theme(self, theme: Theme) -> None: ...
    def add_step(self, tenant: TenantId, hunt: HuntId, step: Step, now: datetime) -> None:
        """Keeps a step (its `seq` is ignored)."""
        ...

    def last_step(self, tenant: TenantId, hunt: HuntId) -> Step | None:
        """The newest step that can be taken back: `stay` is none."""
        ...

    def drop_step(self, tenant: TenantId, hunt: HuntId, seq: int) -> None: ...
    def holds(self, tenant: TenantId, hunt: HuntId) -> bool:
        """Whether there are steps named `stay`: ideas that an undo put back and the bot leaves alone."""
        ...

    def release(self, tenant: TenantId, hunt: HuntId) -> None:
        """Drops the steps named `stay`: the bot may suggest for those ideas again."""
        ...

    def sorted_at(self, tenant: TenantId, hunt: HuntId) -> datetime | None:
        """When a person last moved an idea, in UTC, of moves that were not taken back; None where nobody did."""
        ...

    def moved_since_sorting(self, tenant: TenantId, hunt: HuntId) -> frozenset[IdeaNumber]:
        """Ideas of all steps after the last move by a person: the bot's own, and what else was done to themes."""
        ...

    def moved_by_hand(self, tenant: TenantId, hunt: HuntId) -> frozenset[IdeaNumber]:
        """Ideas that a person moved, under a theme or out of all, or that they wanted where they were.

        The first by steps named `move` that were not taken back, the second by steps named `stay`.
        """
        ...

    def reasons(
        self, tenant: TenantId, hunt: HuntId, numbers: Iterable[IdeaNumber] | None = None
    ) -> Mapping[IdeaNumber, Reason]:
        """Why the bot suggests what it does, by idea (all, or of `numbers`); of ideas it left alone there is none."""
        ...

    def keep_reasons(self, tenant: TenantId, hunt: HuntId, reasons: Iterable[Reason]) -> None: ...
    def drop_reasons(self, tenant: TenantId, hunt: HuntId, numbers: Iterable[IdeaNumber]) -> None:
        """A person decided: what the bot said of these ideas is no longer the reason for their place."""
        ...

    def kept_apart(self, tenant: TenantId, hunt: HuntId) -> tuple[tuple[IdeaNumber, IdeaNumber], ...]:
        """Pairs that a person said belong in two themes."""
        ...

    def suggests(self, tenant: TenantId, hunt: HuntId) -> bool:
        """Whether the bot suggests themes in the hunt; it does until a person says no."""
        ...

    def keep_suggests(self, tenant: TenantId, hunt: HuntId, suggests: bool) -> None: ...
    def keep_pairs(self, tenant: TenantId, hunt: HuntId, pairs: Iterable[Likeness]) -> None:
        """Replaces the undecided pairs; decided ones stay decided."""
        ...

    def pairs(self, tenant: TenantId, hunt: HuntId, limit: int) -> tuple[Likeness, ...]:
        """Undecided pairs whose two ideas both stand, most alike first."""
        ...

    def count_pairs(self, tenant: TenantId, hunt: HuntId) -> int: ...
    def verdict(self, tenant: TenantId, hunt: HuntId, one: IdeaNumber, other: IdeaNumber) -> Verdict | None:
        """What a person said of two ideas, in whatever order; None while nobody did."""
        ...

    def judge(self, tenant: TenantId, hunt: HuntId, pair: Judged, by: PersonId) -> None:
        """Keeps what a person said of two ideas; None leaves the pair undecided again."""
        ...

    def changes(self, tenant: TenantId, hunt: HuntId) -> int:
        """Grows with whatever a grouping reads: ideas, words, states, places, themes, steps, pairs, the wish for none.

        Raises UnknownHunt.
        """
        ...
