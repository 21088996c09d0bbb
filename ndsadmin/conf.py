"""Every environment variable: its type, default and meaning. Nothing else reads the environment.

A variable that is missing or malformed stops the start, with its name and what is expected. Values come from
the environment or, where it lacks them, from ``.env`` beside ``manage.py`` (``.env.example`` lists all).
"""

import base64
import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

from ndsadmin.mailing import Mail, mail

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG_SECRET = "insecure-key-for-debugging-only-" + "0" * 32  # never in force with NDS_DEBUG off
KEY = 32  # bytes of a master key
SECRET_LENGTH = 50  # characters; what Django's own check asks for (security.W009)
REGIONS = ("eu-west", "us-east", "ap-southeast")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


def _boolean(text: str) -> bool:
    return {"true": True, "1": True, "on": True, "false": False, "0": False, "off": False}[text.lower()]


def _words(text: str) -> tuple[str, ...]:
    words = tuple(word.strip() for word in text.split(",") if word.strip())
    if not words:
        raise ValueError
    return words


def _count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError
    return number


def _between(least: int, most: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not least <= int(text) <= most:
            raise ValueError
        return int(text)

    return number


def _key(text: str) -> str:
    if text and len(base64.b64decode(text, validate=True)) != KEY:
        raise ValueError
    return text


def _one_of(*allowed: str) -> Callable[[str], str]:
    return lambda text: allowed[allowed.index(text)]


def _secret(text: str) -> str:
    if len(text) < SECRET_LENGTH:
        raise ValueError
    return text


def _directory(text: str) -> Path:
    return BASE_DIR / text


def _database(text: str) -> dict[str, Any]:
    """Django's settings of the database that a URL names; a relative file lies below the project."""
    scheme, found, name = text.partition("://")
    if scheme == "d1":
        host, _, database = name.partition("/")
        if not host or not database or "@" in host:
            raise ValueError
        return {"ENGINE": "ndsadmin.db.d1", "HOST": host, "NAME": database}
    if scheme != "sqlite" or not found or not name.strip("/"):
        raise ValueError
    path = name.removeprefix("/")
    return {"ENGINE": "ndsadmin.db.sqlite", "NAME": path if path == ":memory:" else str(BASE_DIR / path)}


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable; without a default it has to be set."""

    name: str
    parse: Callable[[str], Any]
    expected: str
    default: str | None
    meaning: str
    secret: bool = False


VARIABLES = (
    Variable("NDS_DEBUG", _boolean, "true or false", "false", "Development: error pages that tell all, demo sign-ins."),
    Variable(
        "NDS_SECRET_KEY",
        _secret,
        f"at least {SECRET_LENGTH} random characters",
        None,
        "Signs sessions and cursors. May be left out with NDS_DEBUG on.",
        secret=True,
    ),
    Variable(
        "NDS_HTTPS",
        _boolean,
        "true or false",
        "true",
        "Serve by https alone: Secure __Host- cookies, HSTS and the redirect, together.",
    ),
    Variable("NDS_HOSTS", _words, "host names, separated by commas", "localhost,127.0.0.1", "Names we answer to."),
    Variable(
        "NDS_PROXIES",
        _count,
        "a whole number, 0 or more",
        "0",
        "Proxies of our own in front; with any, their X-Forwarded-For and -Proto are believed.",
    ),
    Variable("NDS_CELL", str, "a name", "local", "Name of this installation."),
    Variable("NDS_REGION", _one_of(*REGIONS), f"one of {', '.join(REGIONS)}", "eu-west", "The one region it serves."),
    Variable(
        "DATABASE_URL",
        _database,
        "sqlite:///FILE (relative to the project), sqlite:////ABSOLUTE/FILE, d1://GATEWAY/BINDING "
        "or d1://api.cloudflare.com/ACCOUNT/DATABASE",
        "sqlite:///var/nds.sqlite3",
        "The database.",
    ),
    Variable(
        "D1_TOKEN",
        str,
        "the gateway's secret, or a token of Cloudflare's API",
        "",
        "Opens a database on D1.",
        secret=True,
    ),
    Variable(
        "NDS_SYNCHRONOUS",
        _one_of("FULL", "NORMAL"),
        "FULL or NORMAL",
        "FULL",
        "When a commit is on disk: at once, or (faster) at the next checkpoint, which a power cut may lose.",
    ),
    Variable(
        "NDS_AUDIT_WORDS",
        _one_of("auto", "true", "false"),
        "auto, true or false",
        "auto",
        "A full-text table over the audit log; auto: on SQLite alone, since D1 exports no database that holds one.",
    ),
    Variable(
        "NDS_DATA_DIR",
        _directory,
        "a folder, relative to the project or absolute",
        "var",
        "Where key file and import reports lie.",
    ),
    Variable(
        "NDS_KEY_PROVIDER",
        _one_of("local", "aws"),
        "local or aws",
        "local",
        "Who holds the keys that wrap new data keys: a keyring in NDS_DATA_DIR, or AWS KMS (requirements-aws.txt).",
    ),
    Variable(
        "NDS_MASTER_KEY",
        _key,
        "32 bytes in base64",
        "",
        "Seals the local keyring; empty: a file in NDS_DATA_DIR, made at the first start.",
        secret=True,
    ),
    Variable(
        "NDS_KMS_WINDOW",
        _between(7, 30),
        "a number of days, 7 to 30",
        "30",
        "How long AWS KMS keeps a key that is to be deleted.",
    ),
    Variable(
        "NDS_BACKUP_DAYS",
        _count,
        "a whole number, 0 or more",
        "35",
        "Days that your own backups of database and keyring are kept: until then destroyed data is not gone.",
    ),
    Variable(
        "NDS_ENVELOPE",
        _one_of("tse1", "legacy"),
        "tse1 or legacy",
        "tse1",
        "How values are sealed: legacy for as long as workers cannot read TSE1 (docs/ciphertext.md).",
    ),
    Variable(
        "NDS_MAIL",
        lambda text: mail(text, BASE_DIR),
        "smtp://USER:PASSWORD@HOST:PORT, smtp+tls:// or smtp+ssl:// likewise, file://FOLDER, or console",
        "",
        "Sends invitations and what people have to know. Empty: nothing is sent, and nobody can be invited; with "
        "NDS_DEBUG on it is printed.",
        secret=True,
    ),
    Variable(
        "NDS_MAIL_FROM",
        str,
        "an address, perhaps with a name",
        "NDS Admin <nds-admin@localhost>",
        "Who mail comes from.",
    ),
    Variable("NDS_LOG_LEVEL", _one_of(*LOG_LEVELS), f"one of {', '.join(LOG_LEVELS)}", "INFO", "What is logged."),
    Variable(
        "NDS_ADMIN_PASSWORD",
        str,
        "a password",
        "",
        "Password for createplatformadmin --email; asked for where it is empty.",
        secret=True,
    ),
)


@dataclass(frozen=True, slots=True)
class Configuration:
    """The variables as the program uses them."""

    debug: bool
    secret_key: str = field(repr=False)  # a debugging page shows all settings
    https: bool
    hosts: tuple[str, ...]
    proxies: int
    cell: str
    region: str
    database: dict[str, Any]
    d1_token: str = field(repr=False)
    synchronous: str
    audit_words: str
    data_dir: Path
    key_provider: str
    master_key: str = field(repr=False)
    kms_window: int
    backup_days: int
    envelope: str
    mail: Mail = field(repr=False)
    mail_from: str
    log_level: str
    admin_password: str = field(repr=False)


def read(source: Mapping[str, str]) -> Configuration:
    """The configuration that ``source`` holds.

    Raises:
        ImproperlyConfigured: a variable is missing, malformed or misspelt; the message names it and what is expected.
    """
    _refuse_misspelt(source)
    values = {variable.name: _value(variable, source) for variable in VARIABLES if variable.name != "NDS_SECRET_KEY"}
    secret = next(variable for variable in VARIABLES if variable.name == "NDS_SECRET_KEY")
    if values["NDS_DEBUG"] and not source.get("NDS_MAIL"):
        values["NDS_MAIL"] = mail("console", BASE_DIR)
    values[secret.name] = _value(secret, source, default=DEBUG_SECRET if values["NDS_DEBUG"] else None)
    return Configuration(**{_attribute(name): value for name, value in values.items()})


def _attribute(name: str) -> str:
    return {"DATABASE_URL": "database"}.get(name, name.removeprefix("NDS_").lower())


def _value(variable: Variable, source: Mapping[str, str], default: str | None = None) -> Any:
    text = source.get(variable.name, variable.default if default is None else default)
    if text is None:
        raise ImproperlyConfigured(f"{variable.name} is not set: expected {variable.expected}. {variable.meaning}")
    try:
        return variable.parse(text)
    except (ValueError, KeyError) as error:
        got = "something else" if variable.secret else repr(text)
        raise ImproperlyConfigured(f"{variable.name}: expected {variable.expected}, got {got}.") from error


def _refuse_misspelt(source: Mapping[str, str]) -> None:
    # A protection that is off because its name was misspelt is worse than a start that fails.
    known = {variable.name for variable in VARIABLES}
    for name in sorted(name for name in source if name.startswith("NDS_") and name not in known):
        near = difflib.get_close_matches(name, known, n=1)
        raise ImproperlyConfigured(f"{name} is no variable of ours" + (f": expected {near[0]}?" if near else "."))


def load() -> Configuration:
    """The configuration of this process."""
    env = environ.Env()
    if (BASE_DIR / ".env").exists():
        env.read_env(BASE_DIR / ".env")
    return read(env.ENVIRON)
