import dataclasses
import io
import json
import sqlite3
import stat

import pytest
from django.core.management import call_command

from ndsadmin.pipeline.loading import import_pipeline
from publishing.models import SocialAccount
from security.columns import now
from security.crypto.keyring import master_key, open_keyring
from security.exceptions import NoDataKey
from security.models import AuditLog, TenantKey
from security.services import vault as vaults
from security.services.keys import due_tenants, rotate_key
from security.services.reencryption import remaining, reseal
from tenants.models import BrandProfile
from tests.conftest import DATA
from tests.factories.tenants import platform_person, tenant
from tests.ndsadmin.pipeline.conftest import TENANT, USER, everything, findings, rows

pytestmark = pytest.mark.django_db
OURS = {"import_database", "create_tenant_key"}  # entries of the import itself


def test_the_sample_is_taken_in_whole(export):
    """Every value of every row of the real export, as SQLite itself reads it."""
    source = sqlite3.connect(":memory:")
    source.executescript(export.read_text())
    told = io.StringIO()

    call_command("import_d1", str(export), keys=DATA / "pipeline-keys.json", stdout=told)

    tables = [name for (name,) in source.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in tables:
        expected = sorted(source.execute(f'SELECT * FROM "{table}"').fetchall(), key=repr)
        found = [row for row in rows(f'SELECT * FROM "{table}"') if not OURS & set(row)]
        assert sorted(found, key=repr) == expected, table
    assert "7,662" in told.getvalue()
    assert "Nothing was odd" in told.getvalue()


@pytest.fixture(autouse=True)
def own_data_dir(settings, tmp_path):
    settings.NDS = dataclasses.replace(settings.NDS, data_dir=tmp_path / "var")
    vaults.provider_named.cache_clear()
    yield
    vaults.provider_named.cache_clear()


def test_the_keys_go_into_the_keyring(export, settings):
    call_command("import_d1", str(export), keys=DATA / "pipeline-keys.json", stdout=io.StringIO())

    keyring = open_keyring(settings.NDS.data_dir / "keyring.json", master_key(settings.NDS.data_dir))
    assert sorted(keyring.keys) == [f"kms://tenant_00{number}/key" for number in range(1, 9)]
    assert {len(versions["1"]) for versions in keyring.keys.values()} == {32}


def test_every_tenant_has_a_data_key_and_old_rows_open(export, settings):
    """A pipeline's keys are version 1: what it sealed is read, and due to be sealed anew."""
    call_command("import_d1", str(export), keys=DATA / "pipeline-keys.json", stdout=io.StringIO())

    for account in SocialAccount.objects.all():
        assert bytes(account.access_token_encrypted).startswith(f"tok-{account.tenant_id}-".encode())
    assert {brand.embeddings.shape for brand in BrandProfile.objects.all()} == {(1536,)}
    assert len(due_tenants(now())) == 8
    assert rotate_key("tenant_001").version == 2
    done = reseal("tenant_001")
    assert done.rows == 3
    assert done.unreadable == {}
    assert remaining(["tenant_001"]) == {"tenant_001": 0}


def test_without_the_pipelines_keys_old_rows_stay_closed_and_new_ones_are_sealed(export):
    """Dies where a key of ours would pass for the pipeline's."""
    call_command("import_d1", str(export), stdout=io.StringIO())

    assert set(TenantKey.objects.values_list("version", flat=True)) == {2}
    account = SocialAccount.objects.first()
    with pytest.raises(NoDataKey, match="no version 1"):
        account.access_token_encrypted  # noqa: B018
    account.access_token_encrypted = b"new-token"
    account.save()
    assert SocialAccount.objects.get(pk=account.pk).access_token_encrypted == b"new-token"


def test_a_refused_file_brings_no_keys(dump, refused, settings):
    refused(dump(TENANT, "DROP TABLE tenants;"), keys=DATA / "pipeline-keys.json")

    assert not (settings.NDS.data_dir / "keyring.json").exists()


def test_a_key_file_that_is_none_refuses_the_import(dump, refused, tmp_path):
    keys = tmp_path / "keys.json"
    keys.write_text('{"kms://t1/key": "short"}')

    assert "kms://t1/key: expected" in refused(dump(TENANT), keys=keys)


def test_a_database_with_tenants_takes_no_import(dump, refused):
    tenant()

    assert "the database holds 1 tenant already" in refused(dump(TENANT))


def test_a_database_with_the_platform_alone_does(take_in):
    platform_person()

    assert take_in(TENANT, USER).rows["tenants"] == 1


def test_two_platforms_do_not_meet(dump, refused):
    platform_person()

    assert "brings its own tenant platform" in refused(dump(TENANT.replace("'t1'", "'platform'")))


def test_a_row_that_is_here_already_refuses_the_import(dump, refused):
    platform_person(user_id="u1")

    assert "is in the database already" in refused(dump(TENANT, USER))


def test_an_import_is_one_entry_with_counts_and_ranges(take_in):
    take_in(TENANT, USER)

    entry = AuditLog.objects.get(action="import_database")
    assert (entry.action, entry.tenant_id, entry.user_id) == ("import_database", None, None)
    assert entry.metadata == {
        "file": "dump.sql",
        "odd": 0,
        "tables": {
            "tenants": {"rows": 1, "first": "t1", "last": "t1"},
            "users": {"rows": 1, "first": "u1", "last": "u1"},
        },
    }


def test_the_report_and_what_was_left_out_are_kept_for_the_owner_alone(dump, settings):
    path = dump(TENANT, USER.replace("'t1'", "'nobody'"))

    call_command("import_d1", str(path), stdout=io.StringIO())

    report, left_out = sorted((settings.NDS.data_dir / "imports").iterdir(), reverse=True)
    assert "users: tenant_id points at no row of tenants: 1; left out, kept as JSON" in report.read_text()
    assert json.loads(left_out.read_text())["users"][0]["user_id"] == "u1"
    assert [stat.S_IMODE(path.stat().st_mode) for path in (report, left_out)] == [0o600, 0o600]


@pytest.mark.django_db(transaction=True)
def test_statistics_are_there_afterwards(take_in):
    take_in(TENANT, USER)

    assert rows("SELECT COUNT(*) > 0 FROM sqlite_stat1 WHERE tbl = 'users'") == [(1,)]


def test_progress_is_told_to_the_end(dump, scope):
    told = []
    import_pipeline(dump(TENANT), keys={}, skip_foreign_regions=False, progress=lambda *step: told.append(step))

    assert [step for step in told if step[1] == step[2]][-1][0] == "Storing"
    assert told[0][0] == "Reading"


def test_nothing_is_stored_where_the_last_row_fails(dump, refused, monkeypatch):
    """Dies where a table is committed by itself."""
    platform_person(user_id="u1")
    before = everything()

    refused(dump(TENANT, USER))

    assert everything() == before


def test_an_odd_dump_is_readable_in_the_dashboard(take_in, client_of_operator):
    odd = "INSERT INTO tenants (tenant_id,name,region,kms_key_id,settings,created_at,status) VALUES"
    report = take_in(f"""{odd}('t1','One','eu-west','k','{{"a": ','soon','asleep');""")

    assert len(findings(report)) == 3
    assert client_of_operator.get("/data/tenants/tenant/").status_code == 200
    page = client_of_operator.get("/data/tenants/tenant/t1/").content.decode()
    assert "This text is no JSON" in page
    assert "asleep" in page
    assert "soon" in page


def test_files_are_taken_back_where_the_commit_fails(dump, refused, settings, monkeypatch):
    """Dies where the keyring or the report is written outside the transaction's fate."""
    monkeypatch.setattr("ndsadmin.pipeline.files.Files.add_report", lambda *_: (_ for _ in ()).throw(OSError("full")))

    assert "could not be stored: full" in refused(dump(TENANT), keys=DATA / "pipeline-keys.json")
    assert not (settings.NDS.data_dir / "keyring.json").exists()


def test_a_long_name_is_no_obstacle(dump, tmp_path):
    path = dump(TENANT).rename(tmp_path / f"{'a' * 230}.sql")

    call_command("import_d1", str(path), stdout=io.StringIO())

    assert rows("SELECT COUNT(*) FROM tenants") == [(1,)]


def test_keys_of_tenants_that_were_left_out_do_not_come_in(dump, settings):
    foreign = "INSERT INTO tenants (tenant_id,name,region,kms_key_id) VALUES('x','X','us-east','kms://tenant_002/key');"

    call_command(
        "import_d1",
        str(dump(TENANT, foreign)),
        keys=DATA / "pipeline-keys.json",
        skip_foreign_regions=True,
        stdout=io.StringIO(),
    )

    assert (
        "kms://tenant_002/key"
        not in open_keyring(settings.NDS.data_dir / "keyring.json", master_key(settings.NDS.data_dir)).keys
    )
