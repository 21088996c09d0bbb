"""What an entry says, in words."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from django.db.models import Field

from security.contract import ContractTable, column_of, contract_tables
from security.services.rows import kind_of

DONE: Mapping[str, str] = MappingProxyType({
    # verbs of actions that do not end in "ed" by rule
    "login": "signed in", "logout": "signed out", "read": "opened", "set": "set", "undo": "undid", "run": "ran",
    "deny": "was denied", "leave": "left", "import": "imported", "roll": "rolled", "cross": "crossed",
    "publish": "published", "connect": "connected", "disconnect": "disconnected", "enter": "entered",
    "export": "exported", "revoke": "revoked", "retire": "retired", "normalise": "normalised", "sign": "signed",
    "withdraw": "withdrew", "stop": "stopped", "unwrap": "unwrapped", "transfer": "transferred",
    "fork": "forked", "reset": "reset", "load": "loaded", "suspend": "suspended", "open": "opened",
})  # fmt: skip

REFUSED: Mapping[str, str] = MappingProxyType({"login": "Sign-in refused", "deny_access": "Was denied access"})
"""Actions that were not done, where that is refused and not failed."""


@cache
def spoken(action: str) -> str:
    """``update_content_template`` as "updated content template"."""
    verb, _, rest = action.partition("_")
    done = DONE.get(verb) or (f"{verb}d" if verb.endswith("e") else f"{verb}ed")
    return f"{done} {rest.replace('_', ' ')}".strip()


@cache
def label_of(action: str, *, is_done: bool = True) -> str:
    """``update_content_template`` as "Updated content template"; what was not done says so."""
    if not is_done and action in REFUSED:
        return REFUSED[action]
    text = spoken(action)
    return f"{text[:1].upper()}{text[1:]}{'' if is_done else ': failed'}"


def tone_of(action: str, success: Any) -> str:
    """The colour that an entry's action is shown in."""
    if success is False:
        return "bad"
    verb = action.partition("_")[0]
    return {"create": "good", "delete": "warn", "suspend": "warn", "revoke": "warn", "read": "muted"}.get(verb, "plain")


@cache
def kinds() -> Mapping[str, type[ContractTable]]:
    """Tables by what the log calls their rows; the workers call a post a post."""
    known = {kind_of(model): model for model in contract_tables()}
    return MappingProxyType({**known, "post": known["published_post"]})


def names_of(kind: str) -> list[str]:
    """What the log calls rows of the table of ``kind``."""
    model = table_of(kind)
    return [name for name, known in kinds().items() if known is model] if model else [kind]


def table_of(kind: str) -> type[ContractTable] | None:
    return kinds().get(kind)


def field_of(kind: str, name: str) -> "Field[Any, Any] | None":
    """The column that an entry's change is about, where its table is known."""
    model = table_of(kind)
    names = {field.name for field in model._meta.concrete_fields} if model else set()
    return column_of(model, name) if model and name in names else None
