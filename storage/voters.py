"""A voter's name on a ballot while the round is open: under the round's key, which the installation's secret wraps."""

from __future__ import annotations

import hmac

from sqlalchemy import Connection

from bot.domain.ballot import Round
from bot.domain.errors import VoteHalted
from bot.domain.names import PersonId, TenantId, VoterKey

OPTION = "vote_secret"
"""The execution option under which a connection knows the installation's secret."""
_PROOF = 16
"""Bytes by which a round's key is known again."""


def voter_key(key: bytes, tenant: TenantId, person: PersonId) -> VoterKey:
    """HMAC-SHA256 of tenant and person under the round's key, in hexadecimal."""
    return VoterKey(hmac.digest(key, f"{tenant}|{person}".encode(), "sha256").hex())


def action_key(key: bytes, person: PersonId, action: str) -> str:
    """An action's name in the ledger: what a platform calls it may hold a person's id."""
    return hmac.digest(key, f"{person}|{action}".encode(), "sha256").hex()


def unwrapped(connection: Connection, stored: bytes, proof: bytes | None) -> bytes:
    """The round's key: HMAC-SHA256 of what is stored under the installation's secret.

    So the database alone, or a backup of it, leads from no ballot to a voter. Raises VoteHalted where the secret is
    not the one the round was opened with: under another key everybody could vote a second time.
    """
    if proof is None:  # opened by a version that wrapped nothing
        return stored
    key = _wrapped(connection, stored)
    if not hmac.compare_digest(proof, proof_of(key)):
        raise VoteHalted
    return key


def new_proof(connection: Connection, stored: bytes) -> bytes:
    """By which the key of a round that opens now will be known again."""
    return proof_of(_wrapped(connection, stored))


def batch_mark(connection: Connection, round: Round, batch: int) -> str:
    """How the list of voters names a batch of paper ballots: under the installation's secret.

    So that the number of the batch, which its ballots carry, leads the database alone to nobody.
    """
    secret: bytes = connection.get_execution_options().get(OPTION, b"")
    named = f"{round.tenant}|{round.hunt}|{round.number}|{batch}".encode()
    return hmac.digest(secret, named, "sha256").hex()[:_PROOF]


def proof_of(key: bytes) -> bytes:
    """The beginning of HMAC-SHA256 under the key: it tells nothing of it."""
    return hmac.digest(key, b"ideahunt round", "sha256")[:_PROOF]


def _wrapped(connection: Connection, stored: bytes) -> bytes:
    secret: bytes = connection.get_execution_options().get(OPTION, b"")
    return hmac.digest(secret, stored, "sha256")
