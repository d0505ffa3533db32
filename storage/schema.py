"""The tables' revision: what is there, what this program wants, and the way from one to the other."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, make_url, text
from sqlalchemy.exc import DBAPIError

from storage.engine import open_engine
from storage.problems import SchemaAhead, SchemaBehind, problem_of, told

MIGRATIONS = Path(__file__).parent / "migrations"
HEAD = "0005"
"""The newest revision under `migrations/versions`; a test compares them, so that starting needs no Alembic."""
_ADVISORY = 4_919_061_121


def head() -> str:
    """The revision this program wants."""
    return HEAD


def revision(engine: Engine) -> str:
    """The revision the tables have; nothing where there are none."""
    try:
        with told(), engine.connect() as connection:
            found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except DBAPIError as error:
        if problem_of(error) is not None:
            raise
        return ""
    return str(found or "")


def expect_head(engine: Engine) -> None:
    """Raises SchemaBehind or SchemaAhead unless the tables are what this program wants. Reads one row."""
    found = revision(engine)
    if found == HEAD:
        return
    if not found or (MIGRATIONS / "versions" / f"{found}.py").exists():
        raise SchemaBehind(found, HEAD)
    raise SchemaAhead(found, HEAD)


def upgrade(url: str, now: datetime) -> Path | None:
    """Brings the tables to this program's revision; a second call finds nothing to do.

    A SQLite file that holds tables is first copied beside itself; returns the copy. Stopped half-way it can be
    called again: each revision is one transaction. Raises SchemaAhead and what opening a database raises.
    """
    with closing(open_engine(url, 1)) as engines:
        found = revision(engines.write)
        if found == HEAD:
            return None
        if found and not (MIGRATIONS / "versions" / f"{found}.py").exists():
            raise SchemaAhead(found, HEAD)
        copy = _copied(engines.write, Path(make_url(url).database or ""), now) if engines.sqlite and found else None
        with told(), engines.write.begin() as connection:
            migrate(connection)
    return copy


def _copied(engine: Engine, file: Path, now: datetime) -> Path:
    """A whole, consistent copy of the file; `VACUUM` works outside transactions only."""
    copy = file.with_name(f"{file.stem}-{now:%Y%m%dT%H%M%SZ}{file.suffix}")
    raw = engine.raw_connection()
    try:
        raw.cursor().execute("VACUUM INTO ?", (str(copy),))
    finally:
        raw.close()
    return copy


def migrate(connection: Connection, to: str = "head") -> None:
    """Brings the tables to a revision inside a transaction that somebody else begins and ends."""
    from alembic import command
    from alembic.config import Config

    if connection.dialect.name == "postgresql":
        # Two instances that start together: the second waits here and then finds nothing to do.
        connection.execute(text("SET LOCAL lock_timeout = 0"))
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY})
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, to)
