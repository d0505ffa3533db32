"""One voter's private ballot and its receipt, and the rules of a vote with what its voters will read."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from bot.domain.ballot import Extra
from bot.domain.names import sign
from bot.domain.rules import Electorate, Quorum, Secrecy, TieRule
from bot.screens import BallotForm, BallotLine, Button, Deed, Receipt, VoteForm
from bot.trust import Said
from bot.words import Words
from handlers.desk import wire
from handlers.desk.wire import Field, Form, Pick
from handlers.teams import elements, markup
from handlers.teams.cards_forms import MOST_CAP, MOST_NUMBER, MOST_PLACES, counts, id_of, label, moment
from handlers.teams.elements import Json
from handlers.teams.pen import Pen

FULL, EMPTY = "●", "○"
MOST_SIGNS = 10
MOST_TOLD = 280
KEPT = (0, 30, 90, 365)
"""Days for which ballots without names may be kept."""


def sentences(told: Sequence[Said], pen: Pen) -> list[str]:
    """Sentences of the rules or of the trust notice."""
    return [pen.say(key, **pen.note_facts(facts)) for key, facts in told]


# --- the ballot


def ballot(form: BallotForm, pen: Pen) -> list[Json]:
    """Dots left on top in words and signs, then a page of ideas, each with its own choice; saved together."""
    turning = [pen.small("ballot.page_saved")] if form.pages > 1 and not form.round.detached else []
    saved = "ballot.trust.once" if form.round.detached else "ballot.trust.plain"
    return [
        *_top(form, pen),
        *(asked for line in form.lines for asked in _option(line, form, pen)),
        *turning,
        *pen.pager(form.page, form.pages, inputs=True),
        *pen.submits(Form.CAST_BALLOT if form.round.detached else Form.PLAIN_BALLOT),
        pen.small(saved),
        *map(elements.small, sentences(form.trust, pen)),
    ]


def _top(form: BallotForm, pen: Pen) -> list[Json]:
    refused = []
    if form.refused is not None:
        refused = [elements.warning(pen.say(form.refused.key, **pen.note_facts(form.refused.facts)))]
    once = [elements.warning(pen.say("ballot.once"))] if form.round.detached else []
    full = [pen.text("ballot.full")] if form.used == form.round.dots else []
    question = pen.small("idea.in", question=form.hunt.question)
    rules = elements.small(" ".join(sentences(form.rules, pen)))
    return [*refused, *once, elements.title(_used(form.used, form.round.dots, pen)), *full, question, rules]


def _used(used: int, total: int, pen: Pen) -> str:
    told = pen.say("ballot.used", used=used, total=total, left=total - used, n=used)
    return f"{FULL * used}{EMPTY * (total - used)} — {told}" if total <= MOST_SIGNS else told


def _option(line: BallotLine, form: BallotForm, pen: Pen) -> list[Json]:
    """The idea is the label of its choice: screen readers say it before they ask."""
    idea = markup.one_line(line.title or line.text, MOST_TOLD)
    named = pen.plain("ballot.option", number=Words(sign(line.number)), idea=idea)
    most = max(form.round.cap, line.dots)
    options = [elements.choice(_count(count, pen), str(count)) for count in range(most + 1)]
    asked = elements.select(wire.block(f"option:{line.number}"), named, options, str(line.dots))
    told = [markup.typed(markup.one_line(line.text, MOST_TOLD))] if line.title else []
    told += [pen.say("ballot.theme", theme=line.theme)] if line.theme else []
    return [asked, *map(elements.small, told)]


def _count(count: int, pen: Pen) -> str:
    signs = FULL * count if count <= MOST_SIGNS else ""
    return f"{signs} {pen.plain('count.dots', n=count)}".strip()


def receipt(screen: Receipt, pen: Pen) -> list[Json]:
    """What is kept of this voter now, read once and left nowhere: no message holds it."""
    once = screen.round.detached
    lines = [
        f"• {pen.numbered(line.number, line.title or line.text)} — {_count(line.dots, pen)}" for line in screen.lines
    ]
    until = screen.round.closes_at
    return [
        elements.title(pen.say("receipt.once" if once else "receipt.kept", at=screen.at)),
        elements.text(_used(screen.used, screen.round.dots, pen)),
        *elements.lines(lines),
        *([pen.small("receipt.until", at=until)] if until and not once else []),
        *([] if once else pen.buttons([Button(Deed.VOTE, screen.hunt.id, label="button.change_ballot")])),
        pen.small("receipt.private"),
    ]


# --- the rules


def vote(form: VoteForm, pen: Pen) -> list[Json]:
    """What must be decided first, the usual rules, the others behind a button, and the trust notice."""
    asked = "vote.more" if not (form.full or form.round) else "teams.vote.again"
    more = elements.rows([pen.does(pen.plain(asked), wire.pick_action(Pick.MORE_RULES), inputs=True)])
    return [
        *_lead(form, pen),
        elements.number(id_of(Field.DOTS), label(Field.DOTS, pen), form.rules.dots, 1, MOST_NUMBER),
        counts(Field.CAP, range(1, MOST_CAP + 1), form.rules.cap, pen),
        counts(Field.PLACES, range(1, MOST_PLACES + 1), form.rules.places, pen),
        *moment(Field.CLOSES_AT, pen, form.rules.closes_at),
        *_choices(form, pen),
        *(_rest(form, pen) if form.full or form.round else []),
        *more,
        elements.group([pen.text(_notice(form)), *map(elements.small, sentences(form.trust, pen))]),
        *pen.submits(Form.VOTE if form.round is None else Form.RULES),
    ]


def _notice(form: VoteForm) -> str:
    return "vote.read_by_voters" if form.full else "vote.read_by_voters.usual"


def _lead(form: VoteForm, pen: Pen) -> list[Json]:
    if form.round is not None:
        return [pen.text("vote.change.started" if form.round.started else "vote.change")]
    lead = [pen.text("vote.lead", n=form.options)]
    if form.undecided:
        lead.append(elements.warning(pen.say("vote.undecided", n=form.undecided)))
        lead += pen.buttons([Button(Deed.DUPLICATES, form.hunt.id)])
        told = pen.plain("wave.tick", n=form.undecided)
        lead.append(elements.tick(id_of(Field.WAVE), label(Field.WAVE, pen), told, ticked=form.wave))
    return lead


def _choices(form: VoteForm, pen: Pen) -> list[Json]:
    """What goes on the ballot beside the ideas, or before them; frozen once a round is open."""
    if form.round is not None:
        return []
    offered = [elements.choice(pen.plain(f"option.{extra}"), extra.value) for extra in Extra]
    ticked = [extra.value for extra in form.extras]
    shown = [elements.ticks(id_of(Field.EXTRAS), label(Field.EXTRAS, pen), offered, ticked)]
    if form.themes > 1:
        ways = [elements.choice(pen.plain(f"by_theme.{way}", n=form.themes), way) for way in ("no", "yes")]
        chosen = "yes" if form.by_theme else "no"
        shown.insert(0, elements.radios(id_of(Field.BY_THEME), label(Field.BY_THEME, pen), ways, chosen))
    return shown


def _rest(form: VoteForm, pen: Pen) -> list[Json]:
    rules = form.rules
    days = [elements.choice(_kept(number, pen), str(number)) for number in sorted({*KEPT, rules.keep_days})]
    roles = pen.plain("by_role.tick")
    return [
        _words(Field.QUORUM, Quorum, rules.quorum.value, pen),
        _words(Field.TIE, TieRule, rules.tie.value, pen),
        _words(Field.SECRECY, Secrecy, rules.secrecy.value, pen),
        _words(Field.WHO, Electorate, rules.who.value, pen),
        elements.tick(id_of(Field.BY_ROLE), label(Field.BY_ROLE, pen), roles, ticked=rules.by_role),
        elements.select(id_of(Field.KEEP_DAYS), label(Field.KEEP_DAYS, pen), days, str(rules.keep_days)),
    ]


def _words(field: Field, kind: type[StrEnum], chosen: str, pen: Pen) -> Json:
    options = [elements.choice(pen.plain(f"choice.{member.value}"), member.value) for member in kind]
    return elements.radios(id_of(field), label(field, pen), options, chosen)


def _kept(days: int, pen: Pen) -> str:
    return pen.plain("keep_days.days", n=days) if days else pen.plain("keep_days.none")
