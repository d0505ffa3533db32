"""One rich sample of every screen, and ways to make its texts hostile: for every test that draws."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.domain.ballot import Extra, Round
from bot.domain.hunt import Capture, Hunt, Names, Phase
from bot.domain.ideas import IdeaState
from bot.domain.names import HuntId, IdeaNumber, PersonId, RoomId, RoundNumber, TenantId, ThemeId
from bot.domain.rules import Quorum, RoundKind, Rules, Secrecy, TieRule
from bot.domain.tally import Coverage, Group, Score, count
from bot.screens import (
    BallotForm,
    BallotLine,
    Board,
    Browse,
    Button,
    Choice,
    Deed,
    Digest,
    DigestHunt,
    DuplicatesForm,
    File,
    Help,
    Home,
    HomeHunt,
    Hub,
    IdeaForm,
    IdeaLine,
    IdeaSaved,
    LaunchForm,
    MyIdeas,
    Note,
    Nudge,
    Pair,
    PaperForm,
    PileLine,
    ProposedThemes,
    Receipt,
    Results,
    RolesForm,
    Screen,
    SecondReading,
    SessionReminder,
    Settings,
    ShareForm,
    SortForm,
    SplitDone,
    Table,
    ThemeBlock,
    ThemesForm,
    Told,
    VoteForm,
    Why,
    WordsForm,
)
from bot.trust import rules_told, trust_told

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=2)
TENANT = TenantId("slack:T0CAFE")
HUNT_ID = HuntId("0a1b2c3d4e5f")
ROOM = RoomId("C0SALON")
INES = PersonId("U0INES")
Text = Callable[[int], str]
"""The n-th text somebody typed."""


def friendly(n: int) -> str:
    """What a person of good will writes."""
    return ("Raccourcir la réunion du lundi", "Un buddy pour chaque arrivée", "Café & thé dans l’atelier")[
        n % 3
    ] + f" {n}"


def hunt(text: Text = friendly, phase: Phase = Phase.COLLECTING, **more: object) -> Hunt:
    """A hunt with everything set."""
    held = Hunt(
        TENANT,
        HUNT_ID,
        text(1)[:150] or "?",
        INES,
        NOW,
        phase=phase,
        cofacilitators=frozenset({PersonId("U0BRUNO")}),
        collect_until=LATER,
        vote_until=LATER,
        next_session=LATER,
        round=RoundNumber(1) if phase in {Phase.VOTING, Phase.CLOSED} else None,
        ideas=23,
        voices=11,
    )
    return replace(held, **more)  # type: ignore[arg-type]  # fields of Hunt


def line(n: int, text: Text = friendly, **more: object) -> IdeaLine:
    """One idea in a list."""
    held = IdeaLine(
        IdeaNumber(n),
        text(n),
        theme=ThemeId(1 + n % 3),
        theme_name=text(100 + n % 3)[:60],
        author=INES,
        voices=1 + n % 2,
    )
    return replace(held, **more)  # type: ignore[arg-type]  # fields of IdeaLine


def lines(most: int, text: Text = friendly) -> tuple[IdeaLine, ...]:
    """Ideas 1 to `most`."""
    return tuple(line(n, text) for n in range(1, most + 1))


def round_(*, closed: bool = False, dots: int = 5, **more: object) -> Round:
    """A round of 12 people of whom 7 voted."""
    held = Round(
        TENANT,
        HUNT_ID,
        RoundNumber(1),
        dots,
        2,
        3,
        NOW,
        closes_at=LATER,
        closed_at=LATER if closed else None,
        eligible=12,
        voters=7,
    )
    return replace(held, **more)  # type: ignore[arg-type]  # fields of Round


def themes(text: Text = friendly) -> tuple[ThemeBlock, ...]:
    """Seven themes and the ideas that have none: as many as a board shows."""
    named = tuple(ThemeBlock(ThemeId(n), text(100 + n)[:60], 7, lines(5, text)) for n in range(1, 8))
    return (*named, ThemeBlock(None, "", 2, lines(2, text)))


def choices(text: Text = friendly) -> tuple[Choice, ...]:
    """Themes to choose among."""
    return tuple(Choice(str(n), text(100 + n)[:60] or "?") for n in range(1, 13))


def results(text: Text = friendly, scores: tuple[int, ...] = (11, 8, 8, 5, 5, 5, 1, 0)) -> Results:
    """A closed round with a tie inside the places and one across the last."""
    tally = count((Score(IdeaNumber(n), dots, (dots + 1) // 2) for n, dots in enumerate(scores, 1)), 4, 7, 12, 5)
    return Results(
        hunt(text, Phase.CLOSED), round_(closed=True), tally, {one.number: one for one in lines(len(scores), text)}
    )


def told_whole(text: Text = friendly) -> Results:
    """A closed round with all there can be told of it: quorum, paper, coverage, groups, seal, a run-off to come."""
    told = results(text)
    one, other = IdeaNumber(1), IdeaNumber(2)
    groups = (Group(text(5)[:40], 5, 8, {one: 9, other: 4}), Group("", 6, 7, {one: 3}))
    ways = tuple(Coverage((one, other, IdeaNumber(3), IdeaNumber(n)), 4 + n) for n in (4, 5, 6))
    tally = replace(
        told.tally,
        voters=11,
        eligible=15,
        covered=9,
        papers=2,
        quorum=10,
        coverages=ways,
        balanced=Coverage((other, IdeaNumber(4)), 8),
        groups=groups,
    )
    sealed = replace(told, tally=tally, fingerprint="0a1b2c3d" * 8)
    return replace(sealed, round=round_(closed=True, tie=TieRule.AUTO, by_role=True), runoff_until=LATER)


def ballot(text: Text = friendly, *, plain: bool = False, used: int = 3, **rules: object) -> BallotForm:
    """A page of twenty options, one wish just refused."""
    round = round_(**rules)
    options = tuple(
        BallotLine(IdeaNumber(n), text(n), "", text(100)[:60], n % 3, min(2, n % 3 + 2)) for n in range(1, 21)
    )
    refused = Note("refusal.no_dots_left", {"used": 5, "total": 5}, good=False)
    named = tuple(Choice(one.text, one.text) for one in choices(text)[:3])
    unique = tuple({one.value: one for one in named}.values())
    return BallotForm(
        hunt(text, Phase.VOTING),
        round,
        options,
        used,
        unique,
        page=2,
        pages=6,
        total=112,
        plain=plain,
        revision=1,
        refused=refused,
        rules=rules_told(round),
        trust=trust_told(round),
    )


def receipt(text: Text = friendly, **rules: object) -> Receipt:
    """What one voter chose, extra option included."""
    chosen = (*(BallotLine(IdeaNumber(n), text(n), "", "", 1, 2) for n in range(1, 4)), extra_line(2))
    return Receipt(hunt(text, Phase.VOTING), round_(**rules), chosen, 5, NOW)


def extra_line(dots: int = 0) -> BallotLine:
    """An option that is nobody's idea."""
    return BallotLine(Extra.NOTHING.number, "Ne rien changer", "", "", dots, 2)


