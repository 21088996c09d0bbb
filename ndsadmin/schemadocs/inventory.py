"""What is encrypted and what is not, from the models: the generated part of docs/crypto.md."""

from collections.abc import Iterator

from security.columns import Hash, Vector
from security.columns.column import Column
from security.contract import contract_tables
from security.crypto.fields import Encrypted
from security.triggers import WORDS

BEGIN, END = "<!-- begin: written by `make docs` -->\n", "<!-- end -->\n"


def inventory() -> str:
    """The inventory as Markdown."""
    rows = "".join(f"| {table} | {column} | {how} | {whose} |\n" for table, column, how, whose in _rows())
    return f"| table | column | how | key |\n|---|---|---|---|\n{rows}"


def filled(page: str) -> str:
    """``page`` with the inventory between its marks."""
    head, _, rest = page.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}{inventory()}{END}{tail}"


def _rows() -> Iterator[tuple[str, str, str, str]]:
    for model in contract_tables():
        for field in model._meta.concrete_fields:
            place = (f"`{model._meta.db_table}`", f"`{field.column}`")
            if isinstance(field, Encrypted):
                yield *place, "encrypted, TSE1, bound to its cell", "the tenant's data key"
            elif isinstance(field, Hash):
                yield *place, "hashed, bcrypt", "none"
            elif isinstance(field, Column) and field.secret:
                yield *place, "wrapped, bound to tenant and version", "the tenant's wrapping key"
            elif isinstance(field, Vector):
                yield *place, "plain: an embedding, searched by similarity", "none"
    yield f"`{WORDS}`", "all", "plain: words of the audit log, searched by word", "none"
