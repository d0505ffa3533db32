"""Who leads a hunt, who only observes, who counts under which role; and who steps in when nobody leads."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest

from bot.domain.errors import BadForm, NotAllowed
from bot.domain.hunt import TAKE_OVER_AFTER, Hunt
from bot.domain.names import PersonId
from bot.screens import Deed, Note
from tests.usecases.polls import audit, join, ready
from tests.usecases.town import ROOM, TENANT, Town, person


def kept(town: Town, hunt: str) -> Hunt:
    with town.storage.look() as unit:
        return unit.hunts.get(TENANT, hunt)  # type: ignore[arg-type]


def share(town: Town, hunt: str, leads: Iterable[str] = (), observers: Iterable[str] = (), by: str = "ines") -> Note:
    people = [[PersonId(name) for name in names] for names in (leads, observers)]
    return town.core.facilitation.share(town.asker(by), hunt, *people, now=town.now)  # type: ignore[arg-type]


def take_over(town: Town, hunt: str, by: str) -> Note:
    return town.core.facilitation.take_over(town.asker(by), hunt, now=town.now)  # type: ignore[arg-type]


def answer(town: Town, hunt: str, by: str, about: str, *, yes: bool) -> Note:
    return town.core.facilitation.answer(town.asker(by), hunt, PersonId(about), yes, now=town.now)  # type: ignore[arg-type]


def told(town: Town, key: str) -> dict[str, Note]:
    """Who got the note of a key now, and the note."""
    sent = [out for out in town.deliver() if isinstance(out.screen, Note) and out.screen.key == key]
    return {str(out.person): out.screen for out in sent if isinstance(out.screen, Note)}


# --- sharing


def test_a_new_facilitator_is_told_once_and_may_lead_at_once(town: Town) -> None:
    hunt = ready(town)
    town.deliver()
    share(town, hunt, leads=["paul"])
    share(town, hunt, leads=["paul"])
    assert set(told(town, "share.leads")) == {"paul"}
    town.open_vote(hunt, by="paul")
    assert audit(town, "share") == [("ines", hunt), ("ines", hunt)]


def test_the_form_holds_who_facilitates_and_who_observes(town: Town) -> None:
    hunt = ready(town)
    share(town, hunt, leads=["paul"], observers=["karima", "didier"])
    form = town.core.facilitation.share_form(town.asker("paul"), hunt)
    assert (form.cofacilitators, form.observers, form.frozen) == (("paul",), ("didier", "karima"), False)
    town.open_vote(hunt)
    assert town.core.facilitation.share_form(town.asker("paul"), hunt).frozen
    with pytest.raises(NotAllowed):
        town.core.facilitation.share_form(town.asker("karima"), hunt)


def test_nobody_facilitates_and_observes_at_once_and_nothing_changes(town: Town) -> None:
    hunt = ready(town)
    for leads, observers in ((["paul"], ["paul"]), ([], ["ines"])):
        with pytest.raises(BadForm) as refusal:
            share(town, hunt, leads, observers)
        assert refusal.value.problems == {"observers": "share.problem.both"}
    assert kept(town, hunt).observers == frozenset()


def test_whoever_shares_keeps_leading_and_the_first_facilitator_too(town: Town) -> None:
    hunt = ready(town)
    share(town, hunt, leads=["paul"])
    share(town, hunt, leads=[], by="paul")
    assert kept(town, hunt).led_by(PersonId("paul"))
    assert kept(town, hunt).led_by(PersonId("ines"))
    with pytest.raises(NotAllowed):
        share(town, hunt, leads=["didier"], by="didier")


def test_facilitators_may_still_be_added_while_a_vote_is_open(town: Town) -> None:
    hunt = ready(town)
    town.open_vote(hunt)
    share(town, hunt, leads=["paul"])
    town.core.votes.close(town.asker("paul"), hunt, now=town.now)


# --- taking over


def test_who_asks_to_take_over_leads_once_a_facilitator_says_yes(town: Town) -> None:
    hunt = ready(town)
    town.deliver()
    note = take_over(town, hunt, "karima")
    assert (note.key, note.facts["at"]) == ("take_over.sent", town.now + TAKE_OVER_AFTER)
    asked = told(town, "take_over.asked")
    assert set(asked) == {"ines"}
    assert [button.deed for button in asked["ines"].buttons] == [Deed.HAND_OVER, Deed.STAY]
    with pytest.raises(NotAllowed):
        answer(town, hunt, "didier", "karima", yes=True)
    with pytest.raises(NotAllowed):
        answer(town, hunt, "karima", "karima", yes=True)
    assert answer(town, hunt, "ines", "karima", yes=True).key == "take_over.handed"
    assert set(told(town, "share.leads")) == {"karima"}
    assert kept(town, hunt).led_by(PersonId("karima"))
    assert answer(town, hunt, "ines", "karima", yes=True).key == "take_over.done_already"
    assert audit(town, "ask_take_over") == [("karima", hunt)]
    assert audit(town, "take_over") == [("ines", hunt)]


def test_no_changes_nothing_and_who_asked_hears_it_and_may_ask_again(town: Town) -> None:
    hunt = ready(town)
    town.deliver()
    take_over(town, hunt, "karima")
    assert answer(town, hunt, "ines", "karima", yes=False).key == "take_over.stayed"
    assert set(told(town, "take_over.stays")) == {"karima"}
    assert not kept(town, hunt).led_by(PersonId("karima"))
    assert answer(town, hunt, "ines", "karima", yes=True).key == "take_over.done_already"
    assert not kept(town, hunt).led_by(PersonId("karima"))
    town.wait(days=2)
    assert take_over(town, hunt, "karima").key == "take_over.sent"


def test_silence_of_24_hours_grants_it_and_those_who_lead_hear_of_it(town: Town) -> None:
    hunt = ready(town)
    share(town, hunt, leads=["paul"])
    asked_at = town.now
    take_over(town, hunt, "karima")
    assert set(told(town, "take_over.asked")) == {"ines", "paul"}
    town.now = asked_at + TAKE_OVER_AFTER - timedelta(seconds=1)
    early = take_over(town, hunt, "karima")
    assert (early.key, early.facts["at"]) == ("take_over.waiting", asked_at + TAKE_OVER_AFTER)
    town.now = asked_at + TAKE_OVER_AFTER
    assert take_over(town, hunt, "karima").key == "take_over.done"
    assert set(told(town, "take_over.told")) == {"ines", "paul"}
    assert kept(town, hunt).led_by(PersonId("karima"))
    assert kept(town, hunt).led_by(PersonId("ines"))
    assert take_over(town, hunt, "karima").key == "take_over.done"


def test_one_request_at_a_time(town: Town) -> None:
    hunt = ready(town)
    take_over(town, hunt, "karima")
    note = take_over(town, hunt, "didier")
    assert (note.key, note.good) == ("take_over.other", False)
    town.wait(hours=25)
    assert take_over(town, hunt, "didier").key == "take_over.other"
    assert not kept(town, hunt).led_by(PersonId("didier"))


def test_a_request_nobody_came_back_for_does_not_bar_the_others_for_ever(town: Town) -> None:
    hunt = ready(town)
    take_over(town, hunt, "karima")
    town.wait(hours=49)
    assert take_over(town, hunt, "didier").key == "take_over.sent"
    town.wait(hours=24)
    assert take_over(town, hunt, "didier").key == "take_over.done"


def test_leaderless_it_is_granted_at_once_to_members_only(town: Town) -> None:
    hunt = ready(town)
    share(town, hunt, observers=["didier"])
    town.core.people.keep(person("visitor", outsider=True))
    town.core.people.member_left(TENANT, ROOM, PersonId("ines"))
    for name in ("didier", "visitor", "stranger"):
        with pytest.raises(NotAllowed):
            take_over(town, hunt, name)
    assert take_over(town, hunt, "karima").key == "take_over.done"


def test_observers_and_outsiders_in_the_room_may_not_even_ask(town: Town) -> None:
    hunt = ready(town)
    share(town, hunt, observers=["didier"])
    join(town, "guest", outsider=True)
    for name in ("didier", "guest", "stranger"):
        with pytest.raises(NotAllowed):
            take_over(town, hunt, name)
    assert kept(town, hunt).asked_by is None


def test_a_facilitator_who_takes_over_already_leads(town: Town) -> None:
    hunt = ready(town)
    assert take_over(town, hunt, "ines").key == "take_over.done"
    assert kept(town, hunt).asked_by is None


# --- roles


def test_a_role_is_given_counted_and_taken_away_by_a_facilitator_only(town: Town) -> None:
    hunt = ready(town)
    given = town.core.facilitation.keep_role
    people = [PersonId("karima"), PersonId("paul")]
    note = given(town.asker("ines"), hunt, "  field \n staff ", people, now=town.now)
    assert (note.key, note.facts["n"], note.facts["role"]) == ("roles.kept", 2, "field staff")
    form = town.core.facilitation.roles_form(town.asker("ines"), hunt, ROOM)
    assert form.roles == (("field staff", 2),)
    note = given(town.asker("ines"), hunt, " ", people[:1], now=town.now)
    assert note.key == "roles.taken"
    assert town.core.facilitation.roles_form(town.asker("ines"), hunt, ROOM).roles == (("field staff", 1),)
    with pytest.raises(NotAllowed):
        given(town.asker("didier"), hunt, "boss", people, now=town.now)
    with pytest.raises(NotAllowed):
        town.core.facilitation.roles_form(town.asker("didier"), hunt, ROOM)
