"""What the audit log has beside its rows (`security.triggers`): made, filled, and found missing.

All of it is derived from the log, but for the triggers that guard it; it can be made anew at any time.
"""

from django.conf import settings
from django.db import connection

from security.exceptions import SchemaUnsafe
from security.models import AuditDay
from security.triggers import COUNT_DAYS, FILL_WORDS, KEPT_UP, MAKE_WORDS, WORDING, WORDS, missing_triggers


def check_upkeep() -> None:
    """Ask before anything is served, and after every migration. One query.

    Raises:
        SchemaUnsafe: a trigger is missing; names it.
    """
    if missing := missing_triggers(_made()):
        raise SchemaUnsafe(
            f"The audit log is not kept: {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing. Find out "
            "who took it away; `manage.py adopt` puts it back."
        )


def put_up_triggers() -> None:
    """Make the triggers that are missing, and those anew that have another text. Needs maintenance's scope."""
    for name in missing_triggers(_made()):
        _run(f"DROP TRIGGER IF EXISTS {name}")
        _run({**KEPT_UP, **WORDING}[name])


def put_up() -> None:
    """Make what is missing, and fill what is new. Needs maintenance's scope."""
    put_up_triggers()
    if not AuditDay.objects.exists():
        _run(COUNT_DAYS)
    if settings.AUDIT_WORDS:
        put_up_words()
    else:
        take_down_words()


def put_up_words() -> bool:
    """Make the full-text table and fill it; False where it was there already."""
    if WORDS in (made := _made()) and not missing_triggers(made):
        return False
    take_down_words()
    _run(MAKE_WORDS)
    _run(FILL_WORDS)
    for sql in WORDING.values():
        _run(sql)
    return True


def take_down_words() -> bool:
    """Take the full-text table away; False where there was none."""
    was_there = WORDS in _made()
    for name in WORDING:
        _run(f"DROP TRIGGER IF EXISTS {name}")
    if was_there:
        _run(f"DROP TABLE {WORDS}")
    return was_there


def recount() -> None:
    """Count the days anew, and their words."""
    AuditDay.objects.all().delete()
    _run(COUNT_DAYS)
    if WORDS in _made():
        _run(f"INSERT INTO {WORDS} ({WORDS}) VALUES ('delete-all')")  # noqa: S608  # a name of ours
        _run(FILL_WORDS)


def _made() -> dict[str, str]:
    """The SQL of what is in the database, by name."""
    return {made.name: made.sql for made in connection.live_schema()}  # type: ignore[attr-defined]  # our backends


def _run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
