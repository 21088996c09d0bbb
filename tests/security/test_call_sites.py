"""Every place that opens a scope beyond one tenant, with its reason. A new one fails here until somebody lists it."""

import ast

import pytest

from tests.architecture.test_layout import CODE
from tests.processes import ROOT

SITES = {
    "platform_scope": {
        "analytics/management/commands/roll_up.py": "sums of all tenants' days",
        "content/management/commands/skills.py": "everybody's skills are published and reviewed",
        "ndsadmin/management/commands/createplatformadmin.py": "the first operator, before anybody can sign in",
        "ndsadmin/management/commands/doctor.py": "looks over the whole cell",
        "ndsadmin/dashboard/views/entering.py": "who works in one tenant chooses another",
        "tenants/services/people.py": "operators look after people of tenants, who are not of theirs",
        "tenants/services/home.py": "rows of people of the platform, who are in a tenant: account, preferences, proofs",
        "tenants/services/looking.py": "looking as somebody is in the trail of his tenant",
        "tenants/services/entering.py": "entering and leaving a tenant is in its trail",
        "ndsadmin/management/commands/keys.py": "keys of all tenants",
    },
    "framework_scope": {
        "security/sessions.py": "the session store",
        "tenants/authentication.py": "who is behind a session",
        "tenants/services/sign_in.py": "who is at the door",
        "tenants/throttling.py": "wrong passwords at the door are counted",
        "ndsadmin/dashboard/views/sign_in.py": "who came in or went: wrong passwords before count no more",
        "tenants/services/invitations.py": "who holds an invitation's token is nobody yet",
        "tenants/services/accounts.py": "who forgot the password is not signed in",
        "security/services/sessions.py": "sessions of somebody, for who may end them",
    },
    "maintenance_scope": {
        "ndsadmin/management/commands/adopt.py": "takes a database over",
        "ndsadmin/management/commands/demo.py": "fills an empty database",
        "ndsadmin/management/commands/import_d1.py": "fills an empty database",
        "ndsadmin/management/commands/migrate.py": "changes the schema",
        "ndsadmin/management/commands/flush.py": "empties a database",
        "ndsadmin/management/commands/loaddata.py": "fills a database",
        "ndsadmin/management/commands/dumpdata.py": "reads a whole database",
        "ndsadmin/db/sqlite/creation.py": "test databases as text",
        "ndsadmin/management/commands/d1.py": "takes the full-text table away around an export",
    },
    "acting": {
        "security/middleware.py": "the scope of a request",
        "ndsadmin/tables/sending.py": "a file that is streamed after its request",
    },
}


def calls(path, name: str) -> bool:
    nodes = ast.walk(ast.parse(path.read_text()))
    return any(isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id == name for n in nodes)


@pytest.mark.parametrize("name", SITES)
def test_every_place_is_listed(name):
    defined = {"security/scope.py"}
    found = {str(path.relative_to(ROOT)) for path in CODE if calls(path, name)} - defined

    assert found == SITES[name].keys()


def test_nothing_takes_the_drivers_connection():
    """What goes past Django's cursors goes past row-level security. The backend itself may."""
    found = {str(path.relative_to(ROOT)) for path in CODE if "connection.connection" in path.read_text()}

    assert {path for path in found if not path.startswith("ndsadmin/db/")} == set()
