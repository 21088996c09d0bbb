import pytest
from django.db import OperationalError, transaction

from security.services.repeating import TRIES, repeatable

pytestmark = pytest.mark.django_db(transaction=True)
CONFLICT = "could not serialize access: what this transaction saw was changed by another"


def failing(times: int, message: str = CONFLICT):
    """A service that fails so often, and how often it was called."""
    calls = []

    @repeatable
    def service() -> str:
        calls.append(transaction.get_connection().in_atomic_block)
        if len(calls) <= times:
            raise OperationalError(message)
        return "done"

    return service, calls


def test_it_begins_anew_in_a_transaction_of_its_own():
    service, calls = failing(TRIES - 1)

    assert service() == "done"
    assert calls == [True] * TRIES


def test_it_gives_up():
    """Dies where it goes on and on."""
    service, calls = failing(TRIES)

    with pytest.raises(OperationalError, match="could not serialize"):
        service()
    assert len(calls) == TRIES


def test_another_error_is_told_at_once():
    service, calls = failing(1, "disk I/O error")

    with pytest.raises(OperationalError, match="disk"):
        service()
    assert len(calls) == 1


def test_inside_of_a_transaction_the_outermost_decides():
    """Dies where a part is repeated: what was read before it would be old."""
    service, calls = failing(1)

    with pytest.raises(OperationalError), transaction.atomic():
        service()
    assert len(calls) == 1
