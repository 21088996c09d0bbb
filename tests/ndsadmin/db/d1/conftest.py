"""A real D1 on this machine, whichever database the suite runs on."""

import shutil
from collections.abc import Iterator

import pytest
from django.db import connections

from ndsadmin.db.d1.base import DatabaseWrapper
from ndsadmin.db.d1.driver import Connection
from ndsadmin.db.d1.local import LocalGateway
from ndsadmin.db.d1.transport import Road, road_to

ALIAS = "on_d1"


def pytest_collection_modifyitems(items):
    if shutil.which("node") is None:
        for item in items:
            if "gateway" in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.skip(reason="needs Node"))


@pytest.fixture(scope="session")
def gateway() -> Iterator[LocalGateway]:
    with LocalGateway(["DB", "TEST"]) as running:
        yield running


@pytest.fixture
def road(gateway) -> Iterator[Road]:
    """To an empty database."""
    road = road_to(f"127.0.0.1:{gateway.port}", "DB", gateway.secret)
    connection = Connection(road)
    rows = connection.execute("SELECT type, name FROM sqlite_master WHERE type IN ('table', 'view')").rows
    names = [(kind, name) for kind, name in rows if not name.startswith(("_cf_", "sqlite_"))]
    if names:
        drops = [f'DROP {kind} "{name}"' for kind, name in names]
        connection.tables(["PRAGMA defer_foreign_keys = ON", *drops, "PRAGMA defer_foreign_keys = OFF"])
    yield road
    road.close()


@pytest.fixture
def d1(road) -> Connection:
    return Connection(road)


@pytest.fixture
def wrapper(road, gateway, settings, django_db_blocker):
    """A Django connection to an empty database; scopes hold on it as on any other."""
    given = {
        **connections["default"].settings_dict,
        "ENGINE": "ndsadmin.db.d1",
        "HOST": f"127.0.0.1:{gateway.port}",
        "NAME": "DB",
        "PASSWORD": gateway.secret,
        "OPTIONS": {},
        "TEST": {"NAME": "TEST"},
    }
    settings.DATABASES[ALIAS] = given
    connections[ALIAS] = DatabaseWrapper(given, alias=ALIAS)
    with django_db_blocker.unblock():  # it is none of the databases that pytest-django rolls back
        yield connections[ALIAS]
    connections[ALIAS].close()
    del connections[ALIAS]
    del settings.DATABASES[ALIAS]
