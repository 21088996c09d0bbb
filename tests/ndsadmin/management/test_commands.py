"""Each command as an operator types it, on a database of its own."""

import datetime as dt
import io

import pytest
from django.core.management import CommandError, call_command, get_commands
from django.utils import timezone

from ndsadmin.management.commands import createplatformadmin
from ndsadmin.management.progress import ProgressBar
from security.models import Session
from tenants.models import Tenant, User
from tests.conftest import without_scope
from tests.factories.tenants import tenant
from tests.processes import ROOT, manage

OURS = {name for name, app in get_commands().items() if app == "ndsadmin"}


def test_every_command_is_tested():
    """A ratchet: a new command fails here until a test names it."""
    tests = "".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))

    assert {name for name in OURS if f'"{name}"' not in tests} == set()


def test_stage_sql_writes_six_scripts(tmp_path):
    told = io.StringIO()

    call_command("stage_sql", str(tmp_path / "stages"), stdout=told)

    assert len(list((tmp_path / "stages").glob("00*.sql"))) == 6
    assert told.getvalue().count("\n") == 6


def test_schema_docs_writes_both(settings, tmp_path):
    settings.BASE_DIR = tmp_path

    call_command("schema_docs")

    assert sorted(path.name for path in (tmp_path / "docs").iterdir()) == ["schema.md", "schema.svg"]


@pytest.mark.django_db
class TestCreatePlatformAdmin:
    def test_it_takes_the_password_from_the_environment(self, tmp_path):
        database = tmp_path / "x.sqlite3"
        manage(database, "migrate", "--verbosity", "0")

        done = manage(
            database, "createplatformadmin", "--email", "ada@example.com", NDS_ADMIN_PASSWORD="long enough it is"
        )

        assert done.stdout == "ada@example.com is operator of the platform.\n", done.stderr

    def test_it_asks(self, monkeypatch):
        monkeypatch.setattr("builtins.input", lambda _: "ada@example.com")
        monkeypatch.setattr(createplatformadmin.getpass, "getpass", lambda _: "long enough it is")

        call_command("createplatformadmin", role="viewer", stdout=io.StringIO())

        assert User.objects.get().role == "viewer"
        assert User.objects.get().check_password("long enough it is")

    def test_two_passwords_that_differ_are_none(self, monkeypatch):
        answers = iter(["long enough it is", "another one it is"])
        monkeypatch.setattr("builtins.input", lambda _: "ada@example.com")
        monkeypatch.setattr(createplatformadmin.getpass, "getpass", lambda _: next(answers))

        with pytest.raises(CommandError, match="The passwords differ"):
            call_command("createplatformadmin")

    @pytest.mark.parametrize("email", ["ada", "ada@", "a b@example.com"])
    def test_an_address_that_is_none_is_refused(self, email):
        with pytest.raises(CommandError, match="e-mail: expected an address"):
            call_command("createplatformadmin", email=email)

    def test_without_a_password_it_says_what_is_missing(self):
        with pytest.raises(CommandError, match="NDS_ADMIN_PASSWORD is not set"):
            call_command("createplatformadmin", email="ada@example.com")


def test_import_and_adoption_refuse_a_file_that_is_not_there():
    with pytest.raises(CommandError, match=r"expected a file"):
        call_command("import_d1", "/nowhere/at/all.sql")
    assert {"import_d1", "adopt"} <= OURS


def test_progress_is_drawn_on_a_terminal_alone():
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal, file = Terminal(), io.StringIO()
    for stream in (terminal, file):
        bar = ProgressBar(stream)
        bar("Reading", 1, 2)
        bar("Reading", 2, 2)

    assert terminal.getvalue().endswith("100% \n")
    assert file.getvalue() == ""


@pytest.mark.django_db
def test_a_database_goes_into_a_file_and_back(tmp_path):
    """`dumpdata` and `loaddata` work over all tenants, each in a scope of its own; nobody opened one for them."""
    one, path = tenant(name="Next Day Steel"), tmp_path / "tenants.json"

    without_scope(lambda: call_command("dumpdata", "tenants.Tenant", output=str(path), verbosity=0))
    Tenant.objects.all().delete()
    without_scope(lambda: call_command("loaddata", str(path), verbosity=0))

    assert Tenant.objects.get().name == one.name


@pytest.mark.django_db
def test_rls_explains_what_is_sent_and_what_is_not():
    told = io.StringIO()

    without_scope(lambda: call_command("rls", "explain", "SELECT email FROM users", tenant="t1", stdout=told))

    assert 'WITH "users" AS NOT MATERIALIZED' in told.getvalue()
    assert "Parameters: 't1'" in told.getvalue()
    assert "USING" in told.getvalue()
    with pytest.raises(CommandError, match=r"no such table: main\.users"):
        without_scope(lambda: call_command("rls", "explain", "SELECT * FROM main.users", tenant="t1"))


@pytest.mark.django_db
def test_expired_sessions_are_deleted():
    for key, days in (("old", -1), ("new", 1)):
        Session.objects.create(session_key=key, session_data="", expire_date=timezone.now() + dt.timedelta(days=days))

    without_scope(lambda: call_command("clearsessions"))

    assert [session.session_key for session in Session.objects.all()] == ["new"]
