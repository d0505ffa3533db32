"""What the core asks of whoever keeps what joins two platforms: workspaces, codes, accounts, addresses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from bot.domain.names import HuntId, PersonId, RoomId, TenantId
from bot.domain.people import Code, Conversation


class LinkStore(Protocol):
    """Which workspaces are one organisation, which accounts are one person, and where each is written to."""

    def workspace(self, id: str) -> TenantId | None:
        """The tenant a platform's own workspace is served in."""
        ...

    def keep_workspace(self, id: str, tenant: TenantId) -> None: ...
    def conversation(self, tenant: TenantId, place: RoomId | PersonId) -> Conversation | None: ...
    def keep_conversation(self, conversation: Conversation) -> None: ...
    def drop_conversation(self, tenant: TenantId, place: RoomId | PersonId) -> None: ...
    def add_code(self, code: Code) -> bool:
        """False where the tenant has this code already."""
        ...

    def code(self, tenant: TenantId, code: str, now: datetime) -> Code | None:
        """A code that is not too old."""
        ...

    def code_of(self, tenant: TenantId, hunt: HuntId, now: datetime) -> Code | None:
        """The code of a hunt that will last longest."""
        ...

    def drop_code(self, tenant: TenantId, code: str) -> None: ...
    def drop_old_codes(self, now: datetime) -> None: ...
    def itself(self, tenant: TenantId, person: PersonId) -> PersonId:
        """The account under which a person is known: their own where it is linked to no other."""
        ...

    def accounts(self, tenant: TenantId) -> Mapping[PersonId, PersonId]:
        """Every linked account, and the one it stands for."""
        ...

    def link(self, tenant: TenantId, account: PersonId, main: PersonId) -> None:
        """From now on `account` is `main`: its ideas, its places on lists of voters and its open ballots too.

        Where both have a ballot in a round, `main`'s stays and the other's dots are taken back. Rounds that are open
        wait for our end.
        """
        ...
