"""The bot reached over signed HTTP: a whole hunt, and a real door that refuses what Slack did not send."""

from __future__ import annotations

import asyncio
import gzip
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from tests.e2e.process import HTTP
from tests.e2e.tale import CURTAINS, LUNCH, hunt
from tests.e2e.village import Village, village

CANARY = "canary-in-the-body"
AT_ONCE = 2.0
"""Seconds within which nonsense is refused."""
MIB = 1024 * 1024
JSON, FORM = "application/json", "application/x-www-form-urlencoded"


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_a_whole_hunt_over_signed_requests_with_deaths_in_it(migrated_url: str, tmp_path: Path) -> None:
    deaths = ["inbox.before_ack:4", "desk.after_answer:3", "courier.after_http:2"]

    async def story() -> None:
        async with village(tmp_path, migrated_url, deaths, HTTP) as here:
            await hunt(here)
            assert here.died == deaths

    asyncio.run(story())


def story_over_http(url: str, folder: Path, told: Callable[[Village], Awaitable[None]]) -> None:
    async def story() -> None:
        async with village(folder, url, (), {**HTTP, "IDEAHUNT_LOG_LEVEL": "DEBUG"}) as here:
            await told(here)
            assert CANARY not in here.bot.said

    asyncio.run(story())


# --- forged, stale, unreadable


def event(text: str = CANARY) -> bytes:
    inner = {"type": "message", "channel": "C0", "user": "U0", "text": text, "ts": "1.000001"}
    return json.dumps({"type": "event_callback", "team_id": "T0", "event_id": "Ev0", "event": inner}).encode()


def forged(here: Village) -> dict[str, tuple[dict[str, str], bytes]]:
    """Requests whose signature is wrong, missing, or too old; each with its headers and body."""
    now, body, sign = int(time.time()), event(), here.slack.signed_headers
    good = {**sign(body), "Content-Type": JSON}
    stamp, signature = "X-Slack-Request-Timestamp", "X-Slack-Signature"
    return {
        "no headers": ({"Content-Type": JSON}, body),
        "no signature": ({"Content-Type": JSON, stamp: good[stamp]}, body),
        "another body": (good, event(f"{CANARY} changed")),
        "another secret": ({**good, signature: "v0=" + "0" * 64}, body),
        "stale by 301 seconds": ({**sign(body, now - 301), "Content-Type": JSON}, body),
        "ahead by 302 seconds": ({**sign(body, now + 302), "Content-Type": JSON}, body),
        "a word for a stamp": ({**good, stamp: "yesterday"}, body),
        "NaN for a stamp": ({**good, stamp: "NaN"}, body),
        "400 digits for a stamp": ({**good, stamp: "9" * 400}, body),
        "Arabic digits for a stamp": ({**good, stamp: "١٧٠٠٠٠٠٠٠٠"}, body),
        "a signature in Greek": ({**good, signature: "v0=αβγ"}, body),
        "an empty signature": ({**good, signature: ""}, body),
        "unsigned nonsense": ({"Content-Type": JSON}, b"{" * 1_000 + CANARY.encode()),
    }


def unreadable() -> dict[str, tuple[str, bytes]]:
    """Bodies that are no payload of Slack's, though they are signed; each with its content type."""
    deep = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
    return {
        "no JSON": (JSON, f'{{"type": {CANARY}'.encode()),
        "nothing": (JSON, b""),
        "null": (JSON, b"null"),
        "a list": (JSON, b'["event_callback"]'),
        "100 000 brackets": (JSON, b"[" * 100_000),
        "100 000 objects": (JSON, deep),
        "no UTF-8": (JSON, b'{"type":"\xff\xfe"}'),
        "a form with a list": (FORM, urlencode({"payload": "[1]"}).encode()),
        "a form with nonsense": (FORM, b"payload=%7Bcanary-in-the-body"),
        "2 MiB": (JSON, b'{"type":"' + b"x" * 2 * MIB + b'"}'),
        "another content type": ("text/plain", event()),
        "no content type": ("", event()),
    }


