"""A real installation behind a real browser: gunicorn on a file, Debian's Chromium, http and https.

The database is the demo's, made by the same commands that an operator types. It ends with the folder, since
playwright's event loop would make Django take the tests behind it for asynchronous ones.
"""

import datetime as dt
import os
import shutil
import socket
import sqlite3
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from ndsadmin.db.d1.driver import Connection
from ndsadmin.db.d1.transport import road_to
from tests.processes import ROOT, environment, manage
from tests.settings import IS_D1

CHROMIUM = shutil.which("chromium")
AXE = ROOT / "tests" / "node" / "node_modules" / "axe-core" / "axe.min.js"
PASSWORD = "nds-admin-demo"
OPERATOR = "operator@platform.example"
OWN = f"BROWSER{os.environ.get('PYTEST_XDIST_WORKER', '').removeprefix('gw')}"  # the database, where that is D1
START = 30  # seconds that a server may take to answer
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="needs Debian's chromium"))


@dataclass(frozen=True)
class Server:
    address: str
    database: Path

    @property
    def mails(self) -> Path:
        """Where what it mails lies."""
        return self.database.parent / "mails"

    def execute(self, sql: str, *values: object) -> list[tuple]:
        """Run a statement on its database, past the dashboard, as a worker would."""
        if IS_D1:
            host = os.environ["DATABASE_URL"].removeprefix("d1://").partition("/")[0]
            return list(Connection(road_to(host, OWN, os.environ["D1_TOKEN"])).execute(sql, values).rows)
        opened = sqlite3.connect(self.database, timeout=30)
        with opened:
            rows = opened.execute(sql, values).fetchall()
        opened.close()
        return rows


@pytest.fixture(scope="package")
def demo_database(tmp_path_factory) -> Path:
    database = tmp_path_factory.mktemp("browser") / "demo.sqlite3"
    for command in (["migrate", "--verbosity", "0"], ["demo"]):
        done = manage(database, *command, **on_d1())
        assert done.returncode == 0, done.stderr
    return database


def on_d1() -> dict[str, str]:
    """The variables that put the installation on D1, where the suite runs on it."""
    return {"DATABASE_URL": f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{OWN}"} if IS_D1 else {}


def serve(database: Path, *options: str, scheme: str, **variables: str) -> Iterator[Server]:
    """Serve as in production: DEBUG off, static files with hashed names."""
    mails = {"NDS_MAIL": f"file://{database.parent / 'mails'}"}
    env = environment(database, NDS_DEBUG="false", NDS_SECRET_KEY="k" * 60, **mails, **variables, **on_d1())
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"], cwd=ROOT, env=env, check=True
    )
    with socket.socket() as door:
        # Ours from the start, so that no other process takes the port, and who comes early waits.
        door.bind(("127.0.0.1", 0))
        door.listen()
        bind = ["--bind", f"fd://{door.fileno()}", "--threads", "4", "--log-level", "warning"]
        command = [sys.executable, "-m", "gunicorn", "ndsadmin.wsgi", *bind, *options]
        with subprocess.Popen(command, cwd=ROOT, env=env, pass_fds=[door.fileno()]) as process:
            try:
                address = f"{scheme}://127.0.0.1:{door.getsockname()[1]}"
                trusting = ssl._create_unverified_context()
                urllib.request.urlopen(f"{address}/login/", context=trusting, timeout=START).close()
                yield Server(address, database)
            finally:
                process.terminate()


@pytest.fixture(scope="package")
def server(demo_database) -> Iterator[Server]:
    yield from serve(demo_database, scheme="http", NDS_HTTPS="false")


@pytest.fixture(scope="package")
def secure_server(demo_database, tmp_path_factory) -> Iterator[Server]:
    key, certificate = certificate_for_loopback(tmp_path_factory.mktemp("tls"))
    options = ["--keyfile", str(key), "--certfile", str(certificate)]
    yield from serve(demo_database, *options, scheme="https", NDS_HTTPS="true")


def certificate_for_loopback(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    pem = serialization.Encoding.PEM
    (folder / "key.pem").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(pem))
    return folder / "key.pem", folder / "certificate.pem"


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@dataclass
class Visit:
    """A page and what its console complained of."""

    page: Page
    server: Server
    complaints: list[str]
    sessions: dict[tuple[str, str], list[Any]]  # cookies by server and person, of those who only look

    def goto(self, path: str) -> int:
        response = self.page.goto(self.server.address + path)
        assert response is not None
        return response.status

    def look_as(self, email: str = OPERATOR) -> None:
        """Be signed in, in a session that pages share which are only looked at."""
        known, context = (self.server.address, email), self.page.context
        context.add_cookies(self.sessions.get(known, []))
        if context.request.get(f"{self.server.address}/account/roles/", max_redirects=0).status != HTTPStatus.OK:
            self.sign_in(email)
            self.sessions[known] = [cookie for cookie in context.cookies() if "session" in cookie["name"]]

    def sign_in(self, email: str = OPERATOR) -> None:
        self.goto("/login/")
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url(f"{self.server.address}/")


@pytest.fixture(scope="package")
def sessions() -> dict[tuple[str, str], list[Any]]:
    return {}


@pytest.fixture
def visit(browser, server, sessions):
    """Open the dashboard: in light or dark, wide or narrow."""
    contexts: list[BrowserContext] = []

    def open_(*, theme: str = "light", width: int = 1280, at: Server | None = None) -> Visit:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=theme,
            timezone_id="Europe/Berlin",
            ignore_https_errors=True,
        )
        contexts.append(context)
        page = context.new_page()
        visit = Visit(page, at or server, [], sessions)
        page.on("console", lambda message: visit.complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: visit.complaints.append(str(error)))
        return visit

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture(scope="package")
def pictures(tmp_path_factory) -> Path:
    """Where pictures of pages go: the folder in PICTURES, or one that is thrown away."""
    folder = Path(os.environ.get("PICTURES", tmp_path_factory.mktemp("pictures")))
    folder.mkdir(parents=True, exist_ok=True)
    return folder
