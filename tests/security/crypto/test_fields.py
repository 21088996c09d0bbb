"""Encrypted columns: plain in Python, sealed in the database, and never something in between."""

import io
import json
from decimal import Decimal

import numpy as np
import pytest
from django.core.management import call_command
from django.db import connection, transaction

from publishing.models import SocialAccount
from security.crypto.envelope import as_text, version_of
from security.crypto.fields import Ciphertext, CiphertextString, EncryptedTextField, check_readable, encrypted_models
from security.exceptions import NoDataKey, Unreadable
from security.models import AuditLog, ComplianceCase
from security.scope import tenant_scope
from security.services.rows import update_row
from security.services.vault import vault
from tenants.models import BrandProfile, User
from tests.factories.publishing import social_account
from tests.factories.security import compliance_case, keyed
from tests.factories.tenants import brand_profile, person, tenant

pytestmark = pytest.mark.django_db
TOKEN = b"tok-canary-5d1e"


@pytest.fixture
def home():
    return keyed(tenant(tenant_id="t1", kms_key_id="kms://t1/key"))


@pytest.fixture
def account(home):
    return social_account(tenant=home, access_token_encrypted=TOKEN)


def raw(table: str, column: str):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table}")
        return cursor.fetchone()[0]


def test_every_column_of_domain_md_is_encrypted():
    found = {
        f"{model._meta.db_table}.{field.column}"
        for model in encrypted_models()
        for field in model._meta.concrete_fields
        if hasattr(field, "sealed")
    }
    assert found == {
        "brand_profiles.embeddings", "brand_profiles.tone_vectors", "social_accounts.access_token_encrypted",
        "social_accounts.refresh_token_encrypted", "users.mfa_secret", "compliance_cases.notes_encrypted",
    }  # fmt: skip


class TestValues:
    def test_bytes(self, account):
        found = SocialAccount.objects.get()

        assert found.access_token_encrypted == account.access_token_encrypted == TOKEN
        assert TOKEN not in bytes(raw("social_accounts", "access_token_encrypted"))
        assert version_of(bytes(raw("social_accounts", "access_token_encrypted"))) == 1

    def test_text(self, home):
        person(tenant=home, mfa_secret="JBSWY3DPEHPK3PXP")

        assert User.objects.get().mfa_secret == "JBSWY3DPEHPK3PXP"
        assert raw("users", "mfa_secret").startswith("tse1:")

    def test_vectors(self, home):
        vector = np.arange(1536, dtype=np.float32)
        brand_profile(tenant=home, embeddings=vector)

        found = BrandProfile.objects.get().embeddings
        assert found.dtype == np.dtype("<f4")
        assert (found == vector).all()

    def test_rows_of_no_tenant_are_sealed_for_the_platform(self):
        keyed(tenant(tenant_id="platform", kms_key_id="kms://platform/key"))
        case = compliance_case()
        case.tenant_id = None
        case.notes_encrypted = b"a note"
        case.save()

        assert ComplianceCase.objects.get(pk=case.pk).notes_encrypted == b"a note"

    @pytest.mark.parametrize("value", [b"", None])
    def test_nothing_stays_nothing(self, home, value):
        social_account(tenant=home, access_token_encrypted=b"", refresh_token_encrypted=value)

        assert raw("social_accounts", "access_token_encrypted") == b""
        assert SocialAccount.objects.get().refresh_token_encrypted == value

    @pytest.mark.parametrize(
        ("model", "name", "value", "told"),
        [
            (SocialAccount, "access_token_encrypted", "text", "expected bytes, got str"),
            (User, "mfa_secret", b"bytes", "expected text, got bytes"),
            (BrandProfile, "embeddings", [1.0, 2.0], "expected 1536 numbers, got float64 of the shape (2,)"),
            (BrandProfile, "embeddings", ["a"] * 1536, "expected 1536 numbers"),
            (BrandProfile, "embeddings", Decimal(1), "expected 1536 numbers"),
        ],
    )
    def test_another_kind_of_value_is_refused_by_name(self, home, model, name, value, told):
        made = {SocialAccount: social_account, User: person, BrandProfile: brand_profile}[model](tenant=home)
        setattr(made, name, value)

        with pytest.raises(TypeError, match=name) as refused:
            made.save()
        assert told in str(refused.value)


