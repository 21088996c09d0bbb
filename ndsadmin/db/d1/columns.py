"""Which columns a statement gives, as far as its text tells; what SQLite would call them."""

from collections.abc import Sequence

from security.rls.tokens import Token, closing

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
    items: list[list[Token]] = [[]]
    for token in tokens:
        is_clause = token.word in _CLAUSES and not (items[-1] and items[-1][-1].word == "DISTINCT")
        if token.depth < depth or (token.depth == depth and is_clause):
            break
        if token.depth == depth and token.text == ",":
            items.append([])
        else:
            items[-1].append(token)
    if not all(items) or any(item[-1].text == "*" and item[-1].depth == depth for item in items):
        return None
    return tuple(_column(item, sql) for item in items)


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


def returned_columns(tokens: Sequence[Token], sql: str) -> tuple[str, ...]:
    """What RETURNING names; nothing with ``*`` in it."""
    at = next(at for at, token in enumerate(tokens) if token.word == "RETURNING" and token.depth == 0)
    return _items(tokens[at + 1 :], 0, sql) or ()


def shown(tokens: Sequence[Token], main: int | None, sql: str) -> str:
    """What stands between a SELECT and its FROM."""
    if main is None:
        return sql
    depth = tokens[main].depth
    end = next((token.start for token in tokens[main:] if token.depth == depth and token.word == "FROM"), len(sql))
    return sql[tokens[main].start : end]
