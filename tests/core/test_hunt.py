"""A hunt moves only along its table of phases."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product

import pytest

from bot.domain.errors import NotAllowed, WrongPhase
from bot.domain.hunt import NEXT, Hunt, Phase
from bot.domain.names import HuntId, PersonId, TenantId
from bot.domain.people import language_of


def hunt(phase: Phase = Phase.COLLECTING, *, private: bool = True) -> Hunt:
    at = datetime(2026, 3, 21, tzinfo=UTC)
    return Hunt(TenantId("t"), HuntId("h"), "Why?", PersonId("U1"), at, phase=phase, private=private)


@pytest.mark.parametrize(("here", "there"), list(product(Phase, Phase)))
def test_every_step_is_in_the_table_or_refused(here: Phase, there: Phase) -> None:
    if there in NEXT[here]:
        assert hunt(here).step(there).phase is there
        return
    with pytest.raises(WrongPhase) as refusal:
        hunt(here).step(there)
    assert refusal.value.phase == here.value


def test_every_phase_can_be_left() -> None:
    assert all(NEXT[phase] for phase in Phase)


@pytest.mark.parametrize("phase", list(Phase))
def test_ideas_are_taken_until_the_vote_opens(phase: Phase) -> None:
    assert hunt(phase).takes_ideas is (phase not in {Phase.VOTING, Phase.CLOSED})


def test_ideas_of_a_private_hunt_are_hidden_until_the_reveal_even_from_its_facilitator() -> None:
    assert not hunt(Phase.COLLECTING).shows_ideas
    assert hunt(Phase.COLLECTING, private=False).shows_ideas
    assert hunt(Phase.REVEALED).shows_ideas


def test_only_facilitators_lead() -> None:
    hunt().expect_leader(PersonId("U1"), "close")
    with pytest.raises(NotAllowed):
        hunt().expect_leader(PersonId("U2"), "close")


@pytest.mark.parametrize(("locale", "language"), [("fr-FR", "fr"), ("fr_CA", "fr"), ("de-DE", "en"), ("", "en")])
def test_any_french_locale_speaks_french_and_every_other_english(locale: str, language: str) -> None:
    assert language_of(locale) == language
