"""What the database itself keeps, whoever writes: triggers, named ``nds_*``. Most of them are the audit log's.

Rules:

- An entry is added, and never in the place of another: ``INSERT OR REPLACE`` would delete without a trigger for it.
- It is changed in one way: personal columns become NULL (a redaction); nothing else.
- It is deleted when it is older than `KEPT` years (domain.md, Retention); nothing younger goes, whoever asks.
- Each day's entries are counted as they come, workers' too (``nds_audit_days``), so a histogram reads a few rows.
- Where there is a full-text table, its words are added and taken away with the entry (`WORDS`).
- Single grants go with the row that they are for, and with the person (`GRANTS`).

Triggers work on rows that a policy has let through, so row-level security leaves them out (`security.rls.registry`).
"""

from collections.abc import Mapping
from types import MappingProxyType

KEPT = 7  # years
PERSONAL = ("user_id", "ip_address", "user_agent", "metadata", "error_message")
LASTING = ("log_id", "tenant_id", "action", "resource_type", "resource_id", "request_id", "success", "timestamp")

_SAME = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in ("rowid", *LASTING))
_GONE = " AND ".join(f"(NEW.{name} IS OLD.{name} OR NEW.{name} IS NULL)" for name in PERSONAL)
_OLD = (
    "OLD.timestamp GLOB '[1-9][0-9][0-9][0-9]-[0-9][0-9]-*' "
    f"AND datetime(substr(OLD.timestamp, 1, 19)) < datetime('now', '-{KEPT} years')"
)
_DAY = (  # with "+0 days" SQLite computes the day, and makes 2 March of 30 February
    "CASE WHEN date(substr({0}.timestamp, 1, 10), '+0 days') = substr({0}.timestamp, 1, 10) "
    "THEN substr({0}.timestamp, 1, 10) ELSE '' END"
)


def _refusing(name: str, event: str, condition: str, why: str) -> str:
    return f"""CREATE TRIGGER {name} {event} ON audit_logs
WHEN {condition}
BEGIN
  SELECT RAISE(ABORT, 'audit_logs: {why}');
END"""


GUARDS: Mapping[str, str] = MappingProxyType({
    name: _refusing(name, event, condition, why)
    for name, event, condition, why in (
        (
            "nds_audit_logs_insert",
            "BEFORE INSERT",
            "EXISTS (SELECT 1 FROM audit_logs WHERE log_id = NEW.log_id)"
            " OR EXISTS (SELECT 1 FROM audit_logs WHERE rowid = NEW.rowid)",
            "no entry takes the place of another",
        ),
        # Behind the insertion: before it, the number of a row that brings none is -1.
        ("nds_audit_logs_number", "AFTER INSERT", "NEW.rowid < 1", "entries are numbered from 1 on"),
        ("nds_audit_logs_update", "BEFORE UPDATE", f"NOT ({_SAME} AND {_GONE})", "an entry can only be redacted"),
        ("nds_audit_logs_delete", "BEFORE DELETE", f"({_OLD}) IS NOT TRUE", f"entries are kept for {KEPT} years"),
    )
})  # fmt: skip

COUNTING: Mapping[str, str] = MappingProxyType({
    "nds_audit_logs_counted": f"""CREATE TRIGGER nds_audit_logs_counted AFTER INSERT ON audit_logs
BEGIN
  INSERT INTO nds_audit_days (tenant_id, day, action, entries, refused)
  VALUES (coalesce(NEW.tenant_id, ''), {_DAY.format("NEW")}, NEW.action, 1, NEW.success IS 0)
  ON CONFLICT (tenant_id, day, action) DO UPDATE SET
    entries = entries + 1, refused = refused + excluded.refused;
END"""
})  # fmt: skip

GRANTABLE: Mapping[str, tuple[str, str, str, str]] = MappingProxyType({
    # kind: table, key, the column that names the tenant, and what stands before the name
    "content_template": ("content_templates", "template_id", "tenant_id", ""),
    "brand_knowledge_entry": ("brand_knowledge_entries", "entry_id", "tenant_id", ""),
    "post_configuration": ("post_configurations", "config_id", "tenant_id", ""),
    "skill": ("skills", "skill_id", "visibility", "tenant:"),
    "brand_profile": ("brand_profiles", "tenant_id", "tenant_id", ""),
})  # fmt: skip
"""Rows that can be shared with one person (domain.md, Tenants, people, roles)."""