class TestRows:
    def test_saving_seals_only_what_is_new(self, account):
        """Dies where a row that is saved is sealed anew, or where a ciphertext becomes a value."""
        before = bytes(raw("social_accounts", "access_token_encrypted"))
        found = SocialAccount.objects.get()
        assert found.access_token_encrypted == TOKEN
        found.account_name = "Another"
        found.save()
        assert bytes(raw("social_accounts", "access_token_encrypted")) == before

        found.access_token_encrypted = b"new-token"
        found.save()
        assert SocialAccount.objects.get().access_token_encrypted == found.access_token_encrypted == b"new-token"

    def test_reading_rows_opens_nothing(self, account, django_assert_num_queries, monkeypatch):
        monkeypatch.setattr("security.services.vault.DataKeys.unseal", lambda *_: pytest.fail("opened"))
        with django_assert_num_queries(1):
            rows = list(SocialAccount.objects.all())
        rows[0].refresh_from_db()

        assert "canary" not in repr(rows[0].__dict__)
        assert isinstance(SocialAccount.objects.values_list("access_token_encrypted", flat=True)[0], Ciphertext)

    def test_only_a_row_can_be_sealed_for(self, account):
        with pytest.raises(TypeError, match="expected a ciphertext"), transaction.atomic():
            SocialAccount.objects.update(access_token_encrypted=b"plain")
        with pytest.raises(TypeError, match="expected a ciphertext"), transaction.atomic():
            SocialAccount.objects.filter(access_token_encrypted=TOKEN).exists()
        with pytest.raises(TypeError, match="expected a ciphertext"), transaction.atomic():
            SocialAccount.objects.bulk_update([account], ["access_token_encrypted"])

    def test_rows_made_many_at_once_are_sealed_each_for_itself(self, home):
        made = [
            SocialAccount(
                tenant=home, platform="linkedin", platform_user_id=str(n), access_token_encrypted=b"tok-%d" % n
            )
            for n in range(3)
        ]
        SocialAccount.objects.bulk_create(made)

        assert sorted(row.access_token_encrypted for row in SocialAccount.objects.all()) == [
            b"tok-0",
            b"tok-1",
            b"tok-2",
        ]

    def test_a_deferred_column_is_read_when_it_is_asked_for(self, account):
        found = SocialAccount.objects.defer("access_token_encrypted").get()

        assert found.access_token_encrypted == TOKEN

    @pytest.mark.usefixtures("account")
    def test_fixtures_carry_ciphertexts_and_come_back(self, tmp_path):
        told = io.StringIO()
        call_command("dumpdata", "publishing.socialaccount", stdout=told)
        assert "canary" not in told.getvalue()
        (tmp_path / "rows.json").write_text(told.getvalue())
        SocialAccount.objects.all().delete()

        call_command("loaddata", str(tmp_path / "rows.json"), stdout=io.StringIO())

        assert json.loads(told.getvalue())[0]["fields"]["access_token_encrypted"]
        assert SocialAccount.objects.get().access_token_encrypted == TOKEN


