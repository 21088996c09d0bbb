"""Sealing and opening 6-KiB values on one core, rows sealed anew, and what a list of accounts costs."""

import os
import resource
from collections.abc import Iterator

from django.db import transaction

from tests.bench.clock import Result, result, seconds
from tests.bench.installation import signed_in

VALUES, ACCOUNTS = 20_000, 20_000
BUDGET = ">= 50,000"


def envelopes() -> Iterator[Result]:
    """No database in it."""
    from security.crypto.envelope import Place, seal, unseal

    key, plain = os.urandom(32), os.urandom(6144)
    place = Place("tenant_001", "brand_profiles", "embeddings", "tenant_001")
    blob = seal(key, 1, plain, place)

    def sealing() -> None:
        for _ in range(VALUES):
            seal(key, 1, plain, place)

    def opening() -> None:
        for _ in range(VALUES):
            unseal(lambda version: key, blob, place)

    for what, work in (("sealed", sealing), ("opened", opening)):
        taken = min(seconds(work) for _ in range(3))
        yield result(f"values of 6 KiB {what} on one core", round(VALUES / taken), "/s", BUDGET)


def measure(rows: str) -> Iterator[Result]:
    """On the installation that is filled: accounts of one tenant, sealed anew under the next version."""
    from publishing.models import SocialAccount
    from security.crypto.envelope import seal
    from security.crypto.fields import Ciphertext
    from security.services.keys import rotate_key
    from security.services.reencryption import remaining, reseal
    from security.services.vault import active_key, vault
    from security.services.work import record_filling

    yield from envelopes()
    column = SocialAccount._meta.get_field("access_token_encrypted")
    key, version = vault.key("tenant_001", active_key("tenant_001").version), active_key("tenant_001").version
    made = []
    for number in range(ACCOUNTS):
        row = SocialAccount(
            account_id=f"bench-{number:06}", tenant_id="tenant_001", platform="linkedin", platform_user_id=f"b{number}"
        )
        row.access_token_encrypted = Ciphertext(seal(key, version, b"token of an account", column.place(row)))
        made.append(row)
    with transaction.atomic():
        SocialAccount.objects.bulk_create(made, batch_size=1000)
        record_filling("social_accounts", ACCOUNTS, made[0].pk, made[-1].pk)
    rotate_key("tenant_001")
    taken = seconds(lambda: remaining(["tenant_001"]))
    yield result(f"{ACCOUNTS} accounts: rows under older versions counted", round(taken * 1000), "ms")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = seconds(lambda: reseal("tenant_001"))
    more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert remaining(["tenant_001"]) == {"tenant_001": 0}
    yield result(f"{ACCOUNTS} accounts sealed anew", round(ACCOUNTS / begun), "rows/s", ">= 5,000")
    yield result(f"{ACCOUNTS} accounts sealed anew: memory more", round(more, 1), "MB")
    client = signed_in()
    page = min(seconds(lambda: client.get("/publishing/accounts/")) for _ in range(10))
    yield result("a page of 50 accounts", round(page * 1000, 1), "ms")
