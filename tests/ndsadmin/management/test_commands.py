"""Each command as an operator types it, on a database of its own."""

import datetime as dt
import io

import pytest
from django.core.management import CommandError, call_command, get_commands
from django.utils import timezone

from ndsadmin.management.commands import createplatformadmin, keys
from ndsadmin.management.progress import ProgressBar
from security.models import Session
from tenants.models import Tenant, User
from tests.conftest import without_scope
from tests.factories.publishing import social_account
from tests.factories.security import keyed
from tests.factories.tenants import PASSWORD, platform_person, tenant
from tests.processes import ROOT, manage

OURS = {name for name, app in get_commands().items() if app == "ndsadmin"}


def test_every_command_is_tested():
    """A ratchet: a new command fails here until a test names it."""
    tests = "".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))

    assert {name for name in OURS if f'"{name}"' not in tests} == set()


def test_keys(db, monkeypatch):
    """Status, rotation of what is due, sealing anew, and a destruction by two operators."""

    def told(*words: str, **options) -> str:
        out = io.StringIO()
        call_command("keys", *words, stdout=out, stderr=out, **options)
        return out.getvalue()

    tenant(tenant_id="t1", kms_key_id="kms://t1/key")
    keyed(tenant(tenant_id="t2"))
    social_account(tenant=Tenant.objects.get(pk="t2"), access_token_encrypted=b"tok-2-and-more")
    social_account(tenant=Tenant.objects.get(pk="t2"))  # what cannot be read
    assert "none: `keys rotate` makes one" in told("status")
    assert "Rotated 0, made 1." in told("rotate")
    with pytest.raises(CommandError, match="name the tenants"):
        told("rotate", now=True)
    assert "t2: version 2 seals from now on." in told("rotate", "t2", now=True)
    assert "2 of 2" in told("status", "t2")
    assert "Sealed 1 rows anew; 1 cannot be read." in told("reencrypt")
    with pytest.raises(CommandError, match="There is no tenant t9"):
        told("status", "t9")

    one, two = (platform_person(role="owner", email=f"{name}@platform.example") for name in ("one", "two"))
    monkeypatch.setattr(keys.getpass, "getpass", lambda _: PASSWORD)
    with pytest.raises(CommandError, match="--as: expected the address of an operator"):
        told("destroy", "t1", email="nobody@platform.example")
    with pytest.raises(CommandError, match="reason: expected"):
        told("destroy", "t1", email=one.email)
    assert "Own backups" in told("destroy", "t1", email=one.email, reason="The contract has ended.")
    with pytest.raises(CommandError, match="Another operator"):
        told("destroy", "t1", email=one.email, approve=True)
    assert told("destroy", "t1", email=one.email, withdraw=True) == "Called off.\n"
    with pytest.raises(CommandError, match="Nothing of that kind"):
        told("destroy", "t1", email=two.email, approve=True)
    told("destroy", "t1", email=one.email, reason="The contract has ended.")
    assert "Gone for good on" in told("destroy", "t1", email=two.email, approve=True)
    assert "destroyed" in told("status", "t1")
    assert "0 cannot be read" not in told("reencrypt")  # one tenant without keys is no obstacle for the others
    with pytest.raises(CommandError, match="expected 1 or more, got 0"):
        told("destroy", "t2", email=one.email, key_version=0, reason="The contract has ended.")
    monkeypatch.setattr(keys.getpass, "getpass", lambda _: "wrong")
    with pytest.raises(CommandError, match="The password is wrong"):
        told("destroy", "t2", email=one.email, reason="The contract has ended.")


def test_stage_sql_writes_six_scripts(tmp_path):
    told = io.StringIO()

    call_command("stage_sql", str(tmp_path / "stages"), stdout=told)

    assert len(list((tmp_path / "stages").glob("00*.sql"))) == 6
    assert told.getvalue().count("\n") == 6


def test_schema_docs_writes_both(settings, tmp_path):
    settings.BASE_DIR = tmp_path

    call_command("schema_docs")

    assert sorted(path.name for path in (tmp_path / "docs").iterdir()) == ["roles.md", "schema.md", "schema.svg"]


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
