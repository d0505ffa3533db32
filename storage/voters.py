"""A voter's name on a ballot while the round is open."""

from __future__ import annotations

import hmac

from bot.domain.names import PersonId, TenantId, VoterKey


def voter_key(key: bytes, tenant: TenantId, person: PersonId) -> VoterKey:
    """HMAC-SHA256 of tenant and person under the round's secret, in hexadecimal."""
    return VoterKey(hmac.digest(key, f"{tenant}|{person}".encode(), "sha256").hex())


def action_key(key: bytes, person: PersonId, action: str) -> str:
    """An action's name in the ledger: what a platform calls it may hold a person's id."""
    return hmac.digest(key, f"{person}|{action}".encode(), "sha256").hex()
