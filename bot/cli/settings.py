"""What an administrator may set, read once from the environment and from a file named `.env`."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from dotenv import dotenv_values
from pydantic import AliasChoices, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.cli.problems import Problem, Stopped

PREFIX = "IDEAHUNT_"
ENV_FILE = Path(".env")
SLACK_API_URL = "https://slack.com/api/"
PAGE = "docs/settings.md"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
LEAST_SECRET = 32
"""Characters of the secret that wraps the keys of open votes."""
FOR_TESTS = (f"{PREFIX}TEST_", f"{PREFIX}FAILPOINT")
ENGINES = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
"""What a database address may begin with (before a `+driver`), and what SQLAlchemy calls it."""


def _also(*names: str) -> Any:  # noqa: ANN401 - pydantic's Field answers any type
    """A field with no default value but None that is read under its own name, then under Slack's usual ones."""
    return Field(default=None, validation_alias=AliasChoices(*names))


class GroupingSettings(BaseSettings):
    """What groups ideas, and the language: all that `ideahunt themes` needs, whatever else is set or wrong."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=ENV_FILE,
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        str_strip_whitespace=True,
        populate_by_name=True,
    )

    language: Literal["en", "fr"] = "en"
    words_file: Path | None = None
    themes_model: str | None = None
    embeddings_url: str | None = None
    embeddings_model: str | None = Field(default=None, validate_default=True)
    embeddings_key: SecretStr | None = None

    @field_validator("language", mode="before")
    @classmethod
    def _language_in_small_letters(cls, value: object) -> object:
        return value.lower().strip() if isinstance(value, str) else value

    @field_validator("embeddings_url")
    @classmethod
    def _an_endpoint(cls, value: str | None) -> str | None:
        parts = urlsplit(value or "")
        if value and (parts.scheme not in {"http", "https"} or not parts.hostname):
            raise ValueError("not an address")
        return value

    @field_validator("embeddings_model")
    @classmethod
    def _named_with_an_endpoint(cls, value: str | None, known: ValidationInfo) -> str | None:
        if known.data.get("embeddings_url") and not value:
            raise ValueError("an endpoint without a model")
        return value

    @property
    def secrets(self) -> frozenset[str]:
        """Everything that must never be read in an output."""
        key = self.embeddings_key.get_secret_value().strip() if self.embeddings_key is not None else ""
        return frozenset({key} if key else ())


class Settings(GroupingSettings):
    """Every setting of ideahunt. Frozen; secrets never show in a repr, a log or an error."""

    slack_bot_token: SecretStr | None = _also(f"{PREFIX}SLACK_BOT_TOKEN", "SLACK_BOT_TOKEN", "SLACK_CLI_XOXB")
    slack_app_token: SecretStr | None = _also(f"{PREFIX}SLACK_APP_TOKEN", "SLACK_APP_TOKEN", "SLACK_CLI_XAPP")
    slack_signing_secret: SecretStr | None = _also(f"{PREFIX}SLACK_SIGNING_SECRET", "SLACK_SIGNING_SECRET")
    slack_transport: Literal["socket", "http"] = "socket"
    slack_api_url: str = SLACK_API_URL
    teams_app_id: str | None = None
    teams_app_secret: SecretStr | None = None
    teams_tenant_id: str | None = None
    teams_standin_url: str | None = None
    database_url: SecretStr | None = None
    data_dir: Path = Path("data")
    vote_secret: SecretStr | None = Field(default=None, min_length=LEAST_SECRET)
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=8080, ge=0, le=65535)
    time_zone: str = "UTC"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["console", "json"] = "console"

    @field_validator("log_level", mode="before")
    @classmethod
    def _in_capitals(cls, value: object) -> object:
        return value.upper().strip() if isinstance(value, str) else value

    @field_validator("slack_transport", "log_format", mode="before")
    @classmethod
    def _in_small_letters(cls, value: object) -> object:
        return value.lower().strip() if isinstance(value, str) else value

    @field_validator("slack_api_url")
    @classmethod
    def _an_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("not an address")
        return value.rstrip("/") + "/"

    @field_validator("teams_standin_url")
    @classmethod
    def _on_this_machine(cls, value: str | None) -> str | None:
        """Keys and tokens come from there, so anywhere else it would be a door for everybody."""
        if not value:
            return None
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or parts.hostname not in LOOPBACK:
            raise ValueError("not on this machine")
        return value.rstrip("/") + "/"

    @field_validator("time_zone")
    @classmethod
    def _a_known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):  # a folder's name, "..", an unknown name
            raise ValueError("unknown time zone") from None
        return value

    @field_validator("database_url")
    @classmethod
    def _an_engine_we_know(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None:
            return None
        scheme, colon, rest = value.get_secret_value().strip().partition("://")
        engine = ENGINES.get(scheme.partition("+")[0])
        if engine is None or not colon or rest in {"", "/"} or ":memory:" in rest:
            raise ValueError("not a database we know")
        _ = urlsplit(f"{engine}://{rest}").port  # a ValueError where it cannot be one
        return SecretStr(f"{engine}://{rest}")

    @property
    def database(self) -> str:
        """The database's address for SQLAlchemy, password included: never print it."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.data_dir / 'ideahunt.db'}"

    @property
    def vote_key(self) -> bytes:
        """What wraps the keys of open votes; empty where none is set: a SQLite database has its own beside it."""
        return self.vote_secret.get_secret_value().encode() if self.vote_secret is not None else b""

    @property
    def database_shown(self) -> str:
        """The database's address without its password and its options."""
        shown = re.sub(r"(://[^/@:]*):.*@", r"\1:***@", self.database)
        return shown.partition("?")[0]

    @property
    def secrets(self) -> frozenset[str]:
        """Everything that must never be read in an output; a database password also as it is spelt in an address."""
        held = (
            self.slack_bot_token,
            self.slack_app_token,
            self.slack_signing_secret,
            self.teams_app_secret,
            self.vote_secret,
        )
        secrets = {secret.get_secret_value().strip() for secret in held if secret is not None}
        if self.database_url is not None and (password := _password(self.database)):
            secrets |= {password, quote(password, safe="")}
        return super().secrets | frozenset(secret for secret in secrets if secret)

    @property
    def serves_teams(self) -> bool:
        """Whether anything of Teams was set."""
        return bool(self.teams_app_id or self.teams_app_secret or self.teams_tenant_id)

    @property
    def serves_slack(self) -> bool:
        """Whether anything of Slack was set; without Teams it is Slack that is missing."""
        return bool(self.slack_bot_token or self.slack_app_token or not self.serves_teams)

    def teams_keys(self) -> TeamsKeys:
        """Who we are in Teams; raises Stopped with every problem at once."""
        from bot.cli.teams_settings import read_keys

        return read_keys(self)

    def slack_keys(self) -> SlackKeys:
        """What opens Slack's door; raises Stopped with every problem of the tokens at once."""
        problems = [*_token_problems(self), *_transport_problems(self)]
        if problems or self.slack_bot_token is None:
            raise Stopped(*problems)
        return SlackKeys(_bare(self.slack_bot_token), _bare(self.slack_app_token), _bare(self.slack_signing_secret))


