"""Names in SQL of ours that nobody else can say: places of physical tables, aliases."""

import re

from security.rls.tokens import quoted

RESERVED = "rls_"
"""What our aliases start with. No statement may use a name that does: it could stand for a row of ours."""
ROW, NEW, REFERRED = (quoted(f"{RESERVED}{name}") for name in ("row", "new", "referred"))


_PLACE = re.compile("\0([.=]?)([^\0]+)\0")


def place(table: str, form: str = "") -> str:
    """Where the physical name of ``table`` stands in SQL of ours: no statement holds a NUL, so nobody else can say it.

    ``form``: ``=`` for the target of a write, ``.`` in front of a column or as one.
    """
    return f"\0{form}{table}\0"


def live(sql: str) -> str:
    """``sql`` for the database."""
    return _PLACE.sub(lambda at: ("" if at[1] == "." else "main.") + quoted(at[2]), sql)


def blind(sql: str, nonce: str) -> str:
    """``sql`` where the tables' names start with ``nonce``."""
    return _PLACE.sub(lambda at: quoted(nonce + at[2]) + (f" AS {quoted(at[2])}" if at[1] == "=" else ""), sql)
