"""The methods that share a file, in three steps: an address, the bytes, the completion."""

from __future__ import annotations

from standins.slack.catalogue import Call, method
from standins.slack.messages import Message
from standins.slack.posting import file as file_message
from standins.slack.wire import Json, Refused, token

SHARED = "channel_id channels initial_comment thread_ts blocks"


@method(
    "files.getUploadURLExternal", scopes=("files:write",), tier=4, needs="filename length",
    takes="alt_txt alt_text snippet_type highlight_type",
)  # fmt: skip
def get_upload_url(call: Call) -> Json:
    """Give the address that takes the bytes of one file."""
    length = call.count("length", 0, 1_000_000_000)
    file_id = token("F", 5)
    call.desk.files[file_id] = {"id": file_id, "name": call.args["filename"], "size": length, "content": None}
    return {"upload_url": f"{call.desk.base_url}/upload/{file_id}", "file_id": file_id}


@method("files.completeUploadExternal", scopes=("files:write",), tier=4, needs="files", takes=SHARED)
def complete(call: Call) -> Json:
    """Share files whose bytes have arrived, in one channel or several."""
    desk = call.desk
    files = [_arrived(call, each) for each in call.args["files"]]
    names = str(call.args.get("channels") or call.args.get("channel_id") or "")
    for name in filter(None, names.split(",")):
        call.args["channel"] = name
        channel = call.joined()
        shared = Message(
            channel, desk.workspace.stamp(), desk.bot.id, str(call.args.get("initial_comment") or ""),
            subtype="file_share", bot_id=desk.bot.bot_id, app_id=desk.app.id, team=desk.workspace.team,
            files=files, thread_ts=call.text("thread_ts"),
        )  # fmt: skip
        file_message(desk, shared)
    return {"files": files}


def _arrived(call: Call, asked: Json) -> Json:
    file = call.desk.files.get(str(asked.get("id")))
    if file is None or file["content"] is None:
        raise Refused("file_not_found")
    file["title"] = asked.get("title") or file["name"]
    return {name: value for name, value in file.items() if name != "content"}