_GRANTS = "nds_grants"
GRANTS: Mapping[str, str] = MappingProxyType({
    **{
        f"{_GRANTS}_of_{table}": f"""CREATE TRIGGER {_GRANTS}_of_{table} AFTER DELETE ON {table}
BEGIN
  DELETE FROM {_GRANTS} WHERE kind = '{kind}' AND object_pk = OLD.{key};
END"""
        for kind, (table, key, _, _) in GRANTABLE.items()
    },
    f"{_GRANTS}_of_person": f"""CREATE TRIGGER {_GRANTS}_of_person BEFORE DELETE ON users
BEGIN
  DELETE FROM {_GRANTS} WHERE user_id = OLD.user_id;
END""",
    f"{_GRANTS}_of_removed": f"""CREATE TRIGGER {_GRANTS}_of_removed AFTER UPDATE OF status ON users
WHEN NEW.status = 'deleted'
BEGIN
  DELETE FROM {_GRANTS} WHERE user_id = NEW.user_id;
END""",
})  # fmt: skip

KEPT_UP: Mapping[str, str] = MappingProxyType({**GUARDS, **COUNTING, **GRANTS})
"""Those that every database has."""

WORDS = "nds_audit_words"
"""The full-text table over the log; its rows are numbered as the entries are. It holds no text, only words."""

WORDS_COLUMNS = ("tenant", "action", "resource", "actor", "reason")
MAKE_WORDS = (
    f"CREATE VIRTUAL TABLE {WORDS} USING fts5({', '.join(WORDS_COLUMNS)}, content='', detail=column, "
    "tokenize=\"unicode61 remove_diacritics 2 tokenchars '_'\")"
)


def words_of(row: str) -> str:
    """What is found of an entry called ``row``: one expression a column of `WORDS_COLUMNS`.

    The tenant as hexadecimal digits and keys without their dashes are one word each. All of it follows from the row,
    so that the same words can be taken out again.
    """
    spoken = "{0} || ' ' || replace({0}, '_', ' ')"
    metadata = f"CASE WHEN json_valid({row}.metadata) THEN json_extract({row}.metadata, '$.reason') END"
    return ", ".join((
        f"hex(coalesce({row}.tenant_id, ''))",
        spoken.format(f"{row}.action"),
        spoken.format(f"{row}.resource_type") + f" || ' ' || replace(coalesce({row}.resource_id, ''), '-', '')",
        f"replace(coalesce({row}.user_id, ''), '-', '')",
        f"coalesce({metadata}, '') || ' ' || coalesce({row}.error_message, '')",
    ))  # fmt: skip


_NAMES = ", ".join(WORDS_COLUMNS)
_ADD = f"INSERT INTO {WORDS} (rowid, {_NAMES}) VALUES (NEW.rowid, {words_of('NEW')});"
_TAKE = f"INSERT INTO {WORDS} ({WORDS}, rowid, {_NAMES}) VALUES ('delete', OLD.rowid, {words_of('OLD')});"

WORDING: Mapping[str, str] = MappingProxyType({
    name: f"CREATE TRIGGER {name} AFTER {event} ON audit_logs\nBEGIN\n  {body}\nEND"
    for name, event, body in (
        (f"{WORDS}_added", "INSERT", _ADD),
        (f"{WORDS}_redacted", "UPDATE", f"{_TAKE}\n  {_ADD}"),
        (f"{WORDS}_taken", "DELETE", _TAKE),
    )
})  # fmt: skip
"""Those that a database with a full-text table has besides."""

FILL_WORDS = f"INSERT INTO {WORDS} (rowid, {_NAMES}) SELECT rowid, {words_of('audit_logs')} FROM audit_logs"
COUNT_DAYS = (
    "INSERT INTO nds_audit_days (tenant_id, day, action, entries, refused) "
    f"SELECT coalesce(tenant_id, ''), {_DAY.format('audit_logs')}, action, COUNT(*), SUM(success IS 0) "
    "FROM audit_logs GROUP BY 1, 2, 3"
)

TRIGGERS: frozenset[str] = frozenset({*KEPT_UP, *WORDING})


def missing_triggers(made: Mapping[str, str]) -> list[str]:
    """The triggers that a database should have, and has not or with another text; ``made`` gives the SQL of its tables
    and triggers by name."""
    # Before the migrations that make them, none is.
    log = {**GUARDS, **COUNTING} if {"audit_logs", "nds_audit_days"} <= made.keys() else {}
    wanted = {**log, **(WORDING if log and WORDS in made else {}), **(GRANTS if _GRANTS in made else {})}
    return [name for name, sql in wanted.items() if made.get(name, "").split() != sql.split()]
