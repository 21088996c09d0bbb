"""What goes in comes out, or is refused; never something else. SQLite's own driver says what is right."""

import datetime as dt
import enum
import math
import random
import sqlite3
import struct
from decimal import Decimal

import pytest
from django.utils.safestring import mark_safe

from ndsadmin.db.d1.driver import Connection
from ndsadmin.db.d1.statements import parse

VALUES = 10_000
EACH = 60  # parameters of a statement


class Number(enum.IntEnum):
    SEVEN = 7


class Word(str, enum.Enum):  # noqa: UP042  # its text is not its value
    A = "a"


class Fraction(float):
    pass


class Bytes(bytes):
    pass


EXAMPLES = [
    *(2**bits + more for bits in (0, 31, 52, 53, 62) for more in (-1, 0, 1)),
    *(-(2**bits) + more for bits in (0, 31, 53, 63) for more in (0, 1)),
    *(2**63 - 1, True, False, None),
    *("", "a\0b", "😀", "\u2028\ufeff", "'", '"', "%s", "?1", "[1]", '{"a": [1.0]}', "1e400"),
    *(0.1, 1 / 3, 1e300, 5e-324, -1.7976931348623157e308, 1e17, 3.0, 0.0, math.nan, 123456789.123456789),
    *(b"", b"\0", b"\xff" * 64, b"\xff" * 65, bytearray(b"x"), memoryview(b"y"), "x" * 100_000),
    *(Number.SEVEN, Word.A, Fraction(1 / 3), Bytes(b"\xff"), mark_safe("<b>"), Decimal("1.10")),
    *(dt.date(2026, 11, 22), dt.datetime(2026, 11, 22, 10, 30, 0, 1)),
]  # fmt: skip


def random_value(chance: random.Random):
    kind = chance.randrange(6)
    if kind == 0:
        return chance.choice([-1, 1]) * chance.getrandbits(chance.randrange(1, 63))
    if kind == 1:
        value = struct.unpack("d", struct.pack("Q", chance.getrandbits(64)))[0]
        return value if math.isfinite(value) else 1.0
    if kind == 2:
        return chance.randbytes(chance.randrange(100))
    if kind == 3:
        return round(chance.uniform(-1e6, 1e6), chance.randrange(8))
    marks = [
        chance.randrange(0xD800) if chance.random() < 0.9 else chance.randrange(0xE000, 0x110000) for _ in range(20)
    ]
    text = "".join(map(chr, marks))
    return f'{{"a": ["{text}", 1]}}' if kind == 4 else text


def embedded(value):
    """As SQLite's driver answers for it."""
    with sqlite3.connect(":memory:") as own:
        return own.execute("SELECT ?, typeof(?)", [value, value]).fetchone()


@pytest.mark.parametrize("value", EXAMPLES, ids=[f"{at} {type(one).__name__}" for at, one in enumerate(EXAMPLES)])
def test_a_value_comes_back(d1, value):
    """Plainly, in a transaction, and stored by many at once."""
    right, kind = embedded(value)
    d1.execute("CREATE TABLE t (n INTEGER PRIMARY KEY, v)")
    d1.cursor().executemany("INSERT INTO t (n, v) VALUES (?, ?)", [(1, value), (2, None)])
    d1.execute("INSERT INTO t VALUES (3, ?)", [value])
    found = [d1.execute("SELECT ?, typeof(?)", [value, value]).rows]
    d1.begin()
    d1.execute("INSERT INTO t VALUES (4, ?)", [value])
    found.append(d1.execute("SELECT ?, typeof(?)", [value, value]).rows)
    d1.commit()
    found += [[row] for row in d1.execute("SELECT v, typeof(v) FROM t WHERE n <> 2 ORDER BY n").rows]

    assert found == [[(right, kind)]] * 5


def test_ten_thousand_values_come_back(d1):
    """Dies with fractions as decimals, integers as numbers, and text that JSON would cut."""
    chance = random.Random(11)
    values = [random_value(chance) for _ in range(VALUES)]
    d1.execute("CREATE TABLE t (n INTEGER PRIMARY KEY, v)")
    for start in range(0, VALUES, EACH):
        several = values[start : start + EACH]
        marks = ", ".join(f"({start + number}, ?)" for number in range(len(several)))
        d1.execute(f"INSERT INTO t VALUES {marks}", several)

    plainly = [value for (value,) in d1.execute("SELECT v FROM t ORDER BY n").rows]
    d1.begin()
    exactly = [value for (value,) in d1.execute("SELECT v FROM t ORDER BY n").rows]

    assert exactly == values
    assert [type(value) for value in exactly] == [type(value) for value in values]
    assert plainly == values


def test_ten_thousand_at_once_come_back(d1):
    chance = random.Random(12)
    kinds = ((int,), (float,), (bytes,), (str,))
    values = [random_value(chance) for _ in range(VALUES)]
    d1.execute("CREATE TABLE t (n INTEGER PRIMARY KEY, v)")
    rows = [(number, value) for kind in kinds for number, value in enumerate(values) if isinstance(value, kind)]
    d1.cursor().executemany("INSERT INTO t (n, v) VALUES (?, ?)", rows)

    d1.begin()
    assert sorted(d1.execute("SELECT n, v FROM t").rows, key=lambda row: row[0]) == sorted(rows, key=lambda row: row[0])


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("\ud800", "t: expected text, got half of a surrogate pair"),
        (math.inf, "t: expected a finite number, got an infinite one: D1 answers NULL for it"),
        ("é" * 1_000_001, "t: expected at most 2,000,000 bytes, got 2,000,002"),
        (b"x" * 2_000_001, "t: expected at most 2,000,000 bytes, got 2,000,001"),
    ],
    ids=["half", "infinite", "long text", "long bytes"],
)
def test_what_cannot_be_held_is_refused_and_named(d1, value, told):
    d1.execute("CREATE TABLE x (n, t)")
    for sql in ("INSERT INTO x (n, t) VALUES (1, ?)", "UPDATE x SET t = ?"):
        with pytest.raises(sqlite3.DataError, match=told):
            d1.execute(sql, [value])


def test_a_long_statement_is_refused(d1):
    with pytest.raises(sqlite3.DataError, match=r"A statement of 100,0\d\d bytes: D1 takes 100,000"):
        d1.execute(f"SELECT '{'x' * 100_000}'")


@pytest.mark.parametrize("value", [2**63, -(2**63) - 1])
def test_larger_numbers_are_refused_as_sqlite_does(d1, value):
    with pytest.raises(OverflowError, match="too large"):
        d1.execute("SELECT ?", [value])


def test_other_types_are_refused(d1):
    with pytest.raises(sqlite3.ProgrammingError, match="Parameter 1: type 'object' is not supported"):
        d1.execute("SELECT ?", [object()])


@pytest.mark.parametrize(("sql", "values"), [("SELECT ?", []), ("SELECT ?", [1, 2]), ("SELECT :a", {"b": 1})])
def test_too_few_and_too_many_are_told(sql, values):
    with pytest.raises(sqlite3.ProgrammingError):
        parse(sql).bind(values)


def test_a_large_row_is_stored_by_itself(d1: Connection):
    d1.execute("CREATE TABLE t (v)")
    d1.cursor().executemany("INSERT INTO t (v) VALUES (?)", [(b"\xff" * 1_200_000,), ("\n" * 1_200_000,), ("a",)])

    assert d1.execute("SELECT length(v) FROM t ORDER BY 1").rows == [(1,), (1_200_000,), (1_200_000,)]
