import dataclasses
import gzip
import http.client
import json
import sqlite3

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.views.debug import ExceptionReporter

from ndsadmin.db.d1.driver import Connection
from ndsadmin.db.d1.transport import Bucket, Gateway, Lost, Rejected, Rest, Road, Secret, Statement, Throttled, road_to
from tests.ndsadmin.db.d1.faults import Handler, proxy, serving

ASKED = {"batch": [{"sql": "SELECT 1", "params": []}]}


def post(gateway, body, *, path: str = "/DB", secret: str | None = None, method: str = "POST", **headers: str):
    """What the Worker answers, as status and text."""
    link = http.client.HTTPConnection("127.0.0.1", gateway.port)
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    given = gateway.secret if secret is None else secret
    link.request(method, path, text, {"authorization": f"Bearer {given}", **headers})
    reply = link.getresponse()
    found = reply.status, reply.read().decode()
    link.close()
    return found


class TestWorker:
    """What stands beside the database takes nothing but its own protocol."""

    def test_it_answers_with_rows_and_a_bookmark(self, gateway):
        status, text = post(gateway, ASKED)
        told = json.loads(text)

        assert (status, told["result"][0]["results"]) == (200, {"columns": ["1"], "rows": [[1]]})
        assert told["bookmark"]

    def test_zipped_is_understood(self, gateway):
        assert post(gateway, gzip.compress(json.dumps(ASKED).encode()), **{"content-encoding": "gzip"})[0] == 200

    @pytest.mark.parametrize("secret", ["", "x", "another secret of the same length!"])
    def test_another_secret_is_refused(self, gateway, secret):
        assert post(gateway, ASKED, secret=secret) == (
            401,
            '{"success":false,"errors":[{"code":401,"message":"The secret is missing or wrong."}],"result":[]}',
        )

    @pytest.mark.parametrize("path", ["/", "/NONE", "/SECRET", "/constructor", "/__proto__", "/DB/raw", "//DB"])
    def test_another_path_is_refused(self, gateway, path):
        assert post(gateway, ASKED, path=path)[0] == 404

    @pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
    def test_another_method_is_refused(self, gateway, method):
        assert post(gateway, ASKED, method=method)[0] == 404

    @pytest.mark.parametrize(
        ("body", "told"),
        [
            (b"{", "Expected JSON."),
            (b"\xff", "Expected JSON."),
            ([], "batch: expected a list of statements."),
            ({"batch": []}, "batch: expected a list of statements."),
            ({**ASKED, "more": 1}, "Only batch and bookmark are understood."),
            ({**ASKED, "bookmark": 1}, "bookmark: expected text."),
            ({"batch": [{"params": []}]}, "batch[0].sql: expected text."),
            ({"batch": [{"sql": "SELECT 1"}]}, "batch[0].params: expected text, numbers or lists of bytes."),
            ({"batch": [{"sql": "SELECT ?", "params": [True]}]}, "batch[0].params: expected"),
            ({"batch": [{"sql": "SELECT ?", "params": [[256]]}]}, "batch[0].params: expected"),
            (b'{"batch": [{"sql": "SELECT ?", "params": [1e999]}]}', "batch[0].params: expected"),
        ],
    )
    def test_what_is_no_request_is_told(self, gateway, body, told):
        status, text = post(gateway, body)

        assert status == 400
        assert told in json.loads(text)["errors"][0]["message"]

    def test_much_is_refused_zipped_too(self, gateway):
        assert post(gateway, gzip.compress(b" " * 40_000_000), **{"content-encoding": "gzip"})[0] == 413


class TestRoads:
    def test_the_address_tells_the_road(self):
        rest = road_to("api.cloudflare.com", "account/key", "token")
        gateway = road_to("d1.example.com", "DB", "secret")

        assert isinstance(rest, Rest)
        assert rest.url == "https://api.cloudflare.com/client/v4/accounts/account/d1/database/key"
        assert isinstance(gateway, Gateway)
        assert gateway.url == "https://d1.example.com/DB"

    @pytest.mark.parametrize(
        ("host", "name", "secret"),
        [("api.cloudflare.com", "account", "t"), ("h", "DB", ""), ("h", "DB", "é"), ("h", "DB", "a\nb")],
    )
    def test_an_address_that_is_none_is_told(self, host, name, secret):
        with pytest.raises(ImproperlyConfigured, match="expected"):
            road_to(host, name, secret)

    def test_another_machine_is_reached_by_https_alone(self):
        with pytest.raises(ImproperlyConfigured, match="https alone"):
            Road("http://d1.example.com/DB", Secret("s"))

    def test_the_secret_is_in_no_repr_and_no_error(self, gateway, d1):
        """Dies where the secret is a plain string, or errors bring the request along."""
        assert gateway.secret not in repr(Secret(gateway.secret))
        assert gateway.secret not in repr(vars(d1.road))
        with pytest.raises(Lost) as lost:
            Gateway("http://127.0.0.1:9/DB", Secret(gateway.secret)).send([Statement("SELECT 1")])
        assert gateway.secret not in repr(lost.value)
        assert lost.value.__cause__ is None
        assert lost.value.__suppress_context__

    @pytest.mark.parametrize("port", ["9", "gateway"])
    def test_the_secret_is_on_no_debugging_page(self, gateway, d1, settings, port):
        """Django shows the variables of every function on the way, and all settings."""
        secret = f"{gateway.secret}-of-the-page"
        settings.NDS = dataclasses.replace(settings.NDS, d1_token=secret)
        settings.DATABASES["default"]["PASSWORD"] = secret
        road = Gateway(f"http://127.0.0.1:{gateway.port if port == 'gateway' else port}/DB", Secret(secret))
        try:
            Connection(road).execute("SELECT 1")
        except sqlite3.Error as error:
            behind = error.__traceback__.tb_next  # from the driver on: this function knows the secret
            page = ExceptionReporter(None, type(error), error, behind).get_traceback_html()

        del settings.DATABASES["default"]["PASSWORD"]
        assert "Traceback" in page
        assert secret not in page
        assert repr(settings.NDS).count(secret) == 0

    def test_much_goes_zipped_to_another_machine(self, monkeypatch):
        """Dies where a large commit travels as it is, or a small one is zipped for nothing."""
        road, sent = Road("https://d1.example.com/DB", Secret("s")), []
        monkeypatch.setattr(
            road._pool, "request", lambda method, url, body, headers: sent.append((body, headers)) or Reply()
        )
        for text in ("short", "long" * 10_000):
            road.send([Statement("SELECT ?", [text])])

        (_, plain), (body, zipped) = sent
        assert ("content-encoding" in plain, zipped["content-encoding"]) == (False, "gzip")
        assert json.loads(gzip.decompress(body))["batch"][0]["params"] == ["long" * 10_000]
        assert plain["accept-encoding"] == "gzip"


