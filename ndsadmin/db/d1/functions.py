"""Functions that D1 has not, in words that it has; those that cannot be said are refused with advice.

Django's other functions on SQLite are SQLite's own; dates are in `dates`.
"""

from collections.abc import Callable, Hashable, Mapping
from functools import lru_cache
from typing import Any, cast

from django.db import NotSupportedError
from django.db.models import Case, StdDev, Variance, When, functions, lookups

Compiled = tuple[str, Any]
Write = Callable[[Any, Any], Compiled]


@lru_cache(512)
def reworded(kind: Hashable) -> Write | None:
    """How expressions of ``kind`` are written for D1; None where Django's way will do."""
    return next((REWORDED[base] for base in cast(type, kind).__mro__ if base in REWORDED), None)


def _with(**words: str) -> Write:
    """Django's own words for SQLite, but for ``words`` (function, template)."""

    def write(node: Any, compiler: Any) -> Compiled:
        compiled: Compiled = node.as_sqlite(compiler, compiler.connection, **words)
        return compiled

    return write


def _with_arguments(body: str, *names: str) -> Write:
    """SQL over the arguments by ``names``; each is written once, since it may hold parameters."""

    def write(node: Any, compiler: Any) -> Compiled:
        parts, params = [], list[Any]()
        for name, expression in zip(names, node.get_source_expressions(), strict=True):
            sql, values = compiler.compile(expression)
            parts.append(f"{sql} AS {name}")
            params += values
        return f"(SELECT {body} FROM (SELECT {', '.join(parts)}))", params

    return write


def _refused(what: str, advice: str) -> Write:
    def write(node: Any, compiler: Any) -> Compiled:
        raise NotSupportedError(f"D1 has no {what}: {advice}.")

    return write


def _variance(node: Any, compiler: Any) -> Compiled:
    """By sums; of a sample where the function says so. The deviation is its root."""
    expression = node.get_source_expressions()[0]
    if node.filter is not None:
        expression = Case(When(node.filter, then=expression))
    sql, params = compiler.compile(expression)
    one = f"CAST({sql} AS REAL)"
    less = "nullif(count({0}) - 1, 0)" if node.function.endswith("SAMP") else "count({0})"
    squares = f"(sum({{0}} * {{0}}) - sum({{0}}) * sum({{0}}) / count({{0}})) / {less}".replace("{0}", one)
    text = f"sqrt(max(0, {squares}))" if node.function.startswith("STD") else f"({squares})"
    return text, list(params) * text.count(one)


_FILL = "replace(hex(zeroblob(max(n, 0))), '00', {0})"
_ANY_NULL = (
    "CASE WHEN t IS NULL OR n IS NULL OR f IS NULL THEN NULL WHEN length(t) >= n THEN substr(t, 1, n) ELSE {0} END"
)
_PAD = f"substr({_FILL.format('f')}, 1, n - length(t))"
_HASHES = _refused("hash functions", "compute the hash in Python")
_REGEX = _refused("regular expressions", "use contains, startswith or endswith, or filter in Python")

REWORDED: Mapping[type, Write] = {
    functions.Ceil: _with(function="CEIL"),
    functions.Power: _with(function="POW"),
    functions.Cot: _with(template="(1.0 / tan(%(expressions)s))"),
    functions.Random: lambda node, compiler: ("(random() / 18446744073709551616.0 + 0.5)", []),
    functions.Repeat: _with_arguments(f"CASE WHEN n IS NULL THEN NULL ELSE {_FILL.format('t')} END", "t", "n"),
    functions.LPad: _with_arguments(_ANY_NULL.format(f"{_PAD} || t"), "t", "n", "f"),
    functions.RPad: _with_arguments(_ANY_NULL.format(f"t || {_PAD}"), "t", "n", "f"),
    functions.Reverse: _with_arguments(
        "(WITH RECURSIVE turned(o, i) AS (SELECT '', length(t) UNION ALL SELECT o || substr(t, i, 1), i - 1 "
        "FROM turned WHERE i > 0) SELECT o FROM turned WHERE i = 0)",
        "t",
    ),
    functions.MD5: _HASHES,
    functions.SHA1: _HASHES,
    functions.SHA224: _HASHES,
    functions.SHA256: _HASHES,
    functions.SHA384: _HASHES,
    functions.SHA512: _HASHES,
    lookups.Regex: _REGEX,
    lookups.IRegex: _REGEX,
    StdDev: _variance,
    Variance: _variance,
}
