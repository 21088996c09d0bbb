"""Carrying statements to D1, over one of two roads, and what can happen on the way.

- The **gateway**, a Worker beside the database (``gateway/worker.js``): for production.
- Cloudflare's **REST API**: for setting up and small use; it takes 1,200 requests in five minutes and no more.

Several statements are one transaction: all of them, or none. A road tells apart what the caller must know:
`Rejected` (the database said no: nothing was done), `Throttled` (it was not asked: nothing was done) and `Lost`
(nobody knows).
"""

import gzip
import json
import re
import threading
import time
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import urllib3
from django.core.exceptions import ImproperlyConfigured

REST_HOST = "api.cloudflare.com"
REST_REQUESTS, REST_PERIOD = 1200, 300  # https://developers.cloudflare.com/fundamentals/api/reference/limits/
PATIENCE = 10  # seconds that a request waits for the API's rate limit before it gives up
TIMEOUT = urllib3.Timeout(connect=5, read=35)  # a query may take 30 s on D1
LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
WORTH_ZIPPING = 16_384  # bytes
TOO_MANY, SERVER_ERROR = 429, 500

# How SQLite's own refusals end; what a row held may stand in front of it.
_CERTAIN = re.compile(r": SQLITE_[A-Z]+(?: \(extended: \w+\))?$")
# What D1 says when it does not know itself (https://developers.cloudflare.com/d1/observability/debug-d1/).
UNCERTAIN = (
    "internal error",
    "network connection lost",
    "object to be reset",
    "its code was updated",
    "transient issue",
    "client disconnected",
    "storage operation exceeded timeout",
)


class Statement(NamedTuple):
    """SQL, and its parameters: text, finite numbers (REAL) and lists of bytes."""

    sql: str
    params: Sequence[Any] = ()


class Answer(NamedTuple):
    """What a statement gives: names of columns, and rows; blobs as lists of bytes."""

    columns: list[str]
    rows: list[list[Any]]


class Rejected(Exception):
    """The database refused a statement; nothing was done."""


class Throttled(Exception):
    """The road takes no more requests for now; nothing was done. ``wait`` in seconds."""

    def __init__(self, wait: float) -> None:
        self.wait = wait
        super().__init__(f"Too many requests; the next may be sent in {wait:.0f} s.")


class Lost(Exception):
    """Whether it was done is not known."""


class Secret:
    """Text that no repr, log or error page shows."""

    __slots__ = ("reveal",)

    def __init__(self, text: str) -> None:
        self.reveal: Callable[[], str] = lambda: text

    def __repr__(self) -> str:
        return "Secret(…)"


