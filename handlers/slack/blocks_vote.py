"""The rules of a vote: before it opens, or of the open one; with what its voters will read."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from bot.domain.ballot import Extra
from bot.domain.rules import Electorate, Quorum, Secrecy, TieRule
from bot.screens import Button, Deed, VoteForm
from bot.trust import Said
from handlers.desk import wire
from handlers.desk.wire import Field, Pick
from handlers.slack import blocks
from handlers.slack.blocks import Json
from handlers.slack.blocks_forms import MOST_CAP, MOST_NUMBER, MOST_PLACES, asked, counts
from handlers.slack.pen import Pen

KEPT = (0, 30, 90, 365)
"""Days for which ballots without names may be kept."""


def vote(form: VoteForm, pen: Pen) -> list[Json]:
    """What must be decided first, the usual rules, the others behind a button, and the trust notice."""
    more = blocks.button(wire.pick_action(Pick.MORE_RULES), pen.plain("vote.more"))
    rest = _rest(form, pen) if form.full or form.round else blocks.actions([more])
    return [
        *_lead(form, pen),
        asked(Field.DOTS, pen, blocks.number_input(form.rules.dots, 1, MOST_NUMBER)),
        asked(Field.CAP, pen, counts(range(1, MOST_CAP + 1), form.rules.cap)),
        asked(Field.PLACES, pen, counts(range(1, MOST_PLACES + 1), form.rules.places)),
        asked(Field.CLOSES_AT, pen, blocks.moment_input(form.rules.closes_at), optional=True),
        *_choices(form, pen),
        *rest,
        blocks.divider(),
        pen.section("vote.read_by_voters" if form.full else "vote.read_by_voters.usual"),
        blocks.context("\n".join(sentences(form.trust, pen))),
    ]


def sentences(told: Sequence[Said], pen: Pen) -> list[str]:
    """Sentences of the rules or of the trust notice."""
    return [pen.say(key, **pen.note_facts(facts)) for key, facts in told]


def _lead(form: VoteForm, pen: Pen) -> list[Json]:
    if form.round is not None:
        key = "vote.change.started" if form.round.started else "vote.change"
        return [pen.section(key)]
    lead = [pen.section("vote.lead", n=form.options)]
    if form.undecided:
        lead.append(blocks.alert(pen.say("vote.undecided", n=form.undecided), "warning"))
        lead += pen.buttons([Button(Deed.DUPLICATES, form.hunt.id)])
        tick = [blocks.option(pen.plain("wave.tick", n=form.undecided), "yes")]
        ticked = ["yes"] if form.wave else []
        lead.append(asked(Field.WAVE, pen, blocks.ticks(tick, ticked), optional=True))
    return lead


def _choices(form: VoteForm, pen: Pen) -> list[Json]:
    """What goes on the ballot beside the ideas, or before them; frozen once a round is open."""
    if form.round is not None:
        return []
    offered = [blocks.option(pen.plain(f"option.{extra}"), extra.value) for extra in Extra]
    shown = [asked(Field.EXTRAS, pen, blocks.ticks(offered, [extra.value for extra in form.extras]), optional=True)]
    if form.themes > 1:
        ways = [blocks.option(pen.plain(f"by_theme.{way}", n=form.themes), way) for way in ("no", "yes")]
        shown.insert(0, asked(Field.BY_THEME, pen, blocks.radios(ways, "yes" if form.by_theme else "no")))
    return shown


def _rest(form: VoteForm, pen: Pen) -> list[Json]:
    rules = form.rules
    roles = [blocks.option(pen.plain("by_role.tick"), "yes")]
    days = [blocks.option(_kept(number, pen), str(number)) for number in sorted({*KEPT, rules.keep_days})]
    return [
        asked(Field.QUORUM, pen, blocks.radios(_words(Quorum, pen), rules.quorum.value)),
        asked(Field.TIE, pen, blocks.radios(_words(TieRule, pen), rules.tie.value)),
        _telling(Field.SECRECY, pen, blocks.radios(_words(Secrecy, pen), rules.secrecy.value)),
        asked(Field.WHO, pen, blocks.radios(_words(Electorate, pen), rules.who.value)),
        _telling(Field.BY_ROLE, pen, blocks.ticks(roles, ["yes"] if rules.by_role else []), optional=True),
        _telling(Field.KEEP_DAYS, pen, blocks.select(wire.VALUE, days, str(rules.keep_days))),
    ]


def _telling(field: Field, pen: Pen, element: Json, *, optional: bool = False) -> Json:
    """A field that changes what voters will read: the notice below is drawn again at once."""
    acting = {**element, "action_id": wire.pick_action(Pick.MORE_RULES)}
    return asked(field, pen, acting, optional=optional, acts=True)


def _words(kind: type[StrEnum], pen: Pen) -> list[Json]:
    return [blocks.option(pen.plain(f"choice.{member.value}"), member.value) for member in kind]


def _kept(days: int, pen: Pen) -> str:
    return pen.plain("keep_days.days", n=days) if days else pen.plain("keep_days.none")
