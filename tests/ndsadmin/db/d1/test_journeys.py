"""Each statement is a journey on D1: pages are counted, since time on this machine tells nothing."""

from security.contract import contract_tables
from tests.ndsadmin.db.d1.journeys import counted


def test_pages_take_few(tmp_path):
    """Dies without `reading_ahead`: ten for the dashboard, six for a list."""
    found = counted(tmp_path)
    lists = {address: number for address, number in found.items() if address.count("/") == 4 and "/data/" in address}

    assert found["/"] <= 6
    assert len(lists) == len(contract_tables())
    looked_at = lists.pop("/data/content/skillmetricsdaily/")  # whoever looks is recorded: one more
    assert looked_at <= 5
    assert max(lists.values()) <= 4, lists
    assert max(number for address, number in found.items() if address.startswith("/audit/?q=ok")) <= 4, found
    assert found["/audit/"] <= 4
    assert max(number for address, number in found.items() if address.startswith(("/skills/", "/guards/"))) <= 6, found
    assert max(found.values()) <= 8, found