def papers(text: Text = friendly, *, batches: int = 3) -> PaperForm:
    """Thirty options with their numbers, and what was entered so far."""
    options = tuple(BallotLine(IdeaNumber(n), text(n), "", "", 0, 2) for n in range(1, 31))
    entered = tuple((n, n) for n in range(1, batches + 1))
    return PaperForm(hunt(text, Phase.VOTING), round_(), (*options, extra_line()), entered)


def every(text: Text = friendly) -> Mapping[str, Screen]:
    """A sample of every screen, by a name that tells it."""
    return {**_of_a_room(text), **_of_a_person(text), **_of_a_facilitator(text)}


def _of_a_room(text: Text) -> dict[str, Screen]:
    told = results(text)
    winners = tuple(told.lines[rank.option] for rank in told.tally.ranks if rank.place <= 3)
    return {
        "board, draft": Board(hunt(text, Phase.DRAFT)),
        "board, collecting": Board(hunt(text), themes(text)[:3]),
        "board, open and nameless": Board(hunt(text, private=False, names=Names.NONE, capture=Capture.CHANNEL)),
        "board, revealed": Board(hunt(text, Phase.REVEALED, vote_from=LATER), themes(text), more_themes=4, parked=2),
        "board, voting": Board(hunt(text, Phase.VOTING), round=round_()),
        "board, run-off": Board(hunt(text, Phase.VOTING), round=replace(round_(dots=1), kind=RoundKind.RUNOFF, cap=1)),
        "board, closed": Board(hunt(text, Phase.CLOSED), round=round_(closed=True), tally=told.tally, lines=winners),
        "board, closed without a vote": Board(hunt(text, Phase.CLOSED, round=None)),
        "table": Table(hunt(text, Phase.REVEALED), lines(200, text), 640),
        "table with dots": Table(
            hunt(text, Phase.CLOSED), tuple(line(n, text, dots=n) for n in range(1, 31)), 30, True
        ),
        "table, empty": Table(hunt(text, Phase.REVEALED, ideas=0), (), 0),
        "results": told,
        "results without a vote": results(text, (0, 0, 0)),
        "results, all tied": results(text, (1,) * 60),
        "results, told whole": told_whole(text),
        "results, close": results(text, (40, 20, 18, 11, 10)),
        "digest": Digest(
            NOW,
            (DigestHunt(hunt(text), 9, 4, lines(3, text)), DigestHunt(hunt(text, Phase.VOTING), 0, 0, (), round_())),
        ),
        "session": SessionReminder(hunt(text), LATER),
    }


