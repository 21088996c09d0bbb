"""Lists: first and last pages, filters that nothing meets, searches."""

import datetime as dt
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from tests.bench.clock import Result, median, result
from tests.bench.installation import signed_in

AUDIT = "/data/security/auditlog/"


def measure(rows: str) -> Iterator[Result]:
    client: Any = signed_in()

    def page(address: str, runs: int = 15) -> float:
        assert client.get(address).status_code == 200, address
        return median(lambda: client.get(address), runs)

    first, last = page(AUDIT), page(f"{AUDIT}?last=1")
    yield result(f"{rows} audit rows: first page", first, "ms")
    yield result(f"{rows} audit rows: last page", last, "ms")
    yield result(f"{rows} audit rows: last page / first page", round(last / first, 2), "", "<= 1.3")
    day = (dt.datetime.now(dt.UTC) - dt.timedelta(days=540)).date()  # the demo's rows reach back three years
    within = client.get(f"{AUDIT}?timestamp__to={day}", headers={"accept-encoding": ""}).content.decode()
    place = re.search(r'rel="next" href="[^"]+(after=[^"]+)"', within)[1]
    middle = page(f"{AUDIT}?{unescape(place)}")
    yield result(f"{rows} audit rows: a page in the middle / first page", round(middle / first, 2), "", "<= 1.3")
    pinned, deep = page(f"{AUDIT}?tenant=tenant_001"), page(f"{AUDIT}?tenant=tenant_001&last=1")
    yield result(f"{rows} audit rows, one tenant: first page", pinned, "ms")
    yield result(f"{rows} audit rows, one tenant: last page / first page", round(deep / pinned, 2), "", "<= 1.3")
    yield result(f"{rows} audit rows: refused ones", page(f"{AUDIT}?success=0"), "ms")
    yield result(f"{rows} audit rows: search of a key", page(f"{AUDIT}?q=00000000"), "ms")
    nothing = page(f"{AUDIT}?resource_type=nothing", 5)
    yield result(f"{rows} audit rows: a filter that nothing meets, 50,000 rows read", nothing, "ms")
    yield result("posts", page("/data/publishing/publishedpost/"), "ms")
    guards = "/data/content/guardresult/"
    yield result("1M guard results: first page", page(guards), "ms")
    of_parent = page(f"{guards}?tenant=tenant_001", 5)
    yield result("1M guard results of one tenant, by their content: first page", of_parent, "ms", "measured apart")
    for days in (7, 30, 90):
        took = page(f"/?days={days}")
        yield result(f"{rows} audit and 1M content rows: dashboard, {days} days", took, "ms", "<= 100")
