"""The Bot Framework's part: one key pair, tokens signed with it, and the key set the bot verifies them by."""

from __future__ import annotations

import json

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from standins.teams.clock import machine_clock
from standins.teams.wire import Json

ISSUER = "https://api.botframework.com"
LIVES = 3600


class Keys:
    """Signs what Teams sends; `kid` names the key, so that a rolled key can be told from the old one."""

    def __init__(self, kid: str = "standin-1") -> None:
        self.kid = kid
        self._private = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def key_set(self) -> Json:
        """As `/v1/.well-known/keys` answers."""
        key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self._private.public_key()))
        return {"keys": [{**key, "kid": self.kid, "use": "sig", "alg": "RS256", "endorsements": ["msteams"]}]}

    def token(self, audience: str, service_url: str, *, issuer: str = ISSUER, age: float = 0.0) -> str:
        """A token for one request to the bot; `age` seconds old."""
        now = int(machine_clock().timestamp() - age)  # the bot's library reads the machine's own clock
        claims = {
            "iss": issuer,
            "aud": audience,
            "serviceurl": service_url,
            "iat": now,
            "nbf": now,
            "exp": now + LIVES,
        }
        return jwt.encode(claims, self._private, algorithm="RS256", headers={"kid": self.kid})
