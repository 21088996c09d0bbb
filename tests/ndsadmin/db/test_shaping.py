"""The same answers within D1's limits as without them."""

import sqlite3

import pytest
from django.db import NotSupportedError, OperationalError, connection, models
from django.db.models import Q, Value
from django.db.models.functions import Concat
from django.test.utils import CaptureQueriesContext

from ndsadmin.db.shaping import LIMITS, PARAMETERS, shape
from security.scope import tenant_scope
from tenants.models import Tenant
from tests.factories.tenants import tenant

LONG = "x" * 60


@pytest.fixture
def table():
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE t (n INTEGER, s TEXT)")
    database.executemany("INSERT INTO t VALUES (?, ?)", [(n, str(n)) for n in range(300)] + [(None, None)])
    return database


@pytest.mark.parametrize(
    ("sql", "parameters"),
    [
        ("SELECT n FROM t WHERE n IN ({}) ORDER BY n", list(range(50, 250))),
        ("SELECT n FROM t WHERE s IN ({}) ORDER BY n", [str(n) for n in range(50, 250)]),
        ("SELECT n FROM t WHERE s IN ({}) ORDER BY n", list(range(50, 250))),
        ("SELECT n FROM t WHERE n IN ({}) ORDER BY n", [str(n) for n in range(50, 250)]),
        ("SELECT n FROM t WHERE n IN ({}) ORDER BY n", [n + 0.0 for n in range(50, 250)]),
        ("SELECT n FROM t WHERE n NOT IN ({}) ORDER BY n", list(range(50, 250))),
        ("SELECT n FROM t WHERE n NOT IN ({}) ORDER BY n", [None, *range(50, 250)]),
        ("SELECT n FROM t WHERE n IN ({}) ORDER BY n", [True, *range(50, 250)]),
        ("SELECT n FROM t WHERE n IN ({}) OR n IN (1, 2) ORDER BY n", [2**62, *range(50, 250)]),
        ("SELECT n FROM t WHERE s IN ({}) ORDER BY n", [1, True, *(str(n) for n in range(50, 250))]),
        ("SELECT n FROM t WHERE n IN ({}) ORDER BY n", [float("inf"), *range(50, 140)]),
        ("SELECT n FROM t WHERE s IN ({}) OR s = 'a' ORDER BY n", ["nul \0 in it", *map(str, range(50, 145))]),
        ("SELECT max({}) FROM t", list(range(110))),
        ("SELECT count(*) FROM t WHERE s <> coalesce({})", [None, *map(str, range(110))]),
    ],
)
def test_a_long_list_is_one_parameter_and_gives_the_same(table, sql, parameters):
    sql = sql.format(", ".join("?" * len(parameters)))

    shaped = shape(sql, parameters)

    assert len(shaped.parameters) <= PARAMETERS
    assert table.execute(shaped.sql, shaped.parameters).fetchall() == table.execute(sql, parameters).fetchall()


def test_what_is_short_is_left_as_it_is():
    sql, parameters = "SELECT ? WHERE ? LIKE ?", [1, "a", "%b%"]

    assert shape(sql, parameters) == (sql, parameters)


def test_bytes_stay_bytes(table):
    parameters = [b"\x00\xff", *range(120)]
    sql = f"SELECT typeof(?), max({', '.join('?' * 120)}) FROM t LIMIT 1"

    shaped = shape(sql, parameters)

    assert table.execute(shaped.sql, shaped.parameters).fetchall() == [("blob", 119)]


def test_what_no_json_carries_is_refused_with_numbers():
    with pytest.raises(NotSupportedError, match=r"200 parameters, 200 of them bytes: at most 99"):
        shape(f"SELECT {', '.join('?' * 200)}", [b"x"] * 200)


@pytest.mark.parametrize(
    "value", [LONG, f"50% of {LONG}", f"a_b {LONG}", f"back\\slash {LONG}", f"ÄÖ {LONG}", f"it's {LONG}"]
)
@pytest.mark.parametrize(
    "lookup", ["contains", "icontains", "startswith", "istartswith", "endswith", "iendswith", "iexact"]
)
@pytest.mark.django_db
def test_a_long_pattern_finds_what_a_short_one_would(value, lookup):
    """LIKE folds ASCII letters, whatever Django calls the lookup on SQLite; so does this."""
    around = {"contains": "a{}b", "startswith": "{}b", "endswith": "a{}", "iexact": "{}"}[
        lookup.removeprefix("i") if lookup != "iexact" else lookup
    ]
    found = tenant(name=around.format(value))
    tenant(name="another " + "y" * 60)

    assert list(Tenant.objects.filter(**{f"name__{lookup}": value.upper() if value.isascii() else value})) == [found]
    assert list(Tenant.objects.filter(**{f"name__{lookup}": value + "!"})) == []


@pytest.mark.django_db
def test_a_long_pattern_over_an_expression():
    found = tenant(name="Steel")
    named = Tenant.objects.annotate(t=Concat(Value(LONG), "name", output_field=models.TextField()))

    assert list(named.filter(t__icontains=f"{LONG}ste")) == [found]
    assert list(named.exclude(t__icontains=f"{LONG}ste")) == []


