"""The methods about the app itself: who it is, where it connects, whether Slack is there."""

from __future__ import annotations

from standins.slack.catalogue import Call, method
from standins.slack.wire import Json, Refused


@method("api.test", tier=4, takes="error foo", token="none")  # noqa: S106 - the kind of token
def api_test(call: Call) -> Json:
    """Answer, or fail as asked."""
    if call.args.get("error"):
        raise Refused(str(call.args["error"]), args=call.args)
    return {"args": call.args}


@method("auth.test", tier=4)
def auth_test(call: Call) -> Json:
    """Say who the token belongs to."""
    desk = call.desk
    return {
        "url": f"https://{desk.workspace.domain}.slack.com/", "team": desk.workspace.domain,
        "user": desk.bot.name, "team_id": desk.workspace.team, "user_id": desk.bot.id,
        "bot_id": desk.bot.bot_id, "is_enterprise_install": False,
    }  # fmt: skip


@method("bots.info", scopes=("users:read",), takes="bot")
def bots_info(call: Call) -> Json:
    """Describe the bot."""
    desk = call.desk
    if call.args.get("bot", desk.bot.bot_id) != desk.bot.bot_id:
        raise Refused("bot_not_found")
    return {
        "bot": {"id": desk.bot.bot_id, "deleted": False, "name": desk.bot.name, "app_id": desk.app.id,
                "user_id": desk.bot.id, "icons": {}, "updated": 0},
    }  # fmt: skip


@method("team.info", scopes=("team:read",), takes="team domain include_slackbot_availability")
def team_info(call: Call) -> Json:
    """Describe the workspace."""
    workspace = call.desk.workspace
    return {"team": {"id": workspace.team, "name": workspace.domain, "domain": workspace.domain}}