def _of_a_person(text: Text) -> dict[str, Screen]:
    mine = (line(1, text), line(2, text, state=IdeaState.WITHDRAWN), line(3, text, state=IdeaState.MERGED))
    open_one = HomeHunt(hunt(text, Phase.VOTING), ROOM, True, 3, 2)
    past = HomeHunt(hunt(text, Phase.CLOSED), ROOM, False, 0, None)
    saved = IdeaSaved(hunt(text), line(14, text, suggested=True), "f" * 32, False, 4, (text(7)[:80] or "?",), True)
    return {
        "hub": Hub(hunt(text, Phase.REVEALED), ROOM, True, mine=3, duplicates=2, unsorted=9),
        "hub, voting": Hub(hunt(text, Phase.VOTING), ROOM, False, 2, 5, 1, 7, 12),
        "hub, tied": Hub(hunt(text, Phase.CLOSED), ROOM, True, voters=7, eligible=12, tied=3),
        "idea form": IdeaForm(
            (Choice(HUNT_ID, text(1) or "?"),), HUNT_ID, choices(text), text(3), ThemeId(2), own_themes=True
        ),
        "idea form, several hunts": IdeaForm(
            tuple(Choice(f"h{n}", text(n) or "?") for n in range(1, 9)), HuntId("h2"), nameless=True
        ),
        "idea form, edited": IdeaForm(
            (Choice(HUNT_ID, text(1) or "?"),),
            HUNT_ID,
            (),
            text(3),
            number=IdeaNumber(9),
            may_hide_name=False,
            token="f" * 32,
            source=f"C1|1.2|{INES}",
        ),
        "idea saved": saved,
        "idea saved, its twin": replace(saved, list_items=0, details=(), twin=line(3, text)),
        "idea repeated": IdeaSaved(hunt(text), replace(line(0, text), text="", title=""), repeated=True),
        "split": SplitDone(hunt(text), lines(20, text)),
        "mine": MyIdeas(hunt(text), mine, True, 1, 2),
        "mine, none": MyIdeas(hunt(text, Phase.CLOSED), (), False),
        "browse": Browse(hunt(text, Phase.REVEALED), lines(20, text), choices(text), ThemeId(2), 2, 6, 112),
        "ballot": ballot(text),
        "ballot, plain": ballot(text, plain=True),
        "ballot, full": ballot(text, used=5),
        "ballot, cast once": replace(
            ballot(text, plain=True, used=2, secrecy=Secrecy.DETACHED), draft={IdeaNumber(2): 2}
        ),
        "receipt": receipt(text),
        "receipt, cast once": receipt(text, secrecy=Secrecy.DETACHED),
        "settings": Settings("fr", True, False),
        "settings of the room": Settings(None, False, True, ROOM, "fr", True),
        "help": Help(None, False),
        "help, leading": Help(hunt(text, Phase.VOTING), True),
        "note": Note(
            "direct.which",
            buttons=tuple(
                Button(Deed.ADD_IDEA, f"h{n}|D1|1.2", label="direct.into", facts={"question": text(n)})
                for n in range(1, 6)
            ),
        ),
        "note with facts": Note(
            "launch.invite", {"room": ROOM, "question": text(1)}, (Button(Deed.RETRY, HUNT_ID, main=True),), good=False
        ),
        "nudge": Nudge(hunt(text, Phase.VOTING), round_(), 2),
        "file": File("ideas.csv", b"a;b", "text/csv", hunt(text)),
        "home": Home((open_one,) * 3, (past,) * 3, False),
        "home, first visit": Home((), (), True),
    }