@pytest.mark.parametrize(
    ("sql", "short"),
    [
        ("SELECT count(*) FROM t WHERE 'q' || s LIKE ? ESCAPE '\\'", "%"),
        ("SELECT count(*) FROM t WHERE s NOT LIKE ? ESCAPE '\\'", "%"),
        ("SELECT count(*) FROM t WHERE - n LIKE ? ESCAPE '\\'", "%"),
        ("SELECT DISTINCT (s) LIKE ? ESCAPE '\\' FROM t", "%"),
        ("SELECT count(*) FROM t WHERE CASE WHEN 1 THEN s END LIKE ? ESCAPE '\\'", "%"),
        ("SELECT count(*) FROM t WHERE s COLLATE nocase LIKE ? ESCAPE '\\'", "%"),
        ("SELECT count(*) FROM t WHERE s LIKE ? ESCAPE '\\'", "a%b_c%"),
        ("SELECT count(*) FROM t WHERE s LIKE ?", "%"),
    ],
)
def test_what_is_not_understood_meets_sqlites_own_limit(table, sql, short):
    """Never another meaning: an operand whose start is in doubt is left alone."""
    pattern = short + LONG + short
    assert shape(sql, [pattern]) == (sql, [pattern])


@pytest.mark.parametrize("text", ["a" * 60 + "%", "%" + "a" * 60, "a" * 60 + "_", "\\" + "a" * 60])
@pytest.mark.django_db
def test_wildcards_in_the_text_are_text(text):
    """Dies where an escaped sign at the end is taken for the wildcard."""
    found = tenant(name=text)
    tenant(name="!" + text.strip("%_\\") + "!")

    for lookup in ("iexact", "endswith", "startswith", "contains"):
        assert list(Tenant.objects.filter(**{f"name__{lookup}": text})) == [found], lookup


@pytest.mark.django_db
class TestMany:
    """executemany: each row by itself, whatever stands in it."""

    def test_rows_with_names(self):
        one = tenant(name="a")
        with connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE tenants SET name = %(name)s WHERE tenant_id = %(id)s", [{"name": "b", "id": one.pk}]
            )
            assert cursor.rowcount == 1
        one.refresh_from_db()
        assert one.name == "b"

    def test_long_and_short_patterns(self):
        for name in ("a", "b"):
            tenant(name=name)
        with connection.cursor() as cursor:
            rows = [["x", f"%{LONG}%"], ["y", "%"]]
            cursor.executemany("UPDATE tenants SET name = %s WHERE name LIKE %s ESCAPE '\\'", rows)
            assert cursor.rowcount == 2

    def test_the_count_is_of_this_call(self):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE tenants SET name = 'x'")
            cursor.executemany(
                "INSERT INTO tenants (tenant_id, name, region, kms_key_id) VALUES (%s, 'n', 'r', 'k')", [["a"], ["b"]]
            )
            assert cursor.rowcount == 2

    def test_the_tenant_is_none_of_the_rows(self):
        """Dies where the tenant's place is worked out from how many parameters a row has."""
        mine, other = tenant(), tenant()
        sql = f"UPDATE tenants SET name = 'taken' WHERE ({' || '.join(['%s'] * 49)}) IS NOT NULL AND ({' || '.join(['%s'] * 49)}) IS NOT NULL AND tenant_id NOT IN (%s, %s)"
        with tenant_scope(mine.pk), connection.cursor() as cursor:
            cursor.executemany(sql, [[other.pk, *["b"] * 98, "[]"]])
            cursor.executemany("UPDATE tenants SET name = 'taken' WHERE name IS NOT %(a)s", [{other.pk: 1, "a": "v"}])

        other.refresh_from_db()
        assert other.name != "taken"


@pytest.mark.django_db
def test_what_a_debugging_page_shows_is_within_the_limits_too(settings):
    with CaptureQueriesContext(connection) as captured:
        Tenant.objects.filter(pk__in=[str(n) for n in range(95)]).count()

    assert "'94'" in captured.captured_queries[-1]["sql"]


@pytest.mark.embedded
@pytest.mark.django_db
class TestLimits:
    """D1's limits hold on SQLite too: what remains beyond them fails on both."""

    def test_they_are_set(self):
        connection.ensure_connection()
        assert {name: connection.connection.getlimit(getattr(sqlite3, name)) for name in LIMITS} == LIMITS

    @pytest.mark.parametrize(
        "sql",
        [
            "SELECT " + ", ".join(["1"] * 101),
            " UNION ALL ".join(["SELECT 1"] * 6),
            "SELECT 1 WHERE " + " OR ".join(["1"] * 110),
            f"SELECT '{'x' * 100_001}'",
        ],
    )
    def test_beyond_them_it_fails(self, sql):
        with connection.cursor() as cursor, pytest.raises((OperationalError, Exception)):
            cursor.execute(sql)

    def test_a_long_list_of_rows_is_made_at_once(self):
        made = Tenant.objects.bulk_create([Tenant(name=str(n), region="eu-west", kms_key_id="k") for n in range(250)])

        assert Tenant.objects.filter(pk__in=[one.pk for one in made]).count() == 250
        assert len(Tenant.objects.in_bulk([one.pk for one in made])) == 250

    def test_many_conditions(self):
        names = [Q(name=str(n)) for n in range(60)]

        assert Tenant.objects.filter(Q(*names, _connector="OR")).count() == 0
