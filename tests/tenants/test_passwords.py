import bcrypt
import pytest
from django.contrib.auth.hashers import check_password, make_password

from tenants.passwords import PlainBcrypt
from tests.factories.tenants import PASSWORD, hashed

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


def test_a_hash_of_the_workers_is_left_as_it_is():
    """Dies where Django re-hashes at sign-in: an unaudited write that the workers did not ask for."""
    assert not PlainBcrypt().must_update(WORKERS_HASH)
