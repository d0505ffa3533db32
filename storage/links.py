"""What joins platforms: workspaces that are one organisation, addresses, codes, linked accounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select, update

from bot.domain.names import HuntId, PersonId, RoomId, TenantId
from bot.domain.people import Code, Conversation
from storage.hot import Hot
from storage.merging import hold_rounds, merge_ballots, merge_ideas
from storage.rows import insert, table, upsert
from storage.rows_link import AccountRow, CodeRow, ConversationRow, WorkspaceRow

_WORKSPACES = table(WorkspaceRow)
_CONVERSATIONS = table(ConversationRow)
_CODES = table(CodeRow)
_ACCOUNTS = table(AccountRow)

_WORKSPACE = select(_WORKSPACES.c.tenant).where(_WORKSPACES.c.id == bindparam("which")).order_by(_WORKSPACES.c.tenant)
_PLACE = (_CONVERSATIONS.c.tenant == bindparam("of")) & (_CONVERSATIONS.c.place == bindparam("where"))
_CONVERSATION = Hot(select(_CONVERSATIONS).where(_PLACE))
_OF_TEAM = (
    select(_CONVERSATIONS.c.place)
    .where(_CONVERSATIONS.c.tenant == bindparam("of"), _CONVERSATIONS.c.team == bindparam("which"))
    .order_by(_CONVERSATIONS.c.place)
)
_CODE = (_CODES.c.tenant == bindparam("of")) & (_CODES.c.code == bindparam("which"))
_GOOD = _CODES.c.expires_at > bindparam("now", type_=_CODES.c.expires_at.type)
_OF_HUNT = (_CODES.c.tenant == bindparam("of")) & (_CODES.c.hunt == bindparam("in"))
_ADD_CODE = insert(CodeRow).on_conflict_do_nothing().returning(_CODES.c.code)
_MAIN = Hot(select(_ACCOUNTS.c.main).where(_ACCOUNTS.c.tenant == bindparam("of"), _ACCOUNTS.c.id == bindparam("which")))
_ALL = select(_ACCOUNTS.c.id, _ACCOUNTS.c.main).where(_ACCOUNTS.c.tenant == bindparam("of"))
_LINK = upsert(AccountRow)
_UNLINK = (
    delete(_ACCOUNTS)
    .where(_ACCOUNTS.c.tenant == bindparam("of"), _ACCOUNTS.c.main == bindparam("which"))
    .returning(_ACCOUNTS.c.id)
)
_FOLLOW = (
    update(_ACCOUNTS)
    .where(_ACCOUNTS.c.tenant == bindparam("of"), _ACCOUNTS.c.main == bindparam("old"))
    .values(main=bindparam("new"))
)


@dataclass(frozen=True, slots=True)
class SqlLinks:
    """LinkStore on a connection."""

    connection: Connection

    def workspace(self, id: str) -> TenantId | None:
        return self.connection.execute(_WORKSPACE, {"which": id}).scalar()

    def keep_workspace(self, id: str, tenant: TenantId) -> None:
        self.connection.execute(insert(WorkspaceRow).on_conflict_do_nothing(), {"id": id, "tenant": tenant})

    def conversation(self, tenant: TenantId, place: RoomId | PersonId) -> Conversation | None:
        row = _CONVERSATION.first(self.connection, {"of": tenant, "where": place})
        return Conversation(**row._asdict()) if row else None

    def rooms_of(self, tenant: TenantId, team: str) -> tuple[RoomId, ...]:
        found = self.connection.execute(_OF_TEAM, {"of": tenant, "which": team})
        return tuple(RoomId(place) for place in found.scalars())

    def keep_conversation(self, conversation: Conversation) -> None:
        self.connection.execute(upsert(ConversationRow), asdict(conversation))

    def drop_conversation(self, tenant: TenantId, place: RoomId | PersonId) -> None:
        self.connection.execute(delete(_CONVERSATIONS).where(_PLACE), {"of": tenant, "where": place})

    def add_code(self, code: Code) -> bool:
        return self.connection.execute(_ADD_CODE, asdict(code)).first() is not None

    def code(self, tenant: TenantId, code: str, now: datetime) -> Code | None:
        where = {"of": tenant, "which": code, "now": now}
        row = self.connection.execute(select(_CODES).where(_CODE, _GOOD), where).first()
        return Code(**row._asdict()) if row else None

    def code_of(self, tenant: TenantId, hunt: HuntId, now: datetime) -> Code | None:
        newest = select(_CODES).where(_OF_HUNT, _GOOD).order_by(_CODES.c.expires_at.desc()).limit(1)
        row = self.connection.execute(newest, {"of": tenant, "in": hunt, "now": now}).first()
        return Code(**row._asdict()) if row else None

    def drop_code(self, tenant: TenantId, code: str) -> None:
        self.connection.execute(delete(_CODES).where(_CODE), {"of": tenant, "which": code})

    def drop_old_codes(self, now: datetime) -> None:
        self.connection.execute(delete(_CODES).where(~_GOOD), {"now": now})

    def itself(self, tenant: TenantId, person: PersonId) -> PersonId:
        row = _MAIN.first(self.connection, {"of": tenant, "which": person})
        return PersonId(row.main) if row else person

    def accounts(self, tenant: TenantId) -> Mapping[PersonId, PersonId]:
        return {PersonId(id): PersonId(main) for id, main in self.connection.execute(_ALL, {"of": tenant})}

    def link(self, tenant: TenantId, account: PersonId, main: PersonId) -> None:
        merge_ballots(self.connection, tenant, account, main)
        merge_ideas(self.connection, tenant, account, main)
        self.connection.execute(_FOLLOW, {"of": tenant, "old": account, "new": main})
        self.connection.execute(_LINK, {"tenant": tenant, "id": account, "main": main})

    def unlink(self, tenant: TenantId, main: PersonId) -> tuple[PersonId, ...]:
        hold_rounds(self.connection, tenant)
        undone = tuple(sorted(map(PersonId, self.connection.execute(_UNLINK, {"of": tenant, "which": main}).scalars())))
        theirs = (_CODES.c.tenant == tenant) & _CODES.c.person.in_([main, *undone])
        self.connection.execute(delete(_CODES).where(theirs))  # a code that linked once links nobody again
        return undone
