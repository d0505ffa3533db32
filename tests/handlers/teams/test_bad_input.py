"""What no Teams sends, or sends seldom: a clear answer, no server's error, nothing lost; and who may speak at all."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import jwt
import pytest

from bot.domain.names import RoomId, TenantId
from handlers.clock import utc_now
from handlers.platform import Wait
from handlers.switchboard import Switchboard
from handlers.teams.app import is_teams
from standins.teams import Pace
from standins.teams.keys import Keys
from tests.handlers.teams.town import Town, board_of, play, shown, step, titled

GATE = "Open the school gate ten minutes earlier"


def an_activity(town: Town, **changed: Any) -> dict[str, Any]:
    """A message of Bruno's as Teams sends it."""
    return {
        "type": "message",
        "id": "1700000000001",
        "timestamp": "2026-11-26T09:30:00Z",
        "serviceUrl": town.teams.url,
        "channelId": "msteams",
        "from": {"id": town.bruno.person.id, "aadObjectId": town.bruno.person.object_id},
        "conversation": {
            "id": f"{town.room.id};messageid=1700000000001",
            "conversationType": "channel",
            "tenantId": town.teams.tenant_id,
        },
        "recipient": {"id": f"28:{town.teams.app_id}"},
        **changed,
    }


STRANGE: list[dict[str, Any]] = [
    {"type": "handoff"},
    {"type": "typing"},
    {"type": "event", "name": "somethingNew"},
    {"type": "messageReaction", "reactionsAdded": [{"type": "like"}]},
    {"type": "invoke", "name": "config/fetch"},
    {"type": "invoke", "name": "task/fetch", "value": None},
    {"type": "invoke", "name": "task/fetch", "value": {"data": None}},
    {"type": "invoke", "name": "task/submit", "value": {"data": "words"}},
    {"type": "invoke", "name": "task/submit", "value": {"data": {"do": "submit", "in": ["form:idea", "{", "x"]}}},
    {"type": "invoke", "name": "task/submit", "value": {"data": {"do": "submit", "in": [1, 2, 3]}}},
    {"type": "invoke", "name": "task/fetch", "value": {"data": {"do": "deed:edit_idea", "to": "nonsense"}}},
    {"type": "invoke", "name": "task/fetch", "value": {"data": {"do": "deed:of_a_later_version", "to": ""}}},
    {"type": "invoke", "name": "task/fetch", "value": {"data": {"do": "deed:close_vote", "ask": True, "facts": 3}}},
    {"type": "invoke", "name": "adaptiveCard/action", "value": {"action": {"data": None}, "trigger": "automatic"}},
    {"type": "invoke", "name": "composeExtension/fetchTask", "value": {"commandId": "idea_from_message"}},
    {"type": "conversationUpdate", "membersAdded": "everybody"},
    {"type": "installationUpdate"},
    {"text": None, "value": {"do": "deed:hub"}},
    {"text": "x", "entities": "none", "channelData": 7},
    {"from": {}},
    {"conversation": {"conversationType": "channel"}},
    {"type": "messageUpdate", "channelData": {"eventType": "editMessage"}},
    {"type": "messageDelete", "channelData": {"eventType": "softDeleteMessage"}},
]


@pytest.mark.parametrize("strange", STRANGE, ids=lambda one: f"{one.get('type')}-{one.get('name', '')}")
def test_strange_activities_are_answered_and_never_a_servers_error(
    migrated_sqlite_url: str, strange: dict[str, Any]
) -> None:
    async def story(town: Town) -> None:
        assert await town.teams.raw(an_activity(town, **strange)) in {200, 403}
        assert "activities_failed" not in town.bot.figures()

    play(migrated_sqlite_url, story)


