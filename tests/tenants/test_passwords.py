import bcrypt
import pytest
from django.contrib.auth.hashers import check_password, make_password

from tenants.exceptions import PasswordUnfit
from tenants.models import User
from tenants.passwords import PlainBcrypt, check_new_password
from tests.factories.tenants import PASSWORD, hashed, person, tenant

WORKERS_HASH = "bcrypt$$2b$04$" + bcrypt.hashpw(b"of a worker", bcrypt.gensalt(4)).decode().rpartition("$")[2]


def test_a_right_password_is_right_and_a_wrong_one_wrong():
    assert check_password(PASSWORD, hashed(PASSWORD))
    assert not check_password("another", hashed(PASSWORD))


@pytest.mark.parametrize("password", ["x" * 73, "ü" * 40, "x" * 100_000])
def test_a_password_that_bcrypt_cannot_hold_is_wrong_and_no_error(password):
    """Dies with the length check: bcrypt 5 raises, and the page would be a 500."""
    assert not check_password(password, hashed(PASSWORD))


def test_a_password_is_never_cut():
    """Two that differ behind the 72nd byte are two."""
    whole = make_password("x" * 72)

    assert check_password("x" * 72, whole)
    assert not check_password("x" * 73, whole)


def test_a_hash_of_the_workers_is_left_as_it_is(django_assert_num_queries, db):
    """Dies where Django re-hashes at sign-in: an unaudited write that the workers did not ask for."""
    who = person()
    User.objects.filter(pk=who.pk).update(password=WORKERS_HASH)
    who.refresh_from_db()

    with django_assert_num_queries(0):
        assert who.check_password("of a worker")


@pytest.mark.parametrize(
    "stored",
    ["$2b$12$short", "$2b$99$" + "a" * 53, "$2x$10$" + "a" * 53, "$2$10$x", "$2b$10$ü", "plain", "", "$2b$15$x"],
)
def test_a_hash_that_is_none_fits_no_password_and_is_no_error(stored):
    """Dies without the except: the door would answer 500, and the attempt would not be recorded."""
    encoded = f"bcrypt${stored}" if stored.startswith("$2") else stored

    assert not check_password("anything", encoded)
    assert not check_password("x" * 80, encoded)


def test_a_wrong_password_takes_the_rounds_of_ours_whatever_the_hash_cost(monkeypatch):
    """Dies where a cheap hash of the workers' is answered sooner: the time would tell whose address exists."""
    made = []
    monkeypatch.setattr(PlainBcrypt, "encode", lambda self, password, salt: made.append(salt))

    check_password("wrong", WORKERS_HASH)

    assert len(made) == 2 ** (PlainBcrypt.rounds - 4)  # the check itself, and what is made up


@pytest.mark.parametrize("ident", ["2a", "2b", "2y"])
def test_hashes_of_either_form_are_checked(ident, db):
    hashed_by_workers = WORKERS_HASH.replace("$2b$", f"${ident}$")
    who = person()
    User.objects.filter(pk=who.pk).update(password=hashed_by_workers)
    who.refresh_from_db()

    assert who.check_password("of a worker")


class TestNewPasswords:
    """What may be set (OWASP ASVS 5.0, 6.2)."""

    @pytest.fixture
    def ada(self, db):
        home = tenant(name="Harbour Glass Works")
        return person(tenant=home, email="ada.lovelace@countess.example", full_name="Ada Lovelace")

    @pytest.mark.parametrize(
        "password",
        [
            "correct horse battery", "twelve12char", "x" * 20 + "y" * 20 + "zvwq", "ü" * 4 + "äöß żółw naïve",
            "          spaces count 1", "no-composition-rule-here",
            "a" + "bcdefgh" * 8 + "zzzzzzzx", "9" * 3 + "8172635410293",
        ],
    )  # fmt: skip
    def test_asvs_6_2_5_any_characters_and_6_2_2_sixty_four_do(self, password, ada):
        assert check_new_password(password[:64], ada) is None

    @pytest.mark.parametrize(("password", "why"), [
        ("elevenchars", "at least 12"), ("", "at least 12"),
        ("x1" * 37, "at most 72 bytes"), ("ü" * 37, "at most 72 bytes"),
    ], ids=["asvs-6.2.1", "empty", "asvs-6.2.8", "bytes, not characters"])  # fmt: skip
    def test_too_short_or_too_long_is_refused_and_never_cut(self, password, why, ada):
        with pytest.raises(PasswordUnfit, match=why):
            check_new_password(password, ada)

    @pytest.mark.parametrize("password", [
        "password1234", "Password123!!!", "!!!!!letmein!!!", "passwordpassword", "iloveyouiloveyou", "123456789012",
        "qwertyuiopas", "aaaaaaaaaaaa", "abababababab", "1234567890qwerty", "  monkey12345  ", "sunshine2024!",
        "Summer2026Summer", "nul\0nul\0nul\0nul",
    ])  # fmt: skip
    def test_asvs_6_2_4_and_6_2_12_common_and_breached_ones_are_refused(self, password, ada):
        with pytest.raises(PasswordUnfit, match="password: expected"):
            check_new_password(password, ada)

    @pytest.mark.parametrize("password", [
        "harbourglassworks", "Harbour-Glass-1", "nds-admin-2026!", "NDSAdmin12345", "lovelace-1815!", "ada.lovelace1",
        "countess-1843!", "dashboard-99!!",
    ])  # fmt: skip
    def test_asvs_6_2_11_words_of_tenant_product_and_person_are_refused(self, password, ada):
        with pytest.raises(PasswordUnfit, match=r"others can guess|too common"):
            check_new_password(password, ada)

    @pytest.mark.parametrize(("name", "password"), [
        ("Next Day Steel Ltd", "NextDaySteel2026"), ("BMW AG", "BMW AG 2026!!"), ("A. B. See & Co.", "a-b-see-4711!"),
    ])  # fmt: skip
    def test_asvs_6_2_11_short_words_of_a_tenants_name_count_together(self, name, password, db):
        who = person(tenant=tenant(name=name), email="ada@mail.example", full_name="Ada")
        with pytest.raises(PasswordUnfit, match="others can guess"):
            check_new_password(password, who)

    def test_a_name_inside_of_a_sentence_does(self, ada):
        assert check_new_password("the harbour was full of green bottles", ada) is None

    def test_asvs_6_2_10_nobody_has_to_change_it(self, ada):
        """There is no date that a password runs out on: neither column nor setting."""
        names = {field.name for field in User._meta.concrete_fields}

        assert not {name for name in names if "expire" in name or "password_changed" in name}
