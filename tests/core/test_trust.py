"""The rules and the trust notice: made of the settings, whole in both languages, and changed by each setting."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from bot.domain.ballot import Round
from bot.domain.names import HuntId, RoundNumber, TenantId
from bot.domain.rules import Electorate, Quorum, RoundKind, Secrecy, TieRule
from bot.trust import Said, paper_told, rules_told, trust_told
from bot.words import translator
from tests.core.test_rules import NOON

ROUND = Round(TenantId("slack:T1"), HuntId("h"), RoundNumber(1), dots=5, cap=2, places=3, opened_at=NOON, eligible=12)


def every_round() -> Iterator[Round]:
    """Every combination of settings that words depend on."""
    choices = product(
        RoundKind,
        Electorate,
        Quorum,
        TieRule,
        Secrecy,
        (False, True),
        (0, 1, 365),
        (0, 1, 4, 5, 30),
        (None, NOON + timedelta(days=2)),
        ((1, 1), (1, 2), (5, 2), (99, 99)),
    )
    for kind, who, quorum, tie, secrecy, by_role, days, eligible, until, (dots, cap) in choices:
        yield replace(
            ROUND,
            kind=kind,
            who=who,
            quorum=quorum,
            tie=tie,
            secrecy=secrecy,
            by_role=by_role,
            keep_days=days,
            eligible=eligible,
            closes_at=until,
            dots=dots,
            cap=cap,
        )


def said(told: tuple[Said, ...], lang: str = "en") -> str:
    words = translator(lang)
    return "\n".join(words.plain(key, "Europe/Paris", **facts) for key, facts in told)  # type: ignore[arg-type]


def test_every_combination_of_settings_has_words_without_a_hole_in_both_languages() -> None:
    known: set[tuple[str, tuple[tuple[str, object], ...]]] = set()
    for round in every_round():
        for key, facts in (*rules_told(round), *trust_told(round), *paper_told(round)):
            known.add((key, tuple(sorted(facts.items()))))
    assert len(known) > 30
    for lang in ("fr", "en"):
        for key, facts in known:
            sentence = said(((key, dict(facts)),), lang)
            assert sentence.endswith("."), (lang, key, sentence)
            assert not set("{}") & set(sentence), (lang, key, sentence)


@pytest.mark.parametrize(
    "change",
    [
        {"dots": 6},
        {"cap": 3},
        {"places": 2},
        {"closes_at": NOON + timedelta(days=1)},
        {"who": Electorate.PRESENT},
        {"quorum": Quorum.HALF},
        {"quorum": Quorum.NONE},
        {"tie": TieRule.AUTO},
        {"tie": TieRule.KEEP},
        {"kind": RoundKind.THEMES},
    ],
)
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_rule_that_changes_changes_what_voters_read(lang: str, change: dict[str, object]) -> None:
    changed = replace(ROUND, **change)  # type: ignore[arg-type]  # fields of Round
    assert said(rules_told(changed), lang) != said(rules_told(ROUND), lang)
    assert said(trust_told(changed), lang) == said(trust_told(ROUND), lang)


@pytest.mark.parametrize(
    "change", [{"secrecy": Secrecy.DETACHED}, {"by_role": True}, {"keep_days": 0}, {"keep_days": 30}, {"eligible": 4}]
)
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_setting_of_privacy_that_changes_changes_the_notice(lang: str, change: dict[str, object]) -> None:
    changed = replace(ROUND, **change)  # type: ignore[arg-type]  # fields of Round
    assert said(trust_told(changed), lang) != said(trust_told(ROUND), lang)


@pytest.mark.parametrize(("secrecy", "changes"), [(Secrecy.SEALED, True), (Secrecy.DETACHED, False)])
def test_only_a_sealed_ballot_is_said_to_be_changeable(secrecy: Secrecy, changes: bool) -> None:
    told = said(trust_told(replace(ROUND, secrecy=secrecy)))
    assert ("you may change it until the close" in told) is changes
    assert ("neither changed nor read again" in told) is not changes


def test_the_notice_always_says_what_it_does_not_protect_from_and_that_it_is_not_for_elections() -> None:
    for round in every_round():
        told = [key for key, _ in trust_told(round)]
        assert (told[0], told[-1]) == ("trust.totals", "trust.limits")
    assert "not for elections" in said(trust_told(ROUND))
    assert "ne convient pas à une élection" in said(trust_told(ROUND), "fr")


def test_a_quorum_is_told_in_people_and_not_at_all_where_their_number_is_not_known() -> None:
    assert "Quorum: 8 voters out of 12." in said(rules_told(ROUND))
    assert "Quorum" not in said(rules_told(replace(ROUND, eligible=0)))
    assert "Quorum" not in said(rules_told(replace(ROUND, quorum=Quorum.NONE)))


@pytest.mark.parametrize(("eligible", "days", "kept"), [(12, 90, True), (4, 90, False), (12, 0, False), (0, 90, True)])
def test_ballots_are_said_to_be_kept_only_where_they_will_be(eligible: int, days: int, kept: bool) -> None:
    told = said(trust_told(replace(ROUND, eligible=eligible, keep_days=days)))
    assert ("kept for 90 days" in told) is kept
    assert ("deleted at the close: only the totals stay" in told) is not kept


def test_a_cap_that_binds_nobody_is_not_told() -> None:
    assert said(rules_told(replace(ROUND, dots=1, cap=1))).startswith("1 dot each.\n")
