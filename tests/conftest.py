"""What all tests share: the sample's export, people, and signed-in clients."""

import contextvars
import lzma
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from security.scope import Scope
from security.services import repeating
from security.services.vault import vault
from tenants.models import User
from tests import left_behind
from tests.arranging import WatchedTransactions, arranging
from tests.factories.tenants import platform_person
from tests.scheduling import Scheduling
from tests.settings import IS_D1

DATA = Path(__file__).parent / "data"


def pytest_xdist_make_scheduler(config, log):
    return Scheduling(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """In CI a test that cannot run is a failure: nothing may be skipped there."""
    report = yield
    if report.skipped and os.environ.get("CI"):
        report.outcome = "failed"
        report.longrepr = f"skipped in CI: {report.longrepr}"
    return report


def pytest_collection_modifyitems(config, items):
    if IS_D1:
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("embedded")])
        items[:] = [item for item in items if item.get_closest_marker("embedded") is None]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    """D1 commits a test's transaction when the test changes the schema: what it left behind is taken away."""
    result = yield
    if IS_D1 and nextitem is not None:  # behind the last one the database is gone
        left_behind.take_away()
    return result


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> None:
    if IS_D1:
        with django_db_blocker.unblock():
            left_behind.remember()


@pytest.fixture(scope="session")
def export_text() -> str:
    """The sample: a real `wrangler d1 export` of a real D1, 7,662 rows."""
    return lzma.decompress((DATA / "pipeline-export.sql.xz").read_bytes()).decode()


@pytest.fixture(scope="session")
def export(tmp_path_factory, export_text) -> Path:
    path = tmp_path_factory.mktemp("export") / "pipeline-export.sql"
    path.write_text(export_text)
    return path


@pytest.fixture(autouse=True)
def all_tenants() -> Iterator[Scope]:
    """Tests arrange and look over all tenants. What they test opens its own scope: a request, a command, a block."""
    with arranging() as opened:
        yield opened


@pytest.fixture(autouse=True)
def own_data_keys():
    """What a test unwrapped is not the next one's: tenants have the same names there, and other keys."""
    yield
    vault.forget()


@pytest.fixture(autouse=True)
def services_are_watched(monkeypatch):
    monkeypatch.setattr(repeating, "transaction", WatchedTransactions)


@pytest.fixture(autouse=True)
def requests_open_their_own_scope(monkeypatch):
    """A request finds no scope but its own: what runs outside of that must fail here as it would in production."""
    send = Client.request
    monkeypatch.setattr(Client, "request", lambda self, **given: contextvars.Context().run(send, self, **given))


def without_scope(work):
    """What ``work`` gives where no scope is open."""
    return contextvars.Context().run(work)


@pytest.fixture
def scope(all_tenants) -> Scope:
    """The scope that tests act in."""
    return all_tenants


@pytest.fixture
def operator(db) -> User:
    return platform_person(role="owner", email="operator@platform.example")


@pytest.fixture
def auditor(db) -> User:
    return platform_person(role="viewer", email="auditor@platform.example")


@pytest.fixture
def support(db) -> User:
    return platform_person(role="member", email="support@platform.example")


@pytest.fixture
def signed_in(db):
    """A client that is signed in as a person."""

    def sign_in(person: User) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return sign_in


@pytest.fixture
def client_of_operator(operator, signed_in) -> Client:
    return signed_in(operator)