def _reasoned(text: Text) -> Iterator[IdeaLine]:
    words = tuple(text(n)[:40] or "?" for n in range(3))
    whys = (Why(), Why(unsure=True), Why(shared=words), Why(near=IdeaNumber(7), was=text(2) or "?"))
    for number, why in enumerate(whys, start=1):
        yield replace(line(number, text, suggested=True), why=why)
    yield replace(line(5, text, theme=None), why=Why(out=True, was=text(3) or "?"))


def _told(text: Text) -> Iterator[Told]:
    one, other = text(1)[:60], text(2)[:60]
    yield Told(Note("themes.told.split", {"theme": one, "n": 3}), ThemeId(1))
    yield Told(Note("themes.told.alike", {"theme": one}, good=False), ThemeId(2))
    yield Told(Note("themes.told.few", {"theme": one}, good=False), ThemeId(2))
    yield Told(Note("themes.told.merged", {"theme": one, "into": other}), ThemeId(3))
    yield Told(Note("themes.told.suggest_again"))


def _of_a_facilitator(text: Text) -> dict[str, Screen]:
    undone = Told(Note("undo.done", {"deed": "deed.merge"}), undo=True)
    left = Told(Note("duplicates.told.left", {"number": 2, "theme": text(1)[:75]}))
    pairs = tuple(Pair(line(n, text), line(n + 50, text), (text(n)[:30] or "?",) * 4, 87) for n in range(1, 11))
    piles = tuple(
        PileLine(f"{n} {text(n)}"[:40], tuple(map(IdeaNumber, range(1, 60))), lines(3, text), ("x",), n % 3)
        for n in range(1, 31)
    )
    sortable = (*lines(13, text), line(14, text, theme=None, suggested=True), line(15, text, state=IdeaState.PARKED))
    revealed = hunt(text, Phase.REVEALED)
    return {
        "launch": LaunchForm(ROOM, text(1)),
        "launch, full": LaunchForm(
            None, "", "fr", True, (text(1)[:60], text(2)[:60]), LATER, 4, cofacilitators=(INES,), vote_from=LATER,
            problems={"question": "launch.problem.no_question"},
        ),
        "sort": SortForm(revealed, sortable, choices(text), 2, 3, True, 9, True, "regroup", (undone,)),
        "sort, with reasons": SortForm(revealed, tuple(_reasoned(text)), choices(text), 1, 1, undoes="move"),
        "sort, nothing": SortForm(revealed, (), (), 1, 1),
        "duplicates": DuplicatesForm(revealed, pairs, 31, True, "merge", (left, undone)),
        "duplicates, none": DuplicatesForm(revealed, (), 0),
        "themes": ThemesForm(revealed, themes(text), True, undoes="rename"),
        "themes, just changed": ThemesForm(revealed, themes(text), False, False, told=tuple(_told(text))),
        "themes, none": ThemesForm(revealed, ()),
        "words": WordsForm(revealed, text(3)[:3_000]),
        "words, none": WordsForm(revealed, ""),
        "piles": ProposedThemes(revealed, piles, 4),
        "piles, none": ProposedThemes(revealed, (), 4),
        "vote form": VoteForm(revealed, 23, RULES, 2, trust=trust_told(round_())),
        "vote form, many ideas": VoteForm(
            revealed, 64, RULES, 0, themes=9, extras=frozenset(Extra), by_theme=True, full=True,
            trust=trust_told(round_(by_role=True)),
        ),
        "rules of an open vote": VoteForm(
            hunt(text, Phase.VOTING), 23, RULES, 0, round=round_(started=True), full=True,
            trust=trust_told(round_()),
        ),
        "papers": papers(text),
        "papers, none yet": papers(text, batches=0),
        "share": ShareForm(hunt(text, Phase.VOTING), (INES,), (INES,), frozen=True),
        "share, nobody yet": ShareForm(revealed),
        "roles": RolesForm(ROOM, HUNT_ID, tuple((text(n)[:40] or "?", 9 - n) for n in range(1, 5))),
        "roles, none": RolesForm(ROOM, HUNT_ID),
        "second reading": _second(text),
    }  # fmt: skip


RULES = Rules(7, 2, 3, LATER, quorum=Quorum.HALF, tie=TieRule.AUTO)


def _second(text: Text) -> SecondReading:
    told = told_whole(text)
    return SecondReading(told.hunt, told.round, told.tally, told.lines)
