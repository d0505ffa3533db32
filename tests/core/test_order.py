"""The order of a voter's options: drawn from a published seed, their own, and fair."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.names import IdeaNumber, PersonId, TenantId
from bot.domain.order import order_of, shuffled

TENANT = TenantId("slack:T1")
SEED = "0123456789abcdef"


def drawn(person: str, options: int = 12, seed: str = SEED) -> list[int]:
    return shuffled(range(1, options + 1), order_of(seed, TENANT, PersonId(person)), IdeaNumber)


def test_anybody_can_draw_their_own_order_again_with_sha_256_alone() -> None:
    mine = sha256(f"{SEED}|slack:T1|U1".encode()).hexdigest()
    by_hand = sorted(range(1, 13), key=lambda n: sha256(f"{mine}:{n}".encode()).hexdigest())
    assert drawn("U1") == by_hand


@given(st.text(max_size=20), st.integers(0, 60))
def test_every_option_is_there_once_and_the_order_stays(person: str, options: int) -> None:
    assert sorted(drawn(person, options)) == list(range(1, options + 1))
    assert drawn(person, options) == drawn(person, options)


def test_voters_and_rounds_have_orders_of_their_own() -> None:
    assert len({tuple(drawn(f"U{n}")) for n in range(50)}) == 50
    assert drawn("U1") != drawn("U1", seed="another")


def test_no_place_favours_an_option() -> None:
    first = Counter(drawn(f"U{n}", 4)[0] for n in range(4_000))
    assert all(900 < first[option] < 1_100 for option in (1, 2, 3, 4))  # 1,000 each, five standard deviations wide


def test_an_option_that_is_left_out_moves_none_of_the_others() -> None:
    whole = drawn("U1", 12)
    order = order_of(SEED, TENANT, PersonId("U1"))
    assert shuffled([n for n in range(1, 13) if n != 5], order, IdeaNumber) == [n for n in whole if n != 5]