class Bucket:
    """A token bucket: ``size`` requests in ``period`` seconds, over all threads."""

    def __init__(self, size: int, period: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._size, self._rate, self._clock = size, size / period, clock
        self._level, self._at = float(size), clock()
        self._lock = threading.Lock()

    def take(self) -> float:
        """Take a token; the seconds to wait for it, 0 where there is one now."""
        with self._lock:
            now = self._clock()
            self._level = min(self._size, self._level + (now - self._at) * self._rate)
            self._at = now
            if self._level < 1:
                return (1 - self._level) / self._rate
            self._level -= 1
            return 0


class Road:
    """HTTP to one database; safe to use from many threads. Connections are kept."""

    def __init__(
        self, url: str, secret: Secret, *, bucket: Bucket | None = None, timeout: urllib3.Timeout = TIMEOUT
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme != "https" and parts.netloc.rsplit(":", 1)[0] not in LOOPBACK:
            raise ImproperlyConfigured(f"{url}: a database on another machine is reached by https alone.")
        self.url, self._secret, self._bucket = url, secret, bucket
        self._zips = parts.scheme == "https"
        self._pool = urllib3.PoolManager(maxsize=8, retries=False, timeout=timeout)
        self.requests = 0
        """How many were sent, over all threads."""

    def send(self, statements: Sequence[Statement]) -> list[Answer]:
        """What each of ``statements`` gives. They are one transaction.

        Raises:
            Rejected, Throttled, Lost: see above.
        """
        told = self.ask("POST", self._address, {"batch": [_sendable(statement) for statement in statements]})
        try:
            answers = [Answer(one["results"]["columns"], one["results"]["rows"]) for one in told["result"]]
        except (LookupError, TypeError):
            raise Lost("An answer that is none of D1's.") from None
        if len(answers) != len(statements):
            raise Lost("An answer to another question.")
        return answers

    @property
    def _address(self) -> str:
        return self.url

    def ask(self, method: str, url: str, body: Any = None) -> Any:
        """The JSON that is answered.

        Raises:
            Rejected, Throttled, Lost: see above.
        """
        data = None if body is None else _written(body)
        until = time.monotonic() + PATIENCE
        while True:
            if self._bucket is not None:
                _wait(self._bucket.take(), until)
            self.requests += 1
            try:
                answer = self._request(method, url, data)
                text = answer.data
            except urllib3.exceptions.HTTPError as error:
                raise Lost(f"{type(error).__name__} on the way to {url}.") from None
            if answer.status != TOO_MANY:
                return _understood(answer, text)
            _wait(_seconds(answer.headers.get("retry-after")), until)

    def _request(self, method: str, url: str, data: bytes | None) -> urllib3.BaseHTTPResponse:
        headers = {"content-type": "application/json"}
        if self._zips:
            headers["accept-encoding"] = "gzip"
            if data is not None and len(data) > WORTH_ZIPPING:
                data, headers["content-encoding"] = gzip.compress(data, 5), "gzip"
        headers["authorization"] = f"Bearer {self._secret.reveal()}"
        return self._pool.request(method, url, body=data, headers=headers)

    def close(self) -> None:
        self._pool.clear()


class Gateway(Road):
    """The Worker beside the database. ``url`` ends with the name of its binding."""


class Rest(Road):
    """Cloudflare's API. ``url`` ends with ``/database/ID``."""

    def __init__(self, url: str, secret: Secret) -> None:
        super().__init__(url, secret, bucket=_rest_bucket(secret))

    @property
    def _address(self) -> str:
        return f"{self.url}/raw"

    def create(self, name: str) -> str:
        """Make a database; its id."""
        return str(self.ask("POST", self._collection, {"name": name})["result"]["uuid"])

    def delete(self, key: str) -> None:
        self.ask("DELETE", f"{self._collection}/{key}")

    @property
    def _collection(self) -> str:
        return self.url.rsplit("/", 1)[0]


_buckets: dict[str, Bucket] = {}


def _rest_bucket(secret: Secret) -> Bucket:
    """The one of the token: the limit is its account's, whatever the database."""
    return _buckets.setdefault(sha256(secret.reveal().encode()).hexdigest(), Bucket(REST_REQUESTS, REST_PERIOD))


def road_to(host: str, name: str, secret: str) -> Road:
    """The road that ``d1://host/name`` tells: the API's where the host is Cloudflare's, else a gateway's.

    Raises:
        ImproperlyConfigured: no secret, or an address that is none.
    """
    if not secret or not secret.isascii() or not secret.isprintable():
        raise ImproperlyConfigured("D1_TOKEN: expected the gateway's secret or a token of the API, in ASCII.")
    if host == REST_HOST:
        account, _, database = name.partition("/")
        if not database:
            raise ImproperlyConfigured(f"d1://{host}/{name}: expected d1://{host}/ACCOUNT/DATABASE.")
        return Rest(f"https://{host}/client/v4/accounts/{account}/d1/database/{database}", Secret(secret))
    scheme = "http" if host.rsplit(":", 1)[0] in LOOPBACK else "https"
    return Gateway(f"{scheme}://{host}/{name}", Secret(secret))


def _written(body: Any) -> bytes:
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def _sendable(statement: Statement) -> dict[str, Any]:
    return {"sql": statement.sql, "params": list(statement.params)}


def _wait(seconds: float, until: float) -> None:
    """Wait for the next request to be taken; not beyond ``until``.

    Raises:
        Throttled: that would be too long.
    """
    if time.monotonic() + seconds > until:
        raise Throttled(seconds)
    time.sleep(seconds)


def _understood(answer: urllib3.BaseHTTPResponse, text: bytes) -> Any:
    try:
        told = json.loads(text)
        if told["success"]:
            return told
        message = str(told["errors"][0]["message"])
    except (ValueError, LookupError, TypeError):
        raise Lost(f"HTTP {answer.status}, and no answer of D1's.") from None
    is_uncertain = answer.status >= SERVER_ERROR or any(words in message.lower() for words in UNCERTAIN)
    if is_uncertain and not _CERTAIN.search(message):
        raise Lost(message)
    raise Rejected(message)


def _seconds(text: str | None) -> float:
    return float(text) if text and re.fullmatch(r"[0-9]{1,6}", text) else REST_PERIOD
