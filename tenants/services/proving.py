"""Asking somebody for his password again, before what cannot be taken back or shows a secret.

A stolen session is not enough then. Wrong passwords are recorded; after five within a quarter of an hour none is looked
at any more, so that a thief cannot try them all.
"""

import datetime as dt
from threading import Lock

from django.contrib.auth.hashers import check_password

from security.audit import Action, record
from security.columns import now
from security.models import AuditLog
from security.services.repeating import repeatable
from tenants.exceptions import ProofRefused
from tenants.models import User
from tenants.services.home import at_home

MOST = 5  # wrong passwords
WITHIN = dt.timedelta(minutes=15)
KIND = "password"
_one_at_a_time = Lock()  # in each process: else many at once would all be compared before the first is recorded


def prove(person: User, password: str) -> None:
    """Check that it is ``person`` who acts.

    Raises:
        ProofRefused: the password is wrong; or too many were.
    """
    with _one_at_a_time, at_home(person, reason="Prove who acts"):
        refused = AuditLog.objects.filter(
            user_id=person.pk, action=Action.DENY_ACCESS, resource_type=KIND, timestamp__gte=now() - WITHIN
        )
        if refused.count() >= MOST:
            raise ProofRefused("Too many wrong passwords: wait a quarter of an hour.")
        if not check_password(password, person.password):
            _record_refusal(person)
            raise ProofRefused("The password is wrong.")


@repeatable
def _record_refusal(person: User) -> None:
    record(
        Action.DENY_ACCESS, resource_type=KIND, resource_id=person.pk, tenant_id=person.tenant_id, actor_id=person.pk,
        error="The password was asked for again, and is wrong.",
    )  # fmt: skip
