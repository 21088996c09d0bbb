"""Which tests run on the same worker: those that share something dear; each of the others wherever there is room.

pytest-xdist's own groups are written into an attribute of tests that pytest 9 does not read any more.
"""

from xdist.scheduler import LoadScopeScheduling

TOGETHER = (
    "tests/browser/",  # one installation, one Chromium
    "tests/security/rls/",  # a database of several tenants, and their policies
    "tests/ndsadmin/db/d1/",  # a gateway
    "tests/ndsadmin/demo/test_making.py",  # a whole demo
    "tests/ndsadmin/demo/test_scaling.py",
    "tests/ndsadmin/test_sweep.py",
)


class Scheduling(LoadScopeScheduling):
    """Groups of tests, the largest first."""

    def _split_scope(self, nodeid: str) -> str:
        return next((group for group in TOGETHER if nodeid.startswith(group)), nodeid)
