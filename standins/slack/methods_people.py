"""The methods about people: users.*."""

from __future__ import annotations

from standins.slack.catalogue import Call, method
from standins.slack.wire import Json


@method("users.info", scopes=("users:read",), tier=4, needs="user", takes="include_locale")
def info(call: Call) -> Json:
    """Describe one person, with her language when asked."""
    person, workspace = call.person(), call.desk.workspace
    return {"user": person.payload(workspace.team, workspace.now(), locale=call.flag("include_locale"))}


@method("users.list", scopes=("users:read",), tier=2, takes="cursor limit include_locale presence")
def list_people(call: Call) -> Json:
    """Page through everybody."""
    workspace, locale = call.desk.workspace, call.flag("include_locale")
    page, cursor = call.page(list(workspace.people.values()), 200, 1000)
    drawn = [person.payload(workspace.team, workspace.now(), locale=locale) for person in page]
    return {"members": drawn, "response_metadata": {"next_cursor": cursor}}
