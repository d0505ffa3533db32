"""What one person does in Teams: writes, mentions, presses, fills dialogs, uses message extensions."""

from __future__ import annotations

import html
from typing import Any

from standins.teams.delivery import Delivery
from standins.teams.desk import Desk
from standins.teams.eyes import Answer, Post, TaskShown
from standins.teams.tenant import Chat, Kind, Person
from standins.teams.wire import Json


class Hands:
    """One person's keyboard and screen."""

    def __init__(self, desk: Desk, delivery: Delivery, person: Person) -> None:
        self._desk = desk
        self._delivery = delivery
        self.person = person
        self.last: Json = {}
        """The last activity sent for this person, to bring it again."""

    @property
    def chat(self) -> Chat:
        """This person's own chat with the bot."""
        return self._desk.tenant.personal(self.person)

    def seen(self, chat: Chat) -> list[Post]:
        """The bot's messages this person can see in a conversation."""
        bot = self._desk.tenant.bot_id
        return [one for one in chat.posts if one.author == bot and not one.gone and one.to in {"", self.person.id}]

    # --- writing

    async def say(self, chat: Chat, text: str, *, under: Post | None = None, mention: bool = False) -> Post:
        """Writes in a conversation; the bot hears it where it is mentioned, consented to, or alone with the person."""
        post = Post(self._desk.tenant.message_id(), self.person.id, text, root=under.root if under else "")
        post.root = post.root or post.id
        chat.posts.append(post)
        if mention or chat.consented or chat.kind is Kind.PERSONAL:
            await self._told("message", chat, post, mention=mention)
        return post

    async def mention(self, chat: Chat, text: str, *, under: Post | None = None) -> Post:
        """`@ideahunt …`."""
        return await self.say(chat, text, under=under, mention=True)

    async def direct(self, text: str) -> Post:
        """Writes to the bot alone."""
        if not self.chat.installed:
            await self._delivery.installed(self.chat, self.person, added=True)
        return await self.say(self.chat, text)

    async def edit(self, chat: Chat, post: Post, text: str) -> None:
        """Changes one's own message."""
        post.text, post.edits = text, post.edits + 1
        await self._told("messageUpdate", chat, post, mention=False, event="editMessage")

    async def delete(self, chat: Chat, post: Post) -> None:
        """Takes one's own message away."""
        post.gone = True
        await self._told("messageDelete", chat, post, mention=False, event="softDeleteMessage")

    async def again(self) -> Answer:
        """Brings the last activity of this person once more, as it was."""
        return await self._delivery.invoke(self.last) if self.last["type"] == "invoke" else await self._send(self.last)

    async def _told(self, kind: str, chat: Chat, post: Post, *, mention: bool, event: str = "") -> Answer:
        bot = self._desk.tenant
        at = f"<at>{bot.bot_name}</at>"
        text = f"{at} {post.text}" if mention else post.text
        activity = self._delivery.activity(kind, chat, self.person, id=post.id, text=text, textFormat="plain")
        if chat.kind is Kind.CHANNEL:
            activity["conversation"]["id"] = f"{chat.id};messageid={post.root}"
        if post.root != post.id:
            activity["replyToId"] = post.root
        if mention:
            mentioned = {"id": bot.bot_id, "name": bot.bot_name}
            activity["entities"].append({"type": "mention", "mentioned": mentioned, "text": at})
        if event:
            activity["channelData"]["eventType"] = event
        content = f"<div><div>{html.escape(text, quote=False)}</div></div>"
        activity["attachments"] = [{"contentType": "text/html", "content": content}]
        return await self._send(activity)

    async def _send(self, activity: Json) -> Answer:
        self.last = activity
        return await self._delivery.tell(activity)

    # --- pressing

    async def press(self, chat: Chat, post: Post, title: str) -> Answer:
        """Presses a button of a message: one that opens a dialog, or one that sends."""
        button = post.button(title)
        data = dict(button.get("data") or {})
        msteams = data.pop("msteams", {})
        if button["type"] == "Action.Execute":
            action = {"type": "Action.Execute", "verb": button.get("verb", ""), "data": data}
            return await self._invoke("adaptiveCard/action", chat, {"action": action, "trigger": "manual"}, post)
        if msteams.get("type") == "task/fetch":
            value = {"data": {**data, "type": "task/fetch"}, "context": {"theme": "default"}}
            return await self._invoke("task/fetch", chat, value, post)
        activity = self._delivery.activity("message", chat, self.person, value=data, replyToId=post.id)
        return await self._send(activity)

    async def consent(self, post: Post, *, agree: bool, where: str = "") -> Answer:
        """Answers a card that offers a file; `where`: another address than OneDrive's own."""
        card = post.files[0]
        name, id = str(card["name"]), f"{post.id}-{self.person.object_id}"
        value: Json = {"type": "fileUpload", "action": "decline", "context": card["content"]["declineContext"]}
        if agree:
            upload = {
                "contentUrl": f"{self._desk.base_url}personal/{name}",
                "name": name,
                "uploadUrl": where or f"{self._desk.base_url}personal/upload/{id}",
                "uniqueId": id,
                "fileType": name.rpartition(".")[2],
            }
            value |= {"action": "accept", "context": card["content"]["acceptContext"], "uploadInfo": upload}
        return await self._invoke("fileConsent/invoke", self.chat, value, post)

    async def submit(self, chat: Chat, task: TaskShown, title: str) -> Answer:
        """Presses a button of a dialog; required inputs that are empty stop it, as the client does."""
        button = task.button(title)
        values = task.values() if button.get("associatedInputs", "auto") != "none" else {}
        empty = [id for id, one in task.inputs.items() if one.get("isRequired") and not values.get(id)]
        if empty and button.get("associatedInputs", "auto") != "none":
            raise ValueError(f"the client asks for {empty} first")
        data = {**dict(button.get("data") or {}), **values}
        if task.extension:
            value = {**task.answers, "commandId": task.extension, "data": data}
            return self._extended(await self._invoke("composeExtension/submitAction", chat, value), task)
        return await self._invoke("task/submit", chat, {"data": data, "context": {"theme": "default"}})

    async def extension(
        self, command: str, chat: Chat, post: Post | None = None, author: Person | None = None
    ) -> Answer:
        """Uses an action of the message extension: of the compose box, or of a message's menu."""
        value: Json = {"commandId": command, "commandContext": "compose", "context": {"theme": "default"}}
        if post is not None and author is not None:
            value |= {"commandContext": "message", "messagePayload": self._payload(chat, post, author)}
        answer = await self._invoke("composeExtension/fetchTask", chat, value, root=post.root if post else "")
        repeated: Json = {name: value[name] for name in ("commandContext", "messagePayload") if name in value}
        return self._extended(answer, TaskShown("", {}, extension=command, answers=repeated))

    def _extended(self, answer: Answer, before: TaskShown) -> Answer:
        if answer.task is not None:
            answer.task.extension, answer.task.answers = before.extension, before.answers
        return answer

    def _payload(self, chat: Chat, post: Post, author: Person) -> Json:
        user: Any = {"userIdentityType": "aadUser", "id": author.object_id, "displayName": author.name}
        bot = self._desk.tenant.bot_id
        who = {"application": {"id": bot, "displayName": "bot"}} if post.author == bot else {"user": user}
        return {
            "id": post.id,
            "replyToId": post.root if post.root != post.id else None,
            "createdDateTime": self._desk.tenant.clock().isoformat(),
            "from": who,
            "body": {"contentType": "html", "content": f"<div>{html.escape(post.text, quote=False)}</div>"},
            "messageType": "message",
        }

    async def _invoke(self, name: str, chat: Chat, value: Json, post: Post | None = None, root: str = "") -> Answer:
        activity = self._delivery.activity("invoke", chat, self.person, name=name, value=value)
        if post is not None:
            activity["replyToId"], root = post.id, post.root
        if chat.kind is Kind.CHANNEL and root:
            activity["conversation"]["id"] = f"{chat.id};messageid={root}"
        self.last = activity
        return await self._delivery.invoke(activity)
