import pytest
from django.core.exceptions import ImproperlyConfigured

from ndsadmin.conf import BASE_DIR, VARIABLES, read
from tests.processes import ROOT, manage

SECRET = "s" * 50


def test_without_any_variable_but_the_secret_it_is_as_strict_as_can_be():
    conf = read({"NDS_SECRET_KEY": SECRET})

    assert (conf.debug, conf.https, conf.proxies, conf.region, conf.cell) == (False, True, 0, "eu-west", "local")
    assert conf.hosts == ("localhost", "127.0.0.1")
    assert conf.database == {"ENGINE": "ndsadmin.db.sqlite", "NAME": str(BASE_DIR / "var" / "nds.sqlite3")}


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("NDS_DEBUG", "maybe", "NDS_DEBUG: expected true or false, got 'maybe'."),
        ("NDS_HTTPS", "", "NDS_HTTPS: expected true or false, got ''."),
        ("NDS_PROXIES", "-1", "NDS_PROXIES: expected a whole number, 0 or more, got '-1'."),
        ("NDS_PROXIES", "two", "NDS_PROXIES: expected a whole number"),
        ("NDS_HOSTS", " , ", "NDS_HOSTS: expected host names"),
        ("NDS_REGION", "mars", "NDS_REGION: expected one of eu-west, us-east, ap-southeast, got 'mars'."),
        ("NDS_LOG_LEVEL", "LOUD", "NDS_LOG_LEVEL: expected one of DEBUG"),
        ("DATABASE_URL", "postgres://x", "DATABASE_URL: expected sqlite:///FILE"),
        ("DATABASE_URL", "sqlite://", "DATABASE_URL: expected sqlite:///FILE"),
        ("NDS_SECRET_KEY", "short", "NDS_SECRET_KEY: expected at least 50 random characters, got something else."),
    ],
)
def test_a_malformed_variable_is_told_by_name_with_what_is_expected(name, value, told):
    with pytest.raises(ImproperlyConfigured) as refusal:
        read({"NDS_SECRET_KEY": SECRET, name: value})

    assert told in str(refusal.value)


def test_a_missing_secret_is_told_unless_debugging():
    with pytest.raises(ImproperlyConfigured, match="NDS_SECRET_KEY is not set: expected at least 50"):
        read({})

    assert read({"NDS_DEBUG": "true"}).debug


def test_a_misspelt_variable_is_told():
    """A protection that is off because its name was misspelt is worse than a start that fails."""
    with pytest.raises(ImproperlyConfigured, match=r"NDS_HTPS is no variable of ours: expected NDS_HTTPS\?"):
        read({"NDS_SECRET_KEY": SECRET, "NDS_HTPS": "true"})


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("sqlite:///x.db", str(BASE_DIR / "x.db")),
        ("sqlite:////tmp/x.db", "/tmp/x.db"),
        ("sqlite:///:memory:", ":memory:"),
    ],
)
def test_a_relative_database_lies_below_the_project(url, name):
    assert read({"NDS_SECRET_KEY": SECRET, "DATABASE_URL": url}).database["NAME"] == name


def test_the_example_lists_every_variable_with_its_default_and_meaning():
    lines = (ROOT / ".env.example").read_text().splitlines()
    listed = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))

    assert listed == {variable.name: variable.default or "" for variable in VARIABLES}
    assert all(any(variable.meaning in line for line in lines) for variable in VARIABLES)


def test_nothing_else_reads_the_environment():
    allowed = {"ndsadmin/conf.py", "manage.py", "ndsadmin/wsgi.py"}
    sources = [path for app in ("ndsadmin", "security", "tenants", "content", "publishing", "analytics")
               for path in (ROOT / app).rglob("*.py")]  # fmt: skip

    reading = {str(path.relative_to(ROOT)) for path in sources if "environ" in path.read_text()}

    assert reading - allowed == set()


def test_a_start_with_a_malformed_variable_fails_with_its_name(tmp_path):
    done = manage(tmp_path / "x.sqlite3", "check", NDS_HTTPS="perhaps")

    assert done.returncode != 0
    assert "NDS_HTTPS: expected true or false, got 'perhaps'." in done.stderr
