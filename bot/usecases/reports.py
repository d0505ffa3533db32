"""A hunt told whole: read once from storage, then written as CSV, Markdown, JSON or a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.ballot import Round
from bot.domain.errors import NoHuntHere, UnknownFormat
from bot.domain.hunt import Hunt, Names, Phase
from bot.domain.ideas import Idea, IdeaState, Theme
from bot.domain.names import HuntId, IdeaNumber, PersonId, RoomId, RoundNumber, TenantId, ThemeId
from bot.domain.people import Asker
from bot.domain.readings import read
from bot.domain.tally import Tally
from bot.ports import Storage, Unit
from bot.reports import FORMATS, write
from bot.reports.report import ClosedRound, HuntReport, OpenRound, ReportIdea, ReportTheme
from bot.screens import File, Note
from bot.usecases.announcements import bring_file
from bot.usecases.lines import themes_by_id
from bot.usecases.people import speech

ALL = 100_000


@dataclass(frozen=True, slots=True)
class Reports:
    """Use cases that read a hunt whole. Long: not for the event loop."""

    storage: Storage

    def of_room(self, asker: Asker, room: RoomId, now: datetime) -> HuntReport:
        """The newest hunt of a room. Raises NoHuntHere."""
        with self.storage.look() as unit:
            hunt = unit.hunts.open_in(asker.tenant, room) or unit.hunts.latest_in(asker.tenant, room)
            if hunt is None:
                raise NoHuntHere
            language, zone = speech(unit, asker.tenant, asker.person)
            return _report(unit, hunt, language, zone, now)

    def of_hunt(self, tenant: TenantId, hunt: HuntId, now: datetime, language: str = "", zone: str = "") -> HuntReport:
        """One hunt, in its own language and its first room's zone unless told otherwise. Raises UnknownHunt."""
        with self.storage.look() as unit:
            kept = unit.hunts.get(tenant, hunt)
            places = unit.hunts.rooms(tenant, hunt)
            home = unit.people.room(tenant, places[0].room).zone if places else "UTC"
            return _report(unit, kept, language or kept.language, zone or home, now)

    def file_of(self, tenant: TenantId, hunt: HuntId, form: str, language: str, zone: str, now: datetime) -> File:
        """A hunt as a file in one of the formats csv, md, json, html. Raises UnknownFormat, UnknownHunt."""
        return self._file(tenant, hunt, self.of_hunt(tenant, hunt, now, language, zone), form)

    def file(self, asker: Asker, room: RoomId, form: str, now: datetime) -> File:
        """The newest hunt of a room as a file, in the person's language. Raises NoHuntHere, UnknownFormat."""
        with self.storage.look() as unit:
            hunt = unit.hunts.open_in(asker.tenant, room) or unit.hunts.latest_in(asker.tenant, room)
        if hunt is None:
            raise NoHuntHere
        return self._file(asker.tenant, hunt.id, self.of_room(asker, room, now), form)

    def _file(self, tenant: TenantId, hunt: HuntId, report: HuntReport, form: str) -> File:
        if form not in FORMATS:
            raise UnknownFormat(form)
        with self.storage.look() as unit:
            kept = unit.hunts.get(tenant, hunt)
        return File(f"ideahunt-{hunt}.{form}", write(report, form).encode("utf-8"), FORMATS[form], kept)

    def send_file(self, asker: Asker, hunt: HuntId, form: str, now: datetime) -> Note:
        """Writes the letter that brings the file to the person.

        Raises UnknownFormat, WrongPhase while others' ideas may not be seen.
        """
        if form not in FORMATS:
            raise UnknownFormat(form)
        with self.storage.begin() as unit:
            kept = unit.hunts.get(asker.tenant, hunt)
            _expect_shown(kept)
            bring_file(unit, kept, asker.person, now, format=form)
        return Note("export.coming", {"format": form.upper()})


def _expect_shown(hunt: Hunt) -> None:
    if not hunt.shows_ideas:
        hunt.expect(Phase.REVEALED, Phase.VOTING, Phase.CLOSED)