class TestPlaces:
    def test_cells_that_were_exchanged_do_not_open(self, home, account):
        """Dies without the cell in what is authenticated: an attacker who writes to the database could swap tokens."""
        other = social_account(tenant=home, access_token_encrypted=b"tok-other")
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE social_accounts SET access_token_encrypted = "
                "(SELECT access_token_encrypted FROM social_accounts WHERE account_id = %s) WHERE account_id = %s",
                [other.pk, account.pk],
            )
        with pytest.raises(Unreadable, match="another cell"):
            SocialAccount.objects.get(pk=account.pk).access_token_encrypted  # noqa: B018

    def test_a_ciphertext_of_another_column_does_not_open(self, account):
        account.refresh_from_db()
        account.refresh_token_encrypted = account.__dict__["access_token_encrypted"]
        account.save()

        with pytest.raises(Unreadable, match="another cell"):
            SocialAccount.objects.get().refresh_token_encrypted  # noqa: B018

    def test_another_tenants_does_not_open(self, account):
        keyed(tenant(tenant_id="t2", kms_key_id="kms://t2/key"))
        SocialAccount.objects.update(tenant_id="t2")

        with pytest.raises(Unreadable):
            SocialAccount.objects.get().access_token_encrypted  # noqa: B018

    def test_in_a_tenants_scope_no_other_key_is_loaded(self, account, monkeypatch):
        """Counted: the provider is not even asked."""
        asked = []
        monkeypatch.setattr("security.crypto.local.LocalKeyring.unwrap", lambda *given: asked.append(given))
        keyed(tenant(tenant_id="t2"))
        row = SocialAccount.objects.get()
        with tenant_scope("t2"), pytest.raises(NoDataKey, match="another tenant's"):
            row.access_token_encrypted  # noqa: B018
        row.access_token_encrypted = b"mine now"
        with tenant_scope("t2"), pytest.raises(NoDataKey):
            row.save()

        assert asked == []


class TestUnreadable:
    @pytest.fixture
    def broken(self, home):
        return social_account(
            tenant=home, access_token_encrypted=Ciphertext(b"no ciphertext at all, of 40 bytes length")
        )

    def test_it_is_an_error_and_never_the_ciphertext(self, broken):
        with pytest.raises(Unreadable):
            broken.access_token_encrypted  # noqa: B018

    def test_the_row_is_not_saved_by_a_service(self, broken):
        """django-fernet-encrypted-fields 46: a row saved again held its own ciphertext as the value."""
        before = bytes(raw("social_accounts", "access_token_encrypted"))
        broken.account_name = "Renamed"
        with pytest.raises(Unreadable, match="access token cannot be read, so the row is not saved"):
            update_row(broken, before={"account_name": "Account"})

        assert bytes(raw("social_accounts", "access_token_encrypted")) == before
        assert SocialAccount.objects.get().account_name != "Renamed"

    def test_check_readable_names_the_cell(self, broken):
        with pytest.raises(Unreadable, match="access token"):
            check_readable(broken)

    def test_text_that_is_none(self, home):
        who = person(tenant=home, mfa_secret=CiphertextString("hello"))
        with pytest.raises(Unreadable):
            who.mfa_secret  # noqa: B018
        field = User._meta.get_field("mfa_secret")
        assert isinstance(field, EncryptedTextField)
        with pytest.raises(Unreadable):
            field.from_bytes(b"\xff\xfe")

    def test_a_vector_of_another_length(self, home):
        brand = brand_profile(tenant=home, embeddings=np.zeros(1536, dtype="<f4"))
        field = BrandProfile._meta.get_field("embeddings")
        brand.__dict__["embeddings"] = field.storable(vault.seal(b"1234", field.place(brand)))
        with pytest.raises(Unreadable, match="4 bytes, 6144 were expected"):
            brand.embeddings  # noqa: B018

    def test_a_tenant_without_key_can_seal_nothing(self):
        with pytest.raises(NoDataKey, match="keys rotate"):
            social_account(access_token_encrypted=TOKEN)


def test_nothing_shows_a_value(account):
    account.refresh_from_db()
    stored = account.__dict__["access_token_encrypted"]

    assert repr(stored) == str(stored) == f"<ciphertext of {len(stored)} bytes>"
    assert repr(CiphertextString(as_text(bytes(stored)))).startswith("<ciphertext of ")


def test_an_entry_says_that_it_changed_and_no_more(home):
    brand = brand_profile(tenant=home, embeddings=np.zeros(1536))
    before = brand.__dict__["embeddings"]
    brand.palette = ["#111111"]
    brand.embeddings = np.full(1536, 0.123, dtype="<f4")
    brand.save()
    update_row(brand, before={"embeddings": before, "palette": ["#0b6153"]})

    told = AuditLog.objects.get(action="update_brand_profile").metadata
    assert told["changes"]["embeddings"] == "changed"
    assert "0.123" not in json.dumps(told)
