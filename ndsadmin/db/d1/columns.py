"""Which columns a statement gives, as far as its text tells; what SQLite would call them."""

from collections.abc import Sequence

from security.rls.tokens import Token, closing, folded

_CLAUSES = frozenset({
    "FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "UNION", "INTERSECT", "EXCEPT", "WINDOW",
})  # fmt: skip
_OPERATORS = frozenset({
    "AND", "OR", "NOT", "IS", "IN", "LIKE", "GLOB", "MATCH", "REGEXP", "BETWEEN", "ESCAPE", "COLLATE", "DISTINCT",
    "FROM", "WHEN", "THEN", "ELSE", "CASE",
})  # fmt: skip
_NO_ALIAS = frozenset({"END", "NULL", "ISNULL", "NOTNULL"})


def columns_of(tokens: Sequence[Token], main: int, sql: str) -> tuple[str, ...] | None:
    """Of the SELECT or VALUES at ``main``; None with ``*`` in it."""
    depth = tokens[main].depth
    if tokens[main].word == "VALUES":
        inside = tokens[main + 2 : closing(list(tokens), main + 1)]
        commas = sum(token.text == "," and token.depth == depth + 1 for token in inside)
        return tuple(f"column{number + 1}" for number in range(commas + 1))
    at = main + 1 + (main + 1 < len(tokens) and tokens[main + 1].word in {"DISTINCT", "ALL"})
    return _items(tokens[at:], depth, sql)


def _items(tokens: Sequence[Token], depth: int, sql: str) -> tuple[str, ...] | None:
    """Names of the columns that a list gives, which ends where a clause begins; None with ``*`` in it."""
    items = _split(tokens, depth)
    if not all(items) or any(item[-1].text == "*" and item[-1].depth == depth for item in items):
        return None
    return tuple(_column(item, sql) for item in items)


def _split(tokens: Sequence[Token], depth: int) -> list[list[Token]]:
    items: list[list[Token]] = [[]]
    for token in tokens:
        is_clause = token.word in _CLAUSES and not (items[-1] and items[-1][-1].word == "DISTINCT")
        if token.depth < depth or (token.depth == depth and is_clause):
            break
        if token.depth == depth and token.text == ",":
            items.append([])
        else:
            items[-1].append(token)
    return items


def _column(item: Sequence[Token], sql: str) -> str:
    """As SQLite names it: by its alias, its name, or its text."""
    last, before = item[-1], item[-2] if len(item) > 1 else None
    if before is None:
        is_named = last.kind in {"word", "quoted"}
    else:
        ends_operand = before.word not in _OPERATORS and (before.kind != "symbol" or before.text in {")", "."})
        is_named = before.word == "AS" or (ends_operand and last.word not in _NO_ALIAS)
        is_named = is_named and last.kind in {"word", "quoted", "string"}
    return _unquoted(last) if is_named else sql[item[0].start : last.end]


def _unquoted(token: Token) -> str:
    if token.kind == "word":
        return token.text
    mark = token.text[-1]
    return token.text[1:-1] if mark == "]" else token.text[1:-1].replace(mark * 2, mark)


def returned_columns(tokens: Sequence[Token], sql: str) -> tuple[str, ...] | None:
    """What RETURNING names: nothing for ``*`` alone, None where an answer by names would not tell."""
    at = next(at for at, token in enumerate(tokens) if token.word == "RETURNING" and token.depth == 0)
    rest = tokens[at + 1 :]
    if [token.text for token in rest] == ["*"]:
        return ()
    names = _items(rest, 0, sql)
    items = _split(rest, 0)
    if names is None or not all(map(_is_told, items)) or len({folded(name) for name in names}) < len(names):
        return None
    return names


def _is_told(item: Sequence[Token]) -> bool:
    """Whether it is a column, or has an alias; ``rowid`` is answered under another name, a number is put in front."""
    last = item[-1]
    is_column = len(item) == 1 or (len(item) == 3 and item[1].text == ".")
    is_named = last.kind in {"word", "quoted"} and (is_column or item[-2].word == "AS")
    name = folded(_unquoted(last)) if is_named else ""
    return is_named and name not in {"rowid", "oid", "_rowid_"} and not name.isdigit()


def shown(tokens: Sequence[Token], sql: str) -> str:
    """What stands between each SELECT and its FROM; all of it where there is no SELECT."""
    found = []
    for at, token in enumerate(tokens):
        if token.word == "SELECT":
            ends = (
                t.start for t in tokens[at:] if t.depth < token.depth or (t.depth == token.depth and t.word == "FROM")
            )
            found.append(sql[token.start : next(ends, len(sql))])
    return "\n".join(found) or sql