@dataclass(frozen=True, slots=True)
class SlackKeys:
    """Tokens that have the right shape. Over HTTP there may be no app token, over a socket no signing secret."""

    bot_token: SecretStr
    app_token: SecretStr
    signing_secret: SecretStr


@dataclass(frozen=True, slots=True)
class TeamsKeys:
    """The bot's registration, and the tenants it serves (the first is its own)."""

    app_id: str
    app_secret: SecretStr
    tenant_ids: tuple[str, ...]


def _bare(secret: SecretStr | None) -> SecretStr:
    return SecretStr("" if secret is None else secret.get_secret_value().strip())


def _password(url: str) -> str | None:
    try:
        return urlsplit(url).password
    except ValueError:
        return None


# --- reading


def read_settings(env_file: Path = ENV_FILE) -> Settings:
    """The settings of this process; raises Stopped with one problem for each setting that is wrong."""
    try:
        return Settings(_env_file=env_file)
    except ValidationError as wrong:
        # From None: the chain would carry what was typed into a traceback.
        raise Stopped(*(_problem_of(error["loc"]) for error in wrong.errors(include_input=False))) from None
    except (OSError, UnicodeDecodeError):
        what = f"The file {env_file} cannot be read."
        fix = "Save it as UTF-8 text that the user running ideahunt may read, or remove it."
        raise Stopped(Problem(what, fix)) from None


def known_secrets(env_file: Path = ENV_FILE) -> frozenset[str]:
    """Every secret that may have been read: those of grouping are, also where another setting is wrong."""
    for kind in (Settings, GroupingSettings):
        try:
            return kind(_env_file=env_file).secrets
        except (ValidationError, OSError, UnicodeDecodeError):
            continue
    return frozenset()  # then none was read


