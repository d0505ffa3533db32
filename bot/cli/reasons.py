"""Why the system refused a file or a connection, in the reader's language."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Mapping

from bot.words import Key, Raw

REASONS: Mapping[int, str] = {
    errno.ENOENT: "os.missing",
    errno.EACCES: "os.forbidden",
    errno.EPERM: "os.forbidden",
    errno.EISDIR: "os.folder",
    errno.ENOTDIR: "os.no_folder",
    errno.ENOSPC: "os.full",
    errno.EDQUOT: "os.full",
    errno.EROFS: "os.read_only",
    errno.ENAMETOOLONG: "os.long",
    errno.EMFILE: "os.many",
    errno.EIO: "os.disk",
    errno.ECONNREFUSED: "os.refused",
    errno.ECONNRESET: "os.cut",
    errno.ETIMEDOUT: "os.late",
    errno.EHOSTUNREACH: "os.unreachable",
    errno.ENETUNREACH: "os.unreachable",
}
"""The usual ones; another one is told in the system's own words."""
NUMBERED = re.compile(r"\[Errno (-?\d+)\] ?")
NAMELESS = frozenset({-2, -3, -5})
"""What Linux answers where a host has no address."""


def reason(error: OSError) -> Key | Raw:
    """A fact for a sentence: why the system refused."""
    return _told(error.errno or 0, error.strerror or type(error).__name__)


def reason_in(text: str) -> Key | Raw:
    """The same from what a library made of it: `[Errno 111] Connection refused`."""
    found = NUMBERED.match(text)
    if found is None:
        return Key("os.late") if "timed out" in text else Raw(text)
    return _told(int(found[1]), text[found.end() :])


def _told(code: int, words: str) -> Key | Raw:
    if code in NAMELESS:
        return Key("os.unknown_host")
    return Key(REASONS[code]) if code in REASONS else Raw(words or os.strerror(code))
