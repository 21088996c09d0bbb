import datetime as dt
import hashlib
import json
from decimal import Decimal

import pytest
from django.db import transaction

from security.actions import Action
from security.audit import record
from security.audit.details import MOST, fitted
from security.models import AuditLog


def test_what_fits_is_kept_as_it_is():
    details = {"changes": {"name": ["Old", "New"]}, "rows": 5, "nothing": None, "yes": True, "share": 0.5}

    assert fitted(details) == details


@pytest.mark.parametrize(
    "details",
    [
        {"text": "x" * 1_000_000},
        {"many": list(range(100_000))},
        {f"key {number}": "value" for number in range(10_000)},
        {"k" * 100_000: "v"},
        {"deep": json.loads("[" * 90 + '"' + "x" * 20_000 + '"' + "]" * 90)},
        {"both": [{"a": "x" * 3_000} for _ in range(100)]},
    ],
)
def test_what_does_not_is_cut_and_known_by_its_hash(details):
    """Dies where an entry that is too large is left out, or nothing tells what was cut."""
    found = fitted({**details, "reason": "Because"})

    text = json.dumps({**details, "reason": "Because"}, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    assert len(json.dumps(found)) <= MOST
    assert found["_original"] == {"sha256": hashlib.sha256(text.encode()).hexdigest(), "length": len(text)}
    assert found["reason"] == "Because"


def test_a_long_reason_is_kept_in_part():
    found = fitted({f"{number}": "x" * 500 for number in range(100)} | {"reason": "r" * 5_000})

    assert found["reason"] == "r" * 400


@pytest.mark.django_db
def test_whatever_a_service_tells_can_be_stored(scope):
    """Dies where an odd value undoes an honest change."""
    odd = {
        "nan": float("nan"), "inf": -float("inf"), "time": dt.datetime(2026, 11, 20, tzinfo=dt.UTC), "bytes": b"abc",
        "set": {1}, "number": Decimal("1.5"), "huge": 10**5000, 5: "five", None: "none", (1, 2): "pair",
        "half": "\ud800", "deep": json.loads("[" * 900 + "]" * 900), "object": object,
    }  # fmt: skip
    with transaction.atomic():
        record(Action.LOGIN, resource_type="user", resource_id="u", tenant_id=None, details=odd)

    found = AuditLog.objects.get().metadata
    assert (found["nan"], found["inf"], found["bytes"], found["number"]) == ("nan", "-inf", "3 bytes", "1.5")
    assert (found["5"], found["None"], found["(1, 2)"]) == ("five", "none", "pair")
