"""Ideas, themes, steps and pairs, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from bot.domain.errors import UnknownHunt, UnknownIdea, UnknownTheme
from bot.domain.ideas import Idea, IdeaState, IdeaText, Likeness, Origin, Reason, Source, Verdict, Way
from bot.domain.names import IdeaNumber, MessageId, ThemeId
from bot.ports import Judged, Step, Trace, Unit
from storage.sql import SqlStorage
from tests.contracts.samples import ACME, ANNA, BEN, CHLOE, HUNT, NOW, ROOM, idea, later, launched

ALL = frozenset(IdeaState)
STANDING = frozenset({IdeaState.STANDING})


def counters(unit: Unit) -> tuple[int, int]:
    kept = unit.hunts.get(ACME, HUNT)
    return kept.ideas, kept.voices


def numbers(ideas: tuple[Idea, ...]) -> list[int]:
    return [one.number for one in ideas]


def test_ideas_are_numbered_and_come_back_as_kept(storage: SqlStorage) -> None:
    full = idea(
        "Éclairer le sentier 🌲",
        way=Way.THREAD,
        author=ANNA,
        title="Le sentier",
        source=Source(ROOM, MessageId("1.1"), "2.2"),
        saved_by=BEN,
        voices=2,
    )
    with storage.begin() as unit:
        launched(unit)
        first, second = unit.ideas.add(full), unit.ideas.add(idea())
    assert (first, second) == (replace(full, number=1), replace(idea(), number=2))
    with storage.look() as unit:
        assert unit.ideas.get(ACME, HUNT, IdeaNumber(1)) == first
        assert unit.ideas.get(ACME, HUNT, IdeaNumber(2)) == second


def test_an_unknown_idea_or_hunt_is_refused(storage: SqlStorage) -> None:
    with storage.begin() as unit, pytest.raises(UnknownHunt):
        unit.ideas.add(idea())
    with storage.begin() as unit:
        launched(unit)
        with pytest.raises(UnknownIdea) as refused:
            unit.ideas.get(ACME, HUNT, IdeaNumber(7))
        assert refused.value.number == 7
        with pytest.raises(UnknownIdea):
            unit.ideas.keep(idea(number=IdeaNumber(7)), NOW)


def test_counts_each_author_once_and_each_idea_without_a_name(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        launched(unit)
        for author in (ANNA, ANNA, BEN, None, None):
            unit.ideas.add(idea(author=author))
        assert counters(unit) == (5, 4)


def test_counters_follow_withdrawing_parking_merging_and_coming_back(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        launched(unit)
        one, two, three = (unit.ideas.add(idea(author=who)) for who in (ANNA, ANNA, None))
        unit.ideas.keep(replace(one, state=IdeaState.WITHDRAWN), NOW)
        assert counters(unit) == (2, 2)
        unit.ideas.keep(replace(two, state=IdeaState.WITHDRAWN), NOW)
        assert counters(unit) == (1, 1)
        unit.ideas.keep(replace(two, state=IdeaState.WITHDRAWN), NOW)
        assert counters(unit) == (1, 1)
        unit.ideas.keep(replace(three, state=IdeaState.PARKED), NOW)
        assert counters(unit) == (0, 1)
        unit.ideas.keep(three, NOW)
        unit.ideas.keep(two, NOW)
        assert counters(unit) == (2, 2)
        unit.ideas.keep(replace(three, state=IdeaState.MERGED, merged_into=IdeaNumber(2)), NOW)
        assert counters(unit) == (2, 2)
        assert numbers(unit.ideas.merged_into(ACME, HUNT, IdeaNumber(2))) == [3]


def test_counts_by_theme_and_state_without_reading_ideas(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        launched(unit)
        theme = unit.ideas.add_theme(ACME, HUNT, "Paths", Origin.GIVEN)
        for under in (theme.id, theme.id, None):
            unit.ideas.add(idea(theme=under))
        parked = unit.ideas.add(idea())
        unit.ideas.keep(replace(parked, state=IdeaState.PARKED), NOW)
        for states in (STANDING, ALL, frozenset({IdeaState.PARKED})):
            for narrowed in ({}, {"theme": theme.id}, {"unsorted": True}):
                listed = unit.ideas.page(ACME, HUNT, states=states, limit=100, **narrowed)
                assert unit.ideas.count(ACME, HUNT, states=states, **narrowed) == len(listed)
        moved = replace(unit.ideas.get(ACME, HUNT, IdeaNumber(1)), theme=None)
        unit.ideas.keep(moved, NOW)
        assert unit.ideas.count(ACME, HUNT, states=STANDING, theme=theme.id) == 1
        assert unit.ideas.themes(ACME, HUNT) == (replace(theme, ideas=1),)


def test_pages_are_in_order_of_number(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        launched(unit)
        for n in range(7):
            unit.ideas.add(idea(f"Idea number {n}"))
        assert numbers(unit.ideas.page(ACME, HUNT, states=ALL, offset=2, limit=3)) == [3, 4, 5]
        assert numbers(unit.ideas.page(ACME, HUNT, states=ALL, offset=6)) == [7]
        assert unit.ideas.page(ACME, HUNT, states=frozenset()) == ()


def test_new_words_make_a_new_version(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        launched(unit)
        kept = unit.ideas.add(idea())
        unit.ideas.keep(kept, NOW)
        assert unit.ideas.get(ACME, HUNT, kept.number).version == 1
        unit.ideas.keep(replace(kept, text="Two benches", version=2), NOW)
        unit.ideas.keep(replace(kept, text="Three benches", version=2), NOW)
        assert unit.ideas.get(ACME, HUNT, kept.number) == replace(kept, text="Three benches", version=3)


def test_finds_a_persons_ideas_and_their_pace(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        launched(unit)
        for minute, author in enumerate((ANNA, BEN, ANNA, None)):
            unit.ideas.add(idea(author=author, created_at=later(minutes=minute)))
        assert numbers(unit.ideas.by(ACME, HUNT, ANNA)) == [1, 3]
        assert unit.ideas.by(ACME, HUNT, CHLOE) == ()
        assert unit.ideas.posted_since(ACME, HUNT, ANNA, NOW) == 2
        assert unit.ideas.posted_since(ACME, HUNT, ANNA, later(minutes=1)) == 1


def test_tells_what_is_new_since_a_moment(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        launched(unit)
        for minute, author in enumerate((ANNA, BEN, BEN, None, None)):
            unit.ideas.add(idea(author=author, created_at=later(minutes=minute)))
        week = unit.ideas.since(ACME, HUNT, later(minutes=1), 2)
        assert (week.ideas, week.voices, numbers(week.newest)) == (4, 3, [5, 4])
        assert unit.ideas.since(ACME, HUNT, later(days=1, minutes=5), 2).ideas == 0
        assert unit.ideas.since(ACME, HUNT, NOW, 0).newest == ()


def test_texts_are_those_of_standing_ideas(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        launched(unit)
        unit.ideas.add(idea("One"))
        unit.ideas.keep(replace(unit.ideas.add(idea("Two")), state=IdeaState.WITHDRAWN), NOW)
        unit.ideas.add(idea("Three"))
        assert unit.ideas.texts(ACME, HUNT) == (IdeaText(1, "One"), IdeaText(3, "Three"))
        assert unit.ideas.texts(ACME, HUNT, 1) == (IdeaText(3, "Three"),)


def test_a_trace_is_kept_and_overwritten(storage: SqlStorage) -> None:
    early = Trace(ACME, ROOM, MessageId("1.1"), edited="3", text="newer words", gone=True)
    known = replace(early, hunt=HUNT, number=IdeaNumber(1), text=None, gone=False)
    with storage.begin() as unit:
        assert unit.ideas.trace(ACME, ROOM, MessageId("1.1")) is None
        for trace in (early, known):
            unit.ideas.keep_trace(trace)
            assert unit.ideas.trace(ACME, ROOM, MessageId("1.1")) == trace


def test_a_gesture_is_the_same_the_second_time(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        launched(unit)
        assert [unit.ideas.same_gesture(ACME, HUNT, one) for one in ("a", "a", "b")] == [False, True, False]


def test_a_theme_of_the_same_name_is_the_same_theme(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        launched(unit)
        first = unit.ideas.add_theme(ACME, HUNT, "Énergie", Origin.GIVEN)
        assert unit.ideas.add_theme(ACME, HUNT, " ENERGIE ", Origin.PERSON) == first
        second = unit.ideas.add_theme(ACME, HUNT, "Paths", Origin.PERSON)
        assert (first.id, second.id, first.position, second.position) == (1, 2, 1, 2)
        unit.ideas.keep_theme(replace(second, name="Ways", position=0, gone=True))
        assert unit.ideas.themes(ACME, HUNT) == (replace(second, name="Ways", position=0, gone=True), first)
        assert not unit.ideas.add_theme(ACME, HUNT, "ways", Origin.PERSON).gone
        with pytest.raises(UnknownTheme):
            unit.ideas.keep_theme(replace(second, id=ThemeId(9)))


def test_steps_are_taken_back_newest_first(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        launched(unit)
        assert unit.ideas.last_step(ACME, HUNT) is None
        theme = unit.ideas.add_theme(ACME, HUNT, "Paths", Origin.GIVEN)
        before = unit.ideas.add(idea(source=Source(ROOM, MessageId("1.1")), theme=theme.id, author=ANNA))
        for deed in ("move", "merge"):
            unit.ideas.add_step(ACME, HUNT, Step(0, deed, ANNA, (before,), (theme,)), NOW)
        assert unit.ideas.last_step(ACME, HUNT) == Step(2, "merge", ANNA, (before,), (theme,))
        unit.ideas.drop_step(ACME, HUNT, 2)
        assert unit.ideas.last_step(ACME, HUNT) == Step(1, "move", ANNA, (before,), (theme,))


def test_what_people_moved_and_kept_apart_is_told_until_it_is_taken_back(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        launched(unit)
        one, two = (unit.ideas.add(idea(author=ANNA)) for _ in range(2))
        assert unit.ideas.moved_by_hand(ACME, HUNT) == frozenset()
        unit.ideas.add_step(ACME, HUNT, Step(0, "move", ANNA, (one,), ()), NOW)
        unit.ideas.add_step(ACME, HUNT, Step(0, "park", ANNA, (two,), ()), NOW)
        assert unit.ideas.moved_by_hand(ACME, HUNT) == {one.number}
        unit.ideas.judge(ACME, HUNT, Judged(two.number, one.number, Verdict.OTHER_THEME), ANNA)
        assert unit.ideas.kept_apart(ACME, HUNT) == ((one.number, two.number),)
        unit.ideas.drop_step(ACME, HUNT, 2)
        unit.ideas.drop_step(ACME, HUNT, 1)
        assert unit.ideas.moved_by_hand(ACME, HUNT) == frozenset()


def test_what_was_done_to_ideas_after_the_last_move_by_a_person_is_told(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        launched(unit)
        ideas = [unit.ideas.add(idea(author=ANNA)) for _ in range(4)]
        assert unit.ideas.moved_since_sorting(ACME, HUNT) == frozenset()
        for deed, one in zip(("regroup", "move", "regroup", "merge"), ideas, strict=True):
            unit.ideas.add_step(ACME, HUNT, Step(0, deed, ANNA, (one,), ()), NOW)
        assert unit.ideas.moved_since_sorting(ACME, HUNT) == {ideas[2].number, ideas[3].number}


def test_when_a_person_last_sorted_is_told_of_moves_alone_until_they_are_taken_back(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        launched(unit)
        one = unit.ideas.add(idea(author=ANNA))
        assert unit.ideas.sorted_at(ACME, HUNT) is None
        for minutes, deed in enumerate(("move", "move", "park", "regroup")):
            at = NOW + timedelta(minutes=minutes)
            unit.ideas.add_step(ACME, HUNT, Step(0, deed, ANNA, (one,), ()), at)
        assert unit.ideas.sorted_at(ACME, HUNT) == NOW + timedelta(minutes=1)
        for seq in (4, 3, 2):
            unit.ideas.drop_step(ACME, HUNT, seq)
        assert unit.ideas.sorted_at(ACME, HUNT) == NOW
        unit.ideas.drop_step(ACME, HUNT, 1)
        assert unit.ideas.sorted_at(ACME, HUNT) is None


def test_what_a_person_wants_where_it_is_counts_as_moved_and_is_no_step_to_take_back(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        launched(unit)
        one = unit.ideas.add(idea(author=ANNA))
        unit.ideas.add_step(ACME, HUNT, Step(0, "park", ANNA, (), ()), NOW)
        unit.ideas.add_step(ACME, HUNT, Step(0, "stay", ANNA, (one,), ()), NOW)
        assert unit.ideas.moved_by_hand(ACME, HUNT) == {one.number}
        last = unit.ideas.last_step(ACME, HUNT)
        assert last is not None
        assert (last.seq, last.deed) == (1, "park")
        before = unit.ideas.changes(ACME, HUNT)
        assert unit.ideas.holds(ACME, HUNT)
        unit.ideas.release(ACME, HUNT)
        assert not unit.ideas.holds(ACME, HUNT)
        assert unit.ideas.moved_by_hand(ACME, HUNT) == frozenset()
        assert unit.ideas.last_step(ACME, HUNT) == last
        assert unit.ideas.changes(ACME, HUNT) > before  # whoever looks at it sees that there is something to do


def test_the_reasons_of_suggestions_are_kept_renewed_and_dropped(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        launched(unit)
        for _ in range(2):
            unit.ideas.add(idea())
        first = Reason(FIRST, ThemeId(1), ThemeId(2), ("été", "banc"), None, unsure=True)
        second = Reason(SECOND, None, ThemeId(1), (), FIRST)
        unit.ideas.keep_reasons(ACME, HUNT, [first, second])
        assert unit.ideas.reasons(ACME, HUNT) == {FIRST: first, SECOND: second}
        newer = Reason(FIRST, ThemeId(3))
        unit.ideas.keep_reasons(ACME, HUNT, [newer])
        assert unit.ideas.reasons(ACME, HUNT, [FIRST, IdeaNumber(9)]) == {FIRST: newer}
        unit.ideas.drop_reasons(ACME, HUNT, [FIRST])
        assert unit.ideas.reasons(ACME, HUNT) == {SECOND: second}
        unit.ideas.keep_reasons(ACME, HUNT, [])
        unit.ideas.drop_reasons(ACME, HUNT, [])


def test_a_hunt_gets_suggestions_until_somebody_says_no(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        launched(unit)
        assert unit.ideas.suggests(ACME, HUNT)
        for wanted in (False, True, False):
            unit.ideas.keep_suggests(ACME, HUNT, wanted)
            assert unit.ideas.suggests(ACME, HUNT) is wanted


def test_pairs_are_pointed_out_until_decided(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        launched(unit)
        for _ in range(4):
            unit.ideas.add(idea())
        likely = (Likeness(1, 2, 0.9, ("bench", "été")), Likeness(1, 3, 0.7, ()), Likeness(2, 4, 0.5, ()))
        unit.ideas.keep_pairs(ACME, HUNT, likely)
        assert unit.ideas.pairs(ACME, HUNT, 2) == likely[:2]
        unit.ideas.judge(ACME, HUNT, Judged(IdeaNumber(2), IdeaNumber(1), Verdict.APART), ANNA)
        unit.ideas.keep_pairs(ACME, HUNT, likely)
        assert unit.ideas.pairs(ACME, HUNT, 9) == likely[1:]
        four = unit.ideas.get(ACME, HUNT, IdeaNumber(4))
        unit.ideas.keep(replace(four, state=IdeaState.PARKED), NOW)
        assert unit.ideas.count_pairs(ACME, HUNT) == 1
        unit.ideas.keep_pairs(ACME, HUNT, ())
        assert unit.ideas.count_pairs(ACME, HUNT) == 0


@pytest.mark.parametrize("verdict", Verdict)
def test_what_a_person_said_of_a_pair_is_told_and_can_be_left_undecided_again(
    storage: SqlStorage, verdict: Verdict
) -> None:
    with storage.begin() as unit:
        launched(unit)
        one, two = (unit.ideas.add(idea()).number for _ in range(2))
        assert unit.ideas.verdict(ACME, HUNT, one, two) is None
        for said in (Verdict.OTHER_THEME, verdict):
            unit.ideas.judge(ACME, HUNT, Judged(two, one, said), ANNA)
            assert unit.ideas.verdict(ACME, HUNT, one, two) is unit.ideas.verdict(ACME, HUNT, two, one) is said
        apart = verdict is Verdict.OTHER_THEME
        assert unit.ideas.kept_apart(ACME, HUNT) == (((one, two),) if apart else ())
        unit.ideas.judge(ACME, HUNT, Judged(one, two, None), ANNA)
        assert unit.ideas.verdict(ACME, HUNT, one, two) is None
        assert unit.ideas.count_pairs(ACME, HUNT) == 1
        assert unit.ideas.kept_apart(ACME, HUNT) == ()


def test_a_step_remembers_the_pairs_it_judged(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        launched(unit)
        judged = tuple(Judged(IdeaNumber(1), IdeaNumber(2), before) for before in (None, *Verdict))
        unit.ideas.add_step(ACME, HUNT, Step(0, "merge", ANNA, (), (), judged), NOW)
        assert unit.ideas.last_step(ACME, HUNT) == Step(1, "merge", ANNA, (), (), judged)


def test_no_idea_is_moved_to_a_theme_that_is_gone(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        launched(unit)
        theme = unit.ideas.add_theme(ACME, HUNT, "Paths", Origin.GIVEN)
        kept = unit.ideas.add(idea())
        unit.ideas.keep(replace(kept, theme=theme.id), NOW)
        unit.ideas.keep(replace(kept, theme=None), NOW)
        unit.ideas.keep_theme(replace(theme, gone=True))
        for nowhere in (theme.id, ThemeId(9)):
            with pytest.raises(UnknownTheme):
                unit.ideas.keep(replace(kept, theme=nowhere), NOW)
        assert unit.ideas.get(ACME, HUNT, kept.number).theme is None


CHANGES: dict[str, Callable[[Unit], object]] = {
    "a new idea": lambda unit: unit.ideas.add(idea("One more")),
    "other words": lambda unit: unit.ideas.keep(replace(unit.ideas.get(ACME, HUNT, FIRST), text="Other words"), NOW),
    "a move": lambda unit: unit.ideas.keep(replace(unit.ideas.get(ACME, HUNT, FIRST), theme=ThemeId(1)), NOW),
    "a withdrawal": lambda unit: unit.ideas.keep(
        replace(unit.ideas.get(ACME, HUNT, FIRST), state=IdeaState.WITHDRAWN), NOW
    ),
    "a new theme": lambda unit: unit.ideas.add_theme(ACME, HUNT, "Animals", Origin.PERSON),
    "another name": lambda unit: unit.ideas.keep_theme(replace(unit.ideas.themes(ACME, HUNT)[0], name="Ways")),
    "a theme that goes": lambda unit: unit.ideas.keep_theme(replace(unit.ideas.themes(ACME, HUNT)[0], gone=True)),
    "a step": lambda unit: unit.ideas.add_step(ACME, HUNT, Step(0, "move", ANNA, (), ()), NOW),
    "a step taken back": lambda unit: unit.ideas.drop_step(ACME, HUNT, 1),
    "a pair decided": lambda unit: unit.ideas.judge(ACME, HUNT, Judged(FIRST, SECOND, Verdict.OTHER_THEME), ANNA),
    "a pair undecided": lambda unit: unit.ideas.judge(ACME, HUNT, Judged(FIRST, SECOND, None), ANNA),
    "no more suggestions": lambda unit: unit.ideas.keep_suggests(ACME, HUNT, False),
}
FIRST, SECOND = IdeaNumber(1), IdeaNumber(2)


@pytest.mark.parametrize("what", CHANGES)
def test_whatever_a_grouping_reads_is_counted_when_it_changes(storage: SqlStorage, what: str) -> None:
    with storage.begin() as unit:
        launched(unit)
        unit.ideas.add_theme(ACME, HUNT, "Paths", Origin.GIVEN)
        for _ in range(2):
            unit.ideas.add(idea())
        before = unit.ideas.changes(ACME, HUNT)
        CHANGES[what](unit)
        assert unit.ideas.changes(ACME, HUNT) > before


def test_a_comparison_of_the_bot_is_no_change(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        launched(unit)
        for _ in range(2):
            unit.ideas.add(idea())
        before = unit.ideas.changes(ACME, HUNT)
        unit.ideas.keep_pairs(ACME, HUNT, [Likeness(1, 2, 0.9, ())])
        assert unit.ideas.changes(ACME, HUNT) == before


def test_an_idea_without_a_name_leaves_no_trace_of_anybody(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        launched(unit)
        unit.people.first_time(ACME, f"direct:D01:{ANNA}", NOW)
        unit.ideas.add(idea())
        unit.ideas.add(idea())
    with storage.look() as unit:
        assert unit.ideas.get(ACME, HUNT, IdeaNumber(2)).author is None
        dumped = repr(everything(unit))
    assert dumped.count(ANNA) == 1  # the hunt's facilitator


def everything(unit: Unit) -> list[object]:
    from storage.rows import METADATA

    connection = unit.people.connection
    return [tuple(row) for table in METADATA.sorted_tables for row in connection.execute(table.select())]


def test_a_shuffled_hunt_has_one_order_of_chance_page_after_page(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        launched(unit)
        theme = unit.ideas.add_theme(ACME, HUNT, "Paths", Origin.GIVEN)
        for n in range(30):
            unit.ideas.add(idea(f"Idea number {n}", theme=theme.id if n % 2 else None))
        whole = numbers(unit.ideas.page(ACME, HUNT, states=STANDING, shuffled=True, limit=30))
        assert whole != sorted(whole) == list(range(1, 31))
        pages = [
            numbers(unit.ideas.page(ACME, HUNT, states=STANDING, shuffled=True, offset=n, limit=7))
            for n in range(0, 30, 7)
        ]
        assert [number for page in pages for number in page] == whole
        loose = numbers(unit.ideas.page(ACME, HUNT, states=STANDING, unsorted=True, shuffled=True, limit=30))
        under = numbers(unit.ideas.page(ACME, HUNT, states=STANDING, theme=theme.id, shuffled=True, limit=30))
        assert (loose, under) == ([n for n in whole if n % 2], [n for n in whole if not n % 2])


def test_an_idea_keeps_its_place_among_the_shuffled_whatever_becomes_of_it(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        launched(unit)
        for n in range(12):
            unit.ideas.add(idea(f"Idea number {n}"))
        before = numbers(unit.ideas.page(ACME, HUNT, states=STANDING, shuffled=True))
        first = unit.ideas.get(ACME, HUNT, IdeaNumber(before[0]))
        unit.ideas.keep(replace(first, text="Other words", title="A title"), NOW)
        assert numbers(unit.ideas.page(ACME, HUNT, states=STANDING, shuffled=True)) == before


def test_many_ideas_are_put_under_themes_at_once_and_the_counters_follow(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        launched(unit)
        one, two = (unit.ideas.add_theme(ACME, HUNT, name, Origin.PERSON) for name in ("Un", "Deux"))
        for number in range(30):
            unit.ideas.add(idea(theme=one.id if number < 10 else None))
        unit.ideas.keep(replace(unit.ideas.get(ACME, HUNT, IdeaNumber(30)), state=IdeaState.PARKED), NOW)
        said: list[str] = []
        event.listen(unit.ideas.connection, "before_cursor_execute", lambda *told: said.append(told[2]))
        places = {IdeaNumber(n): None if n == 1 else two.id for n in (*range(1, 26), 30, 99)}
        unit.ideas.keep_places(ACME, HUNT, places, suggested=True)
        assert len(said) < 15
        unit.ideas.keep_places(ACME, HUNT, {IdeaNumber(2): one.id}, suggested=False)
    with storage.look() as unit:
        assert [theme.ideas for theme in unit.ideas.themes(ACME, HUNT)] == [1, 23]
        assert unit.ideas.count(ACME, HUNT, states=STANDING, unsorted=True) == 5
        assert unit.ideas.count(ACME, HUNT, states=ALL, theme=two.id) == 24
        kept = [unit.ideas.get(ACME, HUNT, IdeaNumber(n)) for n in (1, 2, 3, 30)]
        assert [(one.theme, one.suggested) for one in kept] == [(None, False), (1, False), (2, True), (2, True)]


def test_ten_thousand_moves_are_not_ten_thousand_statements(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        launched(unit)
        theme = unit.ideas.add_theme(ACME, HUNT, "Un", Origin.SUGGESTED)
        said: list[str] = []
        event.listen(unit.ideas.connection, "before_cursor_execute", lambda *told: said.append(told[2]))
        unit.ideas.keep_places(ACME, HUNT, {IdeaNumber(n): theme.id for n in range(1, 10_001)}, suggested=True)
    told = len(said)
    assert told <= 23