WHAT = {
    "embeddings_model": f"{PREFIX}EMBEDDINGS_MODEL is missing, and {PREFIX}EMBEDDINGS_URL is set: an endpoint needs "
    "the name of its model.",
}
FIXES = {
    "embeddings_url": "Write the http:// or https:// address of an OpenAI-compatible endpoint, or leave it out.",
    "embeddings_model": "Name the model that the endpoint serves, or leave out both.",
    "slack_transport": "Write socket (the default) or http.",
    "slack_api_url": f"Leave it out for the real Slack ({SLACK_API_URL}); else write an http:// or https:// address.",
    "teams_standin_url": "Leave it out for the real Teams; a stand-in is on this machine: http://127.0.0.1:port/.",
    "database_url": "Write sqlite:///path/to/ideahunt.db or postgresql://user:password@host/database.",
    "http_port": "Write a number from 0 to 65535, such as 8080.",
    "language": "Write en or fr.",
    "time_zone": "Write a name of the time zone database, such as Europe/Paris.",
    "log_level": "Write DEBUG, INFO, WARNING or ERROR.",
    "log_format": "Write console or json.",
}


def _problem_of(place: tuple[int | str, ...]) -> Problem:
    field = str(place[0]).lower() if place else ""
    name = environment_name(field)
    what = WHAT.get(field, f"{name} has a value that cannot be used.")
    return Problem(what, FIXES.get(field, f"See {name} in {PAGE}."))


def environment_name(field: str) -> str:
    """The name under which a field is documented: `IDEAHUNT_` and the field in capitals."""
    return field.upper() if field.upper().startswith(PREFIX) else f"{PREFIX}{field.upper()}"


def mistyped_names(env_file: Path = ENV_FILE) -> tuple[Problem, ...]:
    """Names that begin with `IDEAHUNT_` and are no setting: most often a slip of the finger."""
    known = [environment_name(field) for field in Settings.model_fields]
    written = {*os.environ, *(dotenv_values(env_file) if env_file.is_file() else ())}
    return tuple(
        Problem(f"{name} is not a setting of ideahunt, so it does nothing.", _meant(name, known))
        for name in sorted(written)
        if name.upper().startswith(PREFIX) and name.upper() not in known and not name.startswith(FOR_TESTS)
    )


def _meant(name: str, known: list[str]) -> str:
    near = get_close_matches(name.upper(), known, n=1)
    return f"Write {near[0]} instead." if near else f"Remove it; {PAGE} lists the settings."


# --- tokens

BOT, APP, SECRET = (f"{PREFIX}SLACK_{name}" for name in ("BOT_TOKEN", "APP_TOKEN", "SIGNING_SECRET"))
KINDS = {
    "xoxb-": "a bot token",
    "xapp-": "an app-level token",
    "xoxp-": "a user token",
    "xoxe": "a token that expires",
}
WHERE = {
    BOT: "Copy the Bot User OAuth Token (it begins with xoxb-) from OAuth & Permissions on your app's page.",
    APP: (
        "Copy the app-level token (it begins with xapp-) from Basic Information on your app's page; make one "
        "there with the scope connections:write if there is none."
    ),
    SECRET: "Copy the Signing Secret from Basic Information on your app's page.",
}


def _token_problems(settings: Settings) -> list[Problem]:
    bot, app = _bare(settings.slack_bot_token).get_secret_value(), _bare(settings.slack_app_token).get_secret_value()
    if bot.startswith("xapp-") and app.startswith("xoxb-"):
        return [Problem(f"{BOT} and {APP} hold each other's token.", "Swap the two values.")]
    problems = _shape_problems(BOT, bot, "xoxb-")
    if app or settings.slack_transport == "socket":
        problems += _shape_problems(APP, app, "xapp-")
    return problems


def _shape_problems(name: str, token: str, begins: str) -> list[Problem]:
    if not token:
        return [Problem(f"{name} is missing.", WHERE[name])]
    if not token.startswith(begins):
        kind = next((f": it holds {words}" for start, words in KINDS.items() if token.startswith(start)), "")
        return [Problem(f"{name} does not hold {KINDS[begins]}{kind}.", WHERE[name])]
    if not re.fullmatch(r"[\w.-]+", token, re.ASCII) or token == begins:
        return [Problem(f"{name} is not a whole token: a part is missing or a character is too many.", WHERE[name])]
    return []


def _transport_problems(settings: Settings) -> list[Problem]:
    secret = _bare(settings.slack_signing_secret).get_secret_value()
    if settings.slack_transport == "http" and not secret:
        return [Problem(f"{SECRET} is missing, and without it anybody could speak for Slack.", WHERE[SECRET])]
    if secret.startswith(("xox", "xapp-")):
        return [Problem(f"{SECRET} holds a token.", WHERE[SECRET])]
    return []