def _report(unit: Unit, hunt: Hunt, language: str, zone: str, now: datetime) -> HuntReport:
    themes = themes_by_id(unit, hunt)
    rooms = [unit.people.room(hunt.tenant, place.room) for place in unit.hunts.rooms(hunt.tenant, hunt.id)]
    ideas = unit.ideas.page(hunt.tenant, hunt.id, states=frozenset(IdeaState), limit=ALL)
    names = _Names(unit, hunt.tenant)
    unsure = _unsure(unit, hunt, ideas)
    told = (_idea(idea, hunt, themes, names, zone) for idea in ideas)
    shown = tuple(replace(one, unsure=one.number in unsure) for one in told) if hunt.shows_ideas else ()
    last = unit.rounds.latest(hunt.tenant, hunt.id)
    numbers = range(1, int(last.number) + 1) if last else ()
    rounds = [unit.rounds.get(hunt.tenant, hunt.id, RoundNumber(number)) for number in numbers]
    return HuntReport(
        question=hunt.question,
        language=language,
        zone=zone,
        rooms=tuple(room.name for room in rooms if room.name),
        phase=hunt.phase,
        created_at=hunt.created_at,
        made_at=now,
        ideas=shown,
        themes=tuple(ReportTheme(theme.name, theme.origin) for theme in themes.values()),
        rounds=tuple(_round(unit, round, names) for round in rounds),
        names=hunt.names,
        collect_until=hunt.collect_until,
        vote_until=hunt.vote_until,
        closed_at=hunt.closed_at,
    )


class _Names:
    """People's names, each read once."""

    def __init__(self, unit: Unit, tenant: TenantId) -> None:
        self._unit, self._tenant = unit, tenant
        self._known: dict[PersonId, str] = {}

    def of(self, person: PersonId | None) -> str:
        """The name, or the platform's id where the name is not known; "" for nobody."""
        if person is None:
            return ""
        if person not in self._known:
            self._known[person] = self._unit.people.person(self._tenant, person).name or person
        return self._known[person]


def _idea(idea: Idea, hunt: Hunt, themes: Mapping[ThemeId, Theme], names: _Names, zone: str) -> ReportIdea:
    withdrawn = idea.state is IdeaState.WITHDRAWN
    author = names.of(idea.author) if hunt.names is Names.SHOWN and not withdrawn else ""
    theme = themes.get(idea.theme) if idea.theme is not None else None
    return ReportIdea(
        number=idea.number,
        text="" if withdrawn else idea.text,
        day=idea.created_at.astimezone(ZoneInfo(zone)).date(),
        title="" if withdrawn else idea.title,
        theme=theme.name if theme else "",
        author=author,
        at=idea.created_at if author else None,
        state=idea.state,
        way=idea.way,
        merged_into=idea.merged_into,
        voices=idea.voices,
        suggested=_undecided(idea) and theme is not None,
    )


def _undecided(idea: Idea) -> bool:
    """Whether the idea's theme is only suggested; what was merged or set aside is nobody's to decide any more."""
    return idea.suggested and idea.theme is not None and idea.state is IdeaState.STANDING


def _unsure(unit: Unit, hunt: Hunt, ideas: Iterable[Idea]) -> frozenset[IdeaNumber]:
    """Suggested ideas that the bot was less sure of; what people decided since is sure."""
    reasons = unit.ideas.reasons(hunt.tenant, hunt.id)
    told = ((idea, reasons.get(idea.number)) for idea in ideas if _undecided(idea))
    return frozenset(idea.number for idea, why in told if why is not None and why.unsure and why.theme == idea.theme)


def _round(unit: Unit, round: Round, names: _Names) -> OpenRound | ClosedRound:
    options = unit.rounds.options(round)
    if round.open:
        return OpenRound(replace(round, seed=""), options)
    waved_by = names.of(round.waved_by) if round.waved else ""
    return ClosedRound(round, options, _tally(unit, round), unit.rounds.fingerprint(round), waved_by)


def _tally(unit: Unit, round: Round) -> Tally:
    """The sealed tally; one sealed by an older version is completed from the ballots that were kept."""
    tally = unit.rounds.tally(round)
    if tally.quorum is None:
        tally = replace(tally, quorum=round.quorum.of(tally.eligible))
    if tally.coverages:
        return tally
    papers = unit.rounds.papers(round)
    return replace(tally, coverages=read(tally, papers, balance=False).coverages) if papers else tally
