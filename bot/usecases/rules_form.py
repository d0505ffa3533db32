"""The form with the rules of a vote: before it opens, or of the open one, as far as it was filled already."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.ballot import Round, suggested_dots
from bot.domain.errors import BadForm, Problem
from bot.domain.hunt import Hunt
from bot.domain.names import RoundNumber
from bot.domain.rules import MOST_KEEP_DAYS, RoundKind, Rules, beyond
from bot.ports import Unit
from bot.screens import VoteForm
from bot.trust import rules_told, trust_told
from bot.usecases.closing import electorate
from bot.usecases.options import STANDING, ideas_to_vote_on, themes_on_ballot
from bot.usecases.requests import VoteRequest, wrong_moment
from bot.usecases.results import themes_chosen

MANY_OPTIONS = 25
"""With more, a vote by theme first is offered beside the paged ballot (Feedback Frames on choice overload)."""


def blank_form(unit: Unit, hunt: Hunt, now: datetime, typed: VoteRequest | None, *, full: bool) -> VoteForm:
    """The rules before a round opens, with what was typed so far; its notice follows the choices made."""
    after_themes = themes_chosen(unit, hunt) is not None
    ideas = (
        len(ideas_to_vote_on(unit, hunt)) if after_themes else unit.ideas.count(hunt.tenant, hunt.id, states=STANDING)
    )
    until = hunt.vote_until if hunt.vote_until and hunt.vote_until > now else None
    rules = Rules(hunt.dots or suggested_dots(ideas), hunt.cap, hunt.places, until)
    form = VoteForm(
        hunt,
        ideas,
        rules,
        0 if after_themes else unit.ideas.count_pairs(hunt.tenant, hunt.id),
        themes=0 if after_themes or ideas <= MANY_OPTIONS else len(themes_on_ballot(unit, hunt)),
        full=full,
    )
    if typed is not None:
        form = replace(
            form,
            rules=rules_of(typed, rules.dots),
            extras=typed.extras,
            by_theme=typed.by_theme,
            wave=typed.wave,
        )
    return replace(form, trust=trust_told(_imagined(unit, hunt, form.rules, now)))


def open_form(unit: Unit, hunt: Hunt, typed: VoteRequest | None) -> VoteForm:
    """The rules of the open round, every one of them, with what was typed so far."""
    assert hunt.round is not None
    round = unit.rounds.get(hunt.tenant, hunt.id, RoundNumber(hunt.round))
    rules = round.rules if typed is None else rules_of(typed, round.dots)
    told = round.under(rules)
    trust = (*rules_told(told), *trust_told(told))
    return VoteForm(hunt, len(unit.rounds.options(round)), rules, 0, round=round, full=True, trust=trust)


def rules_of(wanted: VoteRequest, dots: int) -> Rules:
    """The rules asked for; `dots` where nobody chose their number."""
    return Rules(
        wanted.dots or dots,
        wanted.cap,
        wanted.places,
        wanted.closes_at,
        wanted.who,
        wanted.quorum,
        wanted.tie,
        wanted.secrecy,
        wanted.by_role,
        wanted.keep_days,
    )


def dots_of(wanted: VoteRequest, hunt: Hunt, kind: RoundKind, options: int, ideas: int) -> int:
    """Dots each voter gets: those asked for, else a third of the options.

    A vote over themes has fewer options than there are ideas: the number the form suggested for the ideas is none that
    anybody chose for it.
    """
    chosen = wanted.dots or hunt.dots
    untouched = kind is RoundKind.THEMES and chosen in {None, hunt.dots, suggested_dots(ideas)}
    return suggested_dots(options) if chosen is None or untouched else chosen


def expect_good(wanted: VoteRequest, now: datetime, undecided: int) -> None:
    """Raises BadForm with the sentence's key beside each rule that needs another look."""
    problems: dict[str, str | Problem] = {}
    if wrong := wrong_moment(wanted.closes_at, now):
        problems["closes_at"] = wrong
    numbers = {"dots": wanted.dots, "cap": wanted.cap, "places": wanted.places}
    problems |= dict.fromkeys(beyond(numbers), "launch.problem.dots")
    if not 0 <= wanted.keep_days <= MOST_KEEP_DAYS:
        problems["keep_days"] = "vote.problem.keep_days"
    if undecided and not wanted.wave:
        problems["wave"] = Problem("vote.problem.undecided", {"n": undecided})
    if problems:
        raise BadForm(problems)


def _imagined(unit: Unit, hunt: Hunt, rules: Rules, now: datetime) -> Round:
    """A round as it would open now, to tell what its voters would read."""
    voters = len(electorate(unit, hunt))
    first = RoundNumber(1)
    return Round(hunt.tenant, hunt.id, first, rules.dots, rules.cap, rules.places, now, eligible=voters).under(rules)
