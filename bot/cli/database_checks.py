"""The doctor's questions to the database: is it there, is it ours, may we write, is its engine sound."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import text

from bot.cli.database import file_of, on_network
from bot.cli.disks import network_disk
from bot.cli.findings import Finding, State
from bot.cli.problems import Stopped
from bot.cli.settings import Settings
from bot.cli.storage_words import words, words_of
from storage import problems, schema
from storage.engine import open_engine

DATABASE, ENGINE, DISK = "database", "database engine", "disk"
SECRET = "secret of votes"  # noqa: S105 - the name of a check
LITTLE = 200 * 1024 * 1024
"""Free bytes below which a disk is called nearly full: a database of 100,000 ideas takes less."""
FIXED_AT = ((3, 44, 6), (3, 50, 7), (3, 51, 3))
"""SQLite versions in which a rare damage of its write-ahead log (since 3.7.0) was repaired, by branch."""


def check_database(settings: Settings) -> list[Finding]:
    """What can be said of the database without changing anything people would see; never raises."""
    file = file_of(settings)
    try:
        found = [_new(file)] if file is not None and not file.exists() else [_kept(settings)]
    except Stopped as stopped:
        found = [Finding(DATABASE, State.FAULT, problem.what, problem.fix) for problem in stopped.problems]
    if file is not None:
        found += [_sqlite(sqlite3.sqlite_version_info), _disk(file)]
    return [*found, _secret(settings, kept_beside=file is not None)]


def _secret(settings: Settings, *, kept_beside: bool) -> Finding:
    """Whether the keys of open votes are wrapped by something that is not in the database."""
    if settings.vote_secret is not None:
        return Finding(SECRET, State.FINE, "The keys of open votes are wrapped by IDEAHUNT_VOTE_SECRET.")
    if kept_beside:
        return Finding(SECRET, State.FINE, "The keys of open votes are wrapped by a secret beside the database.")
    what = "The keys of open votes lie in the database itself. IDEAHUNT_VOTE_SECRET keeps their secret apart."
    return Finding(SECRET, State.NOTE, what)


def _new(file: Path) -> Finding:
    """A database that will be made: only whether it can be."""
    folder = _nearest(file)
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        what = f"The database cannot be made in {folder}."
        return Finding(DATABASE, State.FAULT, what, "Set IDEAHUNT_DATA_DIR to a folder that can be written.")
    return Finding(DATABASE, State.FINE, f"It will be made in {file.parent} when the bot first runs.")


def _kept(settings: Settings) -> Finding:
    """A database that is there: its tables, and whether it takes a transaction (which writes nothing)."""
    with words(), closing(open_engine(settings.database, 1, alone=False)) as engines:
        try:
            schema.expect_head(engines.read)
        except problems.SchemaBehind as behind:
            if not engines.sqlite:
                raise
            return Finding(DATABASE, State.NOTE, words_of(behind).what + " The bot will see to it when it starts.")
        with problems.told(), engines.write.begin() as connection:
            connection.execute(text("CREATE TEMPORARY TABLE doctor (one INTEGER)"))
            connection.execute(text("DROP TABLE doctor"))
    return Finding(DATABASE, State.FINE, f"{settings.database_shown} answers, takes writes, and is up to date.")


def _sqlite(version: tuple[int, ...]) -> Finding:
    shown = ".".join(map(str, version))
    if sound(version):
        return Finding(ENGINE, State.FINE, f"SQLite {shown}.")
    return Finding(
        ENGINE,
        State.NOTE,
        f"SQLite {shown} has a rare fault that damages a file two programs write to; ideahunt holds the only pen.",
    )


def sound(version: tuple[int, ...]) -> bool:
    """Whether this SQLite is without the fault of its write-ahead log."""
    if version >= FIXED_AT[-1]:
        return True
    return any(version[:2] == fixed[:2] and version >= fixed for fixed in FIXED_AT)


def _disk(file: Path) -> Finding:
    if kind := network_disk(_nearest(file)):
        problem = on_network(kind)
        return Finding(DISK, State.FAULT, problem.what, problem.fix)
    free = shutil.disk_usage(_nearest(file)).free
    if free < LITTLE:
        what = f"Only {free // 1024**2} MB are free where the database is."
        return Finding(DISK, State.WARNING, what, "Make room, or move IDEAHUNT_DATA_DIR to another disk.")
    return Finding(DISK, State.FINE, f"{free // 1024**2:,} MB are free where the database is.")


def _nearest(file: Path) -> Path:
    """The first thing that exists on the way up from the file's folder: a folder, unless somebody put a file there."""
    return next(folder for folder in file.absolute().parents if folder.exists())
