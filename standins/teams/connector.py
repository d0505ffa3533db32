"""The Bot Connector's REST side: what the bot may ask, and what Teams refuses (Connector API reference)."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from standins.teams import cards, files
from standins.teams.desk import Desk
from standins.teams.eyes import Post
from standins.teams.rates import MEMBERS, REACTIONS
from standins.teams.tenant import Chat, Kind, Person
from standins.teams.wire import Json, Refused

PAGE = 200
BOT_FRAMEWORK = "https://api.botframework.com"


class Connector:
    """Answers the bot's calls."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        """Every address of it."""
        where = "/v3/conversations"
        return [
            Route("/v1/.well-known/keys", self._keys),
            Route("/personal/upload/{id}", self._upload, methods=["PUT"]),
            Route("/oauth2/v2.0/token", self._token, methods=["POST"]),
            Route(where, self._guarded(self._create), methods=["POST"]),
            Route(f"{where}/{{chat}}/activities", self._guarded(self._send), methods=["POST"]),
            Route(
                f"{where}/{{chat}}/activities/{{id}}", self._guarded(self._change), methods=["PUT", "POST", "DELETE"]
            ),
            Route(
                f"{where}/{{chat}}/activities/{{id}}/reactions/{{sign}}",
                self._guarded(self._react),
                methods=["PUT", "DELETE"],
            ),
            Route(f"{where}/{{chat}}/pagedmembers", self._guarded(self._members), methods=["GET"]),
            Route(f"{where}/{{chat}}/members/{{person}}", self._guarded(self._member), methods=["GET"]),
            Route("/v3/teams/{team}/conversations", self._guarded(self._channels), methods=["GET"]),
            Route("/v3/teams/{team}", self._guarded(self._team), methods=["GET"]),
        ]

    # --- keys and tokens

    async def _keys(self, _: Request) -> Response:
        self._desk.key_calls += 1
        return JSONResponse(self._desk.keys.key_set())

    async def _token(self, request: Request) -> Response:
        form = parse_qs((await request.body()).decode())
        if self._desk.refusing_tokens is not None:
            self._desk.refused_tokens += 1
            return JSONResponse(self._desk.refusing_tokens, 401)
        if form.get("client_secret") != [self._desk.secret]:
            return JSONResponse(refused_by_entra(7000215), 401)
        if form.get("scope") != [f"{BOT_FRAMEWORK}/.default"] or form.get("grant_type") != ["client_credentials"]:
            return JSONResponse(refused_by_entra(70011, "invalid_scope"), 400)
        self._desk.token_calls += 1
        token = self._desk.keys.token(BOT_FRAMEWORK, self._desk.base_url)
        self._desk.granted.add(token)
        return JSONResponse({"token_type": "Bearer", "expires_in": 3599, "access_token": token})

    def _guarded(self, call: Any) -> Any:  # noqa: ANN401 - Starlette's own endpoint type
        async def answer(request: Request) -> Response:
            self._desk.connector_calls += 1
            try:
                self._desk.weather()
                self._expect_token(request)
                found: Json = await call(request)
                if request.method == "POST":
                    await self._desk.hold()
            except Refused as refused:
                headers = {"Retry-After": str(refused.wait)} if refused.wait else {}
                return JSONResponse(refused.body(), refused.status, headers)
            if self._desk.lost_answers:  # it was done, and the answer is lost on the way
                self._desk.lost_answers -= 1
                return JSONResponse({"error": {"code": "BadGateway"}}, 502)
            return JSONResponse(found, 201 if request.method == "POST" else 200)

        return answer

    def _expect_token(self, request: Request) -> None:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in self._desk.granted or self._desk.revoked:
            raise Refused(401, "Unauthorized", "Authorization has been denied for this request.")

    async def _upload(self, request: Request) -> Response:
        """OneDrive: the whole file at once, its range told, and no token of the bot's."""
        content = await request.body()
        whole = f"bytes 0-{len(content) - 1}/{len(content)}"
        if request.headers.get("content-range") != whole or "authorization" in request.headers:
            return JSONResponse({"error": {"code": "invalidRequest"}}, 400)
        self._desk.uploads[str(request.path_params["id"])] = content
        self._desk.changed.set()
        return JSONResponse({"id": request.path_params["id"]}, 201)

    # --- writing

    async def _create(self, request: Request) -> Json:
        wanted = await _json(request)
        members = wanted.get("members") or []
        person = self._desk.tenant.known(str((members or [{}])[0].get("id")))
        if person is None:
            raise Refused(403, "BotNotInConversationRoster", "The bot is not part of the conversation roster.")
        if wanted.get("tenantId") != self._desk.tenant.id:
            raise Refused(400, "BadArgument", "tenantId")
        known = any(person in chat.members and chat.installed for chat in self._desk.tenant.chats.values())
        if not known or person.id in self._desk.blocked:
            raise Refused(403, "MessageWritesBlocked", "Message writes are blocked.")
        self._desk.rates.call("chats")
        chat = self._desk.tenant.personal(person)
        chat.installed = True
        return {"id": chat.id}

    async def _send(self, request: Request) -> Json:
        chat, root = self._chat(request)
        post = self._post(chat, root, await _json(request))
        self._desk.rates.call(chat.id)
        post.id = self._desk.tenant.message_id()
        post.root = root or post.id
        if root and chat.post(root) is None:
            raise Refused(404, "ActivityNotFoundInConversation")
        chat.posts.append(post)
        self._desk.changed.set()
        return {"id": post.id}

    async def _change(self, request: Request) -> Json:
        chat, _ = self._chat(request)
        post = chat.post(request.path_params["id"])
        if post is None or post.gone or post.author != self._desk.tenant.bot_id:
            raise Refused(404, "ActivityNotFoundInConversation", "Activity not found.")
        if request.method == "DELETE":
            post.gone = True
            return {}
        new = self._post(chat, post.root, await _json(request))
        self._desk.rates.call(chat.id)
        post.text, post.cards, post.summary, post.files = new.text, new.cards, new.summary, new.files
        post.edits += 1
        self._desk.changed.set()
        return {"id": post.id}

    async def _react(self, request: Request) -> Json:
        chat, _ = self._chat(request)
        post, sign = chat.post(request.path_params["id"]), str(request.path_params["sign"])
        if post is None or post.gone:
            raise Refused(404, "ActivityNotFoundInConversation", "Activity not found.")
        if self._desk.no_reactions:
            raise Refused(403, "ForbiddenOperationException", "Reactions of bots are not allowed here.")
        self._desk.rates.call("reactions", REACTIONS)
        (post.reactions.add if request.method == "PUT" else post.reactions.discard)(sign)
        self._desk.changed.set()
        return {}

    def _chat(self, request: Request) -> tuple[Chat, str]:
        """The conversation, and the thread in it. Raises Refused where the bot may not write."""
        id, _, root = request.path_params["chat"].partition(";messageid=")
        chat = self._desk.tenant.chats.get(id)
        if chat is None or chat.gone:
            raise Refused(404, "ConversationNotFound", "Conversation not found.")
        if not chat.installed:
            raise Refused(403, "BotNotInConversationRoster", "The bot is not part of the conversation roster.")
        if chat.kind is Kind.PERSONAL and chat.members[0].id in self._desk.blocked:
            raise Refused(403, "MessageWritesBlocked", "Message writes are blocked.")
        return chat, root

    def _post(self, chat: Chat, root: str, activity: Json) -> Post:
        if activity.get("type") != "message":
            raise Refused(400, "BadSyntax", f"type {activity.get('type')}")
        attachments = activity.get("attachments") or []
        text = str(activity.get("text") or "")
        if not text and not attachments:
            raise Refused(400, "BadSyntax", "an empty message")
        shown = [cards.check(one.get("content")) for one in attachments if one.get("contentType") == cards.CARD]
        held = [files.check(one) for one in attachments if one.get("contentType") in files.KINDS]
        if len(shown) + len(held) != len(attachments):
            raise Refused(400, "BadArgument", "unknown attachment")
        if held and (chat.kind is not Kind.PERSONAL or self._desk.no_files):
            raise Refused(400, "BadArgument", "files are not supported here")
        if shown and not activity.get("summary"):
            self._desk.breach("no_summary", "a card without the words a notification shows")
        to = self._target(chat, activity)
        said = str(activity.get("summary") or "")
        return Post("", self._desk.tenant.bot_id, text, shown, root, to, summary=said, files=held)

    def _target(self, chat: Chat, activity: Json) -> str:
        recipient = activity.get("recipient") or {}
        if not recipient.get("isTargeted"):
            return ""
        if self._desk.no_targeting or chat.kind is Kind.PERSONAL:
            raise Refused(400, "BadArgument", "targeted messages are not supported here")
        if recipient.get("id") not in {person.id for person in chat.members}:
            raise Refused(403, "BotNotInConversationRoster", "The recipient is not in the conversation.")
        return str(recipient["id"])

    # --- reading

    async def _members(self, request: Request) -> Json:
        chat, _ = self._chat(request)
        self._desk.rates.call(f"members {chat.id}", MEMBERS)
        start = int(request.query_params.get("continuationToken") or 0)
        size = min(int(request.query_params.get("pageSize") or PAGE), PAGE)
        page = chat.members[start : start + size]
        more = {"continuationToken": str(start + size)} if start + size < len(chat.members) else {}
        return {"members": [_account(person, self._desk.tenant.id) for person in page], **more}

    async def _member(self, request: Request) -> Json:
        chat, _ = self._chat(request)
        for person in chat.members:
            if request.path_params["person"] in {person.id, person.object_id}:
                return _account(person, self._desk.tenant.id)
        raise Refused(404, "MemberNotFoundInConversation", "The member is not in the conversation.")

    async def _channels(self, request: Request) -> Json:
        """The general channel of a team has no name there."""
        id = request.path_params["team"]
        found = [chat for chat in self._desk.tenant.chats.values() if chat.team == id and not chat.gone]
        if not any(chat.installed for chat in found):
            raise Refused(403, "BotNotInConversationRoster", "The bot is not part of the conversation roster.")
        return {"conversations": [{"id": one.id, "name": None if one.id == id else one.name} for one in found]}

    async def _team(self, request: Request) -> Json:
        id = request.path_params["team"]
        if not any(chat.team == id for chat in self._desk.tenant.chats.values()):
            raise Refused(404, "NotFound")
        return {"id": id, "name": "Team"}


def refused_by_entra(code: int, error: str = "invalid_client") -> Json:
    """How Microsoft Entra refuses a token: one of its codes, and the standard's word for it."""
    told = f"AADSTS{code}: refused. Trace ID: 0 Correlation ID: 0"
    return {"error": error, "error_description": told, "error_codes": [code]}


def _account(person: Person, tenant: str) -> Json:
    role = {"userRole": "guest"} if person.guest else {"userRole": "user"}
    return {"id": person.id, "name": person.name, "objectId": person.object_id, "tenantId": tenant, **role}


async def _json(request: Request) -> Json:
    try:
        found = await request.json()
    except ValueError:
        raise Refused(400, "BadSyntax", "no JSON") from None
    if not isinstance(found, dict):
        raise Refused(400, "BadSyntax", "no object")
    return found