def test_what_a_dialog_remembers_cannot_be_forged(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await town.launch()
        form = shown(await town.open(town.bruno, "deed:add_idea"))
        form.fill("field:text", GATE)
        inside = form.button(titled(form, "submit"))["data"]["in"]
        honest, source = list(inside), f"{town.room.id}|1700000000009|{town.alice.person.object_id}"
        inside[1] = json.dumps({**json.loads(honest[1]), "source": source})
        refused = await town.bruno.submit(town.room, form, titled(form, "submit"))
        assert "n’est plus à jour" in refused.said
        assert await town.ideas() == 0
        inside[:] = honest
        assert GATE in (await step(town.bruno, town.room, form, "submit")).said

    play(migrated_sqlite_url, story)


def test_what_a_dialog_remembers_is_good_for_nobody_else(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await town.launch()
        form = shown(await town.open(town.bruno, "deed:add_idea"))
        form.fill("field:text", GATE)
        refused = await town.alice.submit(town.room, form, titled(form, "submit"))
        assert "out of date" in refused.said
        assert await town.ideas() == 0
        assert GATE in (await step(town.bruno, town.room, form, "submit")).said

    play(migrated_sqlite_url, story)


def test_a_room_of_a_platform_that_is_not_served_now_waits_for_it() -> None:
    with pytest.raises(Wait):
        asyncio.run(Switchboard(TenantId("slack:T0ACME"), utc_now).enter(RoomId("19:morning@thread.tacv2")))


def test_only_teams_itself_is_heard(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        keys, app, url = town.teams.desk.keys, town.teams.app_id, town.teams.url
        said = an_activity(town, text="idea")
        assert await town.teams.raw(said, token="") == 401
        assert await town.teams.raw(said, token="no.jwt.atall") == 401
        assert await town.teams.raw(said, token=keys.token("somebody-else", url)) == 401
        assert await town.teams.raw(said, token=keys.token(app, url, issuer="https://evil.example")) == 401
        assert await town.teams.raw(said, token=keys.token(app, url, age=7200)) == 401
        assert await town.teams.raw(said, token=keys.token(app, "https://evil.example/")) == 401
        assert await town.teams.raw(said) == 200

    play(migrated_sqlite_url, story)


def test_a_forged_signature_is_not_heard(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        keys, app, url = town.teams.desk.keys, town.teams.app_id, town.teams.url
        said, honest = an_activity(town, text="idea"), keys.token(app, url)
        claims = jwt.decode(honest, options={"verify_signature": False})
        named = {"kid": keys.kid}
        forged = [
            Keys(keys.kid).token(app, url),
            jwt.encode(claims, None, algorithm="none", headers=named),
            jwt.encode(
                claims, "a word that everybody could know, thirty-two bytes long", algorithm="HS256", headers=named
            ),
        ]
        assert [await town.teams.raw(said, token=one) for one in forged] == [401, 401, 401]
        assert await town.teams.raw(said, token=honest) == 200

    play(migrated_sqlite_url, story)


def test_another_tenant_and_another_address_are_not_served(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        elsewhere = {
            "id": town.room.id,
            "conversationType": "channel",
            "tenantId": "11111111-1111-4111-8111-111111111111",
        }
        assert await town.teams.raw(an_activity(town, text="x", conversation=elsewhere)) == 403
        evil = "http://127.0.0.1:9/"
        token = town.teams.desk.keys.token(town.teams.app_id, evil)
        assert await town.teams.raw(an_activity(town, text="x", serviceUrl=evil), token=token) == 403
        assert town.bot.figures()["activities_not_ours"] == 2

    play(migrated_sqlite_url, story)


@pytest.mark.parametrize(
    ("url", "written_to"),
    [
        ("https://smba.trafficmanager.net/emea/00000000-0000-4000-8000-000000007e2a/", True),
        ("https://smba.trafficmanager.net:443/teams/", True),
        ("http://smba.trafficmanager.net/teams/", False),
        ("https://smba.trafficmanager.net:8443/teams/", False),
        ("https://smba.trafficmanager.net.evil.example/teams/", False),
        ("https://smba.trafficmanager.net@evil.example/teams/", False),
        ("https://trafficmanager.net/", False),
        ("https://smba.trafficmanager.net:words/", False),
        ("https://[", False),
        ("", False),
    ],
)
def test_only_teams_own_addresses_are_written_to(url: str, written_to: bool) -> None:
    assert is_teams(url) is written_to


def test_where_the_bot_was_removed_the_hunt_rests_and_comes_back(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        board = await town.launch()
        await town.alice.direct("help")
        await town.add(town.bruno, GATE)
        await town.teams.remove(town.room, town.alice)
        await town.told(town.alice, "can no longer write", town.alice.chat)
        await town.teams.install(town.room, town.alice)
        await town.teams.until(lambda: "1 idea" in board.said)

    play(migrated_sqlite_url, story)


def test_a_card_too_long_for_teams_is_sent_shorter(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await town.launch()
        await town.add(town.bruno, GATE)
        town.teams.storm(413, "MessageSizeTooBig")
        await town.facilitate("deed:reveal")
        board = await town.board()
        await town.teams.until(lambda: any(b["data"].get("do") == "deed:see_all" for b in board.buttons))

    play(migrated_sqlite_url, story)


def test_a_busy_or_silent_connector_loses_no_board(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        town.teams.storm(429, "TooManyRequests", wait=1.0)
        await town.launch()
        await town.add(town.bruno, GATE)
        town.teams.storm(502, "BadGateway", times=2)
        board = await town.board()
        await town.teams.until(lambda: "1 idea" in board.said, within=30)

    play(migrated_sqlite_url, story)


def test_the_database_away_is_told_and_what_was_typed_can_be_sent_again(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await town.launch()
        form = shown(await town.open(town.bruno, "deed:add_idea"))
        form.fill("field:text", GATE)
        town.fuse.blown = True
        refused = await town.bruno.submit(town.room, form, titled(form, "submit"))
        assert refused.status == 200
        assert refused.said
        town.fuse.blown = False
        assert GATE in (await step(town.bruno, town.room, form, "submit")).said

    play(migrated_sqlite_url, story)


def test_a_database_away_before_anybody_is_known_is_no_servers_error(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await town.launch()
        stranger = {"id": "29:nobody-yet"}
        came = {"type": "conversationUpdate", "membersAdded": [stranger], "from": stranger}
        group = {"id": "19:new@thread.v2", "conversationType": "groupChat", "tenantId": town.teams.tenant_id}
        town.teams.forgive("server_error")
        town.fuse.blown = True
        assert await town.teams.raw(an_activity(town, text="idea", conversation=group)) == 503
        assert await town.teams.raw(an_activity(town, **{"text": "idea", "from": {"id": town.bruno.person.id}})) == 503
        assert await town.teams.raw(an_activity(town, **came)) == 503
        town.fuse.blown = False
        assert await town.teams.raw(an_activity(town, **came)) == 200

    play(migrated_sqlite_url, story)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_no_hunt_will_see_is_refused_in_the_form(migrated_sqlite_url: str, day: str) -> None:
    async def story(town: Town) -> None:
        zoe = town.teams.person("zoe", zone="America/Los_Angeles" if day > "2" else "Asia/Tokyo")
        town.room.members.append(zoe.person)
        form = await step(zoe, town.room, await town.door(zoe, "new", "deed:new_hunt"), "pick:more")
        form.fill("field:question", "How might we do it?")
        form.fill("field:collect_until", day)
        form.fill("time:field:collect_until", "00:00" if day < "2" else "23:59")
        again = await step(zoe, town.room, form, "submit")
        assert "This moment is" in again.said
        assert again.values()["field:question"] == "How might we do it?"

    play(migrated_sqlite_url, story)


def test_somebody_who_blocked_the_bot_stops_nobody(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        town.teams.desk.no_targeting = True
        town.teams.desk.blocked.add(town.bruno.person.id)
        await town.bruno.mention(town.room, "aide")
        town.teams.desk.no_targeting = False
        await town.launch()
        assert board_of(town.teams, town.room) is not None

    play(migrated_sqlite_url, story, pace=Pace.OFF)