def test_a_request_that_slack_did_not_sign_is_401_at_once(migrated_sqlite_url: str, tmp_path: Path) -> None:
    async def told(here: Village) -> None:
        for name, (headers, body) in forged(here).items():
            assert await post(here, headers, body) == 401, name
        assert here.records.rows("SELECT * FROM failed_event") == []
        assert await healthy(here)

    story_over_http(migrated_sqlite_url, tmp_path, told)


def test_a_signed_body_that_is_no_payload_is_refused_at_once(migrated_sqlite_url: str, tmp_path: Path) -> None:
    async def told(here: Village) -> None:
        for name, (kind, body) in unreadable().items():
            headers = {**here.slack.signed_headers(body), **({"Content-Type": kind} if kind else {})}
            assert await post(here, headers, body) in {400, 413, 415}, name
        bomb = gzip.compress(b'{"a":"' + b"0" * 64 * MIB + b'"}')
        headers = {**here.slack.signed_headers(bomb), "Content-Type": JSON, "Content-Encoding": "gzip"}
        assert await post(here, headers, bomb) in {400, 413, 415}
        assert await healthy(here)

    story_over_http(migrated_sqlite_url, tmp_path, told)


def test_who_sends_half_a_request_keeps_nobody_waiting(migrated_sqlite_url: str, tmp_path: Path) -> None:
    async def told(here: Village) -> None:
        host, port = address(here)
        lingering = []
        for _ in range(50):
            reader, writer = await asyncio.open_connection(host, port)
            writer.write(f"POST /slack/events HTTP/1.1\r\nHost: {host}\r\nContent-Length: 900\r\n\r\n".encode())
            lingering.append((reader, writer))
        await here.launch()
        assert await healthy(here)
        for _, writer in lingering:
            writer.close()

    story_over_http(migrated_sqlite_url, tmp_path, told)


# --- twice, late, from elsewhere


def test_a_request_recorded_and_sent_again_changes_nothing(migrated_sqlite_url: str, tmp_path: Path) -> None:
    async def told(here: Village) -> None:
        await here.launch()
        await here.calm()
        await here.reply(here.karim, CURTAINS)
        await here.type_idea(here.salome, LUNCH)
        recorded = [signed(here, *body_of(each)) for each in here.slack.envelopes if each.kind != "interactive"]
        for headers, body in recorded:
            assert await post(here, headers, body) == 200
        await here.calm()
        assert here.records.ideas() == [CURTAINS, LUNCH]
        assert len(here.said) == 1

    story_over_http(migrated_sqlite_url, tmp_path, told)


def body_of(envelope: Any) -> tuple[bytes, str]:
    if envelope.kind == "events_api":
        return json.dumps(envelope.payload).encode(), JSON
    return urlencode(envelope.payload).encode(), FORM


def signed(here: Village, body: bytes, kind: str) -> tuple[dict[str, str], bytes]:
    return {**here.slack.signed_headers(body), "Content-Type": kind}, body


def test_a_retry_is_taken_though_its_first_delivery_never_arrived(migrated_sqlite_url: str, tmp_path: Path) -> None:
    async def told(here: Village) -> None:
        await here.launch()
        await here.calm()
        said = await here.karim.post(here.room, CURTAINS, thread_ts=here.board)
        (envelope,) = [e for e in here.slack.envelopes if e.payload.get("event", {}).get("ts") == said.ts]
        other = json.loads(json.dumps(envelope.payload).replace(said.ts, f"{said.ts[:-6]}999999"))
        other["event_id"] = "Ev0LATE"
        other["event"] |= {"text": LUNCH, "client_msg_id": "another"}
        other["event"].pop("blocks")
        headers, body = signed(here, json.dumps(other).encode(), JSON)
        late = {"X-Slack-Retry-Num": "2", "X-Slack-Retry-Reason": "http_timeout"}
        assert await post(here, {**headers, **late}, body) == 200
        assert here.records.ideas() == [CURTAINS, LUNCH]

    story_over_http(migrated_sqlite_url, tmp_path, told)