class Reply:
    status, headers = 200, {}
    data = b'{"success": true, "result": [{"results": {"columns": [], "rows": []}}]}'


class TestAnswers:
    @pytest.mark.parametrize(
        "body", [b"<html>", b"{}", b"[]", b'{"success": true}', b'{"success": true, "result": null}']
    )
    def test_what_is_none_of_d1s_is_lost(self, gateway, body):
        with answering(200, body) as port, pytest.raises(Lost):
            Gateway(f"http://127.0.0.1:{port}/DB", Secret("s")).send([Statement("SELECT 1")])

    @pytest.mark.parametrize(
        ("message", "raised"),
        [
            ("D1 DB storage operation exceeded timeout which caused object to be reset.", Lost),
            ("internal error; reference = 1", Lost),
            ("no such table: t: SQLITE_ERROR", Rejected),
            (
                "UNIQUE constraint failed: t.internal error: SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_UNIQUE)",
                Rejected,
            ),
        ],
    )
    def test_what_d1_knows_and_what_it_does_not(self, message, raised):
        """Dies where the words of a row are taken for D1's."""
        body = json.dumps({"success": False, "errors": [{"code": 7500, "message": message}], "result": []}).encode()
        with answering(400, body) as port, pytest.raises(raised):
            Gateway(f"http://127.0.0.1:{port}/DB", Secret("s")).send([Statement("SELECT 1")])

    def test_too_many_are_waited_for_and_then_given_up(self):
        with answering(429, b"{}", **{"retry-after": "300"}) as port, pytest.raises(Throttled, match="300 s"):
            Gateway(f"http://127.0.0.1:{port}/DB", Secret("s")).send([Statement("SELECT 1")])


def answering(status: int, body: bytes, **headers: str):
    """A server that gives one answer to everything."""

    class Always(Handler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.answer(status, body, **headers)

    return serving(Always)


def test_the_bucket_takes_what_the_api_takes():
    now = [0.0]
    bucket = Bucket(3, 30, clock=lambda: now[0])

    assert [bucket.take() for _ in range(4)] == [0, 0, 0, 10]
    now[0] = 10
    assert [bucket.take(), bucket.take()] == [0, 10]


def test_the_rate_of_the_api_is_its_tokens():
    one, other = Rest("https://api.cloudflare.com/a", Secret("t")), Rest("https://api.cloudflare.com/b", Secret("t"))

    assert one._bucket is other._bucket


def test_the_api_speaks_the_same_language(gateway, monkeypatch):
    """Cloudflare's addresses in front of the same Worker: rows, making and deleting a database."""
    asked = []

    def ask(self, method, url, body=None):
        asked.append((method, url.removeprefix("https://api.cloudflare.com/client/v4/accounts/acc/d1/database")))
        if url.endswith("/raw"):
            return Gateway(f"http://127.0.0.1:{gateway.port}/DB", Secret(gateway.secret)).ask("POST", at_gateway, body)
        return {"result": {"uuid": "new"}}

    at_gateway = f"http://127.0.0.1:{gateway.port}/DB"
    real = Road.ask
    monkeypatch.setattr(Rest, "ask", ask)
    monkeypatch.setattr(Gateway, "ask", real)
    rest = road_to("api.cloudflare.com", "acc/key", "token")

    assert rest.send([Statement("SELECT 7")])[0].rows == [[7]]
    assert rest.create("test") == "new"
    rest.delete("new")
    assert asked == [("POST", "/key/raw"), ("POST", ""), ("DELETE", "/new")]


def test_a_proxy_is_part_of_the_tests(gateway):
    """What the fault tests stand on: without a fault it changes nothing."""
    with proxy(gateway.port, lambda number: None) as port:
        road = Gateway(f"http://127.0.0.1:{port}/DB", Secret(gateway.secret))
        assert road.send([Statement("SELECT 1")])[0].rows == [[1]]
