"""Named places where the process can be made to die, so that tests can show that nothing is lost there."""

from __future__ import annotations

import os

SETTING = "IDEAHUNT_FAILPOINT"
"""Environment variable: a name, or `name:3` to die at the third passage."""
DIED = 137
"""Exit status of a process that died at a failpoint: what a shell reports for `kill -9`."""

NAMES = frozenset(
    {
        "desk.before_ask",
        "desk.after_answer",
        "inbox.before_ack",
        "line.after_ack",
        "batch.before_commit",
        "batch.after_commit",
        "round.close.counted",
        "round.close.keyless",
        "round.close.sealed",
        "letters.claimed",
        "letters.settled",
        "courier.after_claim",
        "courier.entered",
        "courier.before_file",
        "courier.after_http",
        "courier.after_settle",
        "catchup.before_cursor",
        "clock.advanced",
        "digest.moved",
    }
)

_name, _, _times = os.environ.get(SETTING, "").partition(":")
_left = int(_times or "1")


def failpoint(name: str) -> None:
    """Dies here and now, as by `kill -9`, when the environment asks for this name; else does nothing."""
    if name == _name:
        _die()


def _die() -> None:
    global _left  # noqa: PLW0603 - one countdown for the one process
    _left -= 1
    if _left <= 0:
        os._exit(DIED)