def test_an_event_of_another_workspace_touches_nothing_of_ours(migrated_postgres_url: str, tmp_path: Path) -> None:
    async def told(here: Village) -> None:
        await here.launch()
        await here.calm()
        await here.reply(here.karim, CURTAINS)
        theirs = [e.payload for e in here.slack.envelopes if e.name == "message" and e.payload["event"].get("text")]
        foreign = json.loads(json.dumps(theirs[-1]).replace(here.slack.team, "T0ELSEWHERE"))
        foreign["event"]["text"] = LUNCH
        headers, body = signed(here, json.dumps(foreign).encode(), JSON)
        await post(here, headers, body)
        await here.calm()
        assert here.records.ideas() == [CURTAINS]

    story_over_http(migrated_postgres_url, tmp_path, told)


def test_a_database_that_cannot_keep_an_event_is_told_to_slack(migrated_sqlite_url: str, tmp_path: Path) -> None:
    async def told(here: Village) -> None:
        await here.launch()
        await here.calm()
        await here.until(lambda: len(here.records.rows("SELECT id FROM person WHERE seen_at IS NOT NULL")) == 4)
        with here.records.held():
            began = time.monotonic()
            posted = asyncio.create_task(here.karim.post(here.room, CURTAINS, thread_ts=here.board))
            await asyncio.sleep(3.5)
            assert not posted.done()
            reply = await here.salome.command("/ideahunt", "idea", channel=here.room)
            assert reply.view or reply.ephemerals  # reading goes on
            typed = await here.salome.command("/ideahunt", f"idea {LUNCH}", channel=here.room)
            assert "did not get through" in typed.ephemerals[-1].visible_text
        await posted
        assert time.monotonic() - began < 20
        assert CURTAINS in here.records.ideas()

    story_over_http(migrated_sqlite_url, tmp_path, told)


# --- health


def test_health_says_how_it_is_and_nothing_of_what_people_said(migrated_url: str, tmp_path: Path) -> None:
    async def told(here: Village) -> None:
        await here.launch()
        await here.calm()
        await here.reply(here.karim, CURTAINS)
        await here.calm()
        status, alive = await asked(here, "/healthz")
        assert (status, alive) == (200, {"alive": True})
        status, figures = await asked(here, "/readyz")
        assert (status, figures["ready"], figures["database"], figures["letters_dead"]) == (200, True, True, 0)
        told = json.dumps(figures)
        assert not [word for word in (CURTAINS, here.karim.id, here.room.id, "canary") if word in told]
        assert (await asked(here, "/slack/events"))[0] == 405

    story_over_http(migrated_url, tmp_path, told)


# --- the wire itself


def address(here: Village) -> tuple[str, int]:
    parts = urlsplit(here.bot.address)
    assert parts.hostname is not None
    assert parts.port is not None
    return parts.hostname, parts.port


async def post(here: Village, headers: Mapping[str, str], body: bytes) -> int:
    """The status of a request as it goes over the wire, whatever its headers hold; answered at once."""
    host, port = address(here)
    async with asyncio.timeout(AT_ONCE * 3):
        began = time.monotonic()
        reader, writer = await asyncio.open_connection(host, port)
        lines = [f"POST /slack/events HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        status = int((await reader.readline()).split()[1])
        writer.close()
    assert time.monotonic() - began < AT_ONCE
    return status


async def asked(here: Village, path: str) -> tuple[int, Any]:
    host, port = address(here)
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body) if body.startswith(b"{") else body


async def healthy(here: Village) -> bool:
    return here.bot.alive and (await asked(here, "/healthz"))[0] == 200
