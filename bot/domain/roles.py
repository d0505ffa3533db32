"""Roles: groups of voters large enough to be told apart, smaller ones joined."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.rules import LEAST_VOTERS

OTHERS = ""
"""The name of the joined groups, and of people without a role."""


def told_apart(voters: Mapping[str, int], least: int = LEAST_VOTERS) -> Mapping[str, str]:
    """Role -> the name of the group it is told under: its own, or OTHERS for those joined.

    Groups below `least` voters are joined with those who have no role. Where the joined ones are still too few, the
    smallest group left joins them: what is told of everybody minus what is told of the large groups would point at the
    few. Where fewer than two groups remain nothing is told, and the mapping is empty.
    """
    order = sorted((count, role) for role, count in voters.items() if role != OTHERS)
    joined = [role for count, role in order if count < least]
    apart = [role for count, role in order if count >= least]
    together = voters.get(OTHERS, 0) + sum(voters[role] for role in joined)
    while apart and 0 < together < least:
        role = apart.pop(0)
        joined.append(role)
        together += voters[role]
    if len(apart) + bool(together) < 2:  # noqa: PLR2004 - one group is everybody
        return {}
    return {**{role: role for role in apart}, **dict.fromkeys([*joined, OTHERS], OTHERS)}
