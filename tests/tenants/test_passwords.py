import bcrypt
import pytest
from django.contrib.auth.hashers import check_password, make_password

from tenants.models import User
from tenants.passwords import PlainBcrypt
from tests.factories.tenants import PASSWORD, hashed, person

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


def test_a_wrong_password_takes_the_rounds_of_ours_whatever_the_hash_cost(monkeypatch):
    """Dies where a cheap hash of the workers' is answered sooner: the time would tell whose address exists."""
    made = []
    monkeypatch.setattr(PlainBcrypt, "encode", lambda self, password, salt: made.append(salt))

    check_password("wrong", WORKERS_HASH)

    assert len(made) == 2 ** (PlainBcrypt.rounds - 4)  # the check itself, and what is made up
