"""Every route of the site, for everybody, in every way: what comes of it follows from the role matrix.

Routes come from the resolver; one without an entry in `ROUTES` fails. An entry says what each method asks of the matrix
(`security.roles.MATRIX`), so that a view which asks something else, or nothing, disagrees with it. A row in an address
is of `tenant_001`: to the owner of another tenant it is not there, which is a 404 and never a 403.

Pages are not drawn here (templates answer with nothing): what they show is for other tests.
"""

import re
from dataclasses import dataclass, field

import pytest
from django.contrib import admin
from django.template import engines
from django.test import Client

from ndsadmin.tables.addresses import list_address
from security.contract import Writer, contract_tables
from security.models import AuditLog
from security.rls.policies import Closed
from security.roles import Role, Verb, is_platform, may, reads_trail
from tests.arranging import made
from tests.factories import content, publishing
from tests.factories.tenants import brand_profile, person, platform_person, tenant
from tests.ndsadmin.test_sweep import routes

pytestmark = pytest.mark.django_db
METHODS = ("GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "POST")
READING, WRITING = frozenset({"GET", "HEAD"}), frozenset({"POST"})
PRINCIPALS = (
    "anonymous", "viewer", "member", "admin", "owner", "stranger", "suspended", "support", "auditor", "operator",
)  # fmt: skip
ROLES = {name: Role(name) for name in ("viewer", "member", "admin", "owner", "support", "auditor", "operator")}
ROLES["stranger"] = Role.OWNER  # of another tenant
DONE = frozenset({200, 302, 303, 400, 409})  # let in: what was sent may still be nonsense


@dataclass(frozen=True)
class Route:
    """What a route asks: for reading and for writing, each a verb and a resource; None for what it does not take.

    ``open`` routes ask nobody to be signed in; ``anybody`` asks no more than that. ``row`` names what the address is
    about: a row of the first tenant. ``at_home`` is a page of one tenant: people of the platform, who are in none here,
    are led on, or do not find its rows.
    """

    read: tuple[Verb, str] | str | None = None
    write: tuple[Verb, str] | str | None = None
    open: bool = False
    row: bool = False
    platform_table: bool = False
    at_home: bool = False
    more: frozenset[int] = field(default_factory=frozenset)  # further answers of who is let in


ANYBODY = "anybody"
V = Verb
ROUTES: dict[str, Route] = {
    "/": Route(ANYBODY),
    "/search/": Route(ANYBODY),
    "/login/": Route(ANYBODY, ANYBODY, open=True),
    "/login/forgotten/": Route(ANYBODY, ANYBODY, open=True),
    "/login/new-password/": Route(ANYBODY, ANYBODY, open=True, more=frozenset({404})),
    "/login/new-password/<str:uid>/<str:token>/": Route(ANYBODY, open=True),
    "/join/": Route(ANYBODY, ANYBODY, open=True, more=frozenset({404})),
    "/join/<str:token>/": Route(ANYBODY, open=True),
    "/logout/": Route(None, ANYBODY),
    "/account/": Route((V.VIEW, "own account"), (V.CHANGE, "own account")),
    "/account/sessions/": Route((V.VIEW, "own account"), (V.CHANGE, "own account")),
    "/account/roles/": Route(ANYBODY),
    "/account/email/<str:token>/": Route((V.VIEW, "own account")),
    "/looking/stop/": Route(None, "nobody"),
    "/people/": Route((V.VIEW, "people"), (V.CHANGE, "people")),
    "/people/<path:key>/": Route((V.VIEW, "people"), (V.CHANGE, "people"), row=True, at_home=True),
    "/settings/": Route((V.VIEW, "settings"), (V.CHANGE, "settings"), at_home=True),
    "/share/<slug:kind>/<path:key>/": Route(None, (V.SHARE, "content_templates"), row=True),
    "/tenants/": Route((V.ENTER, "tenants")),
    "/tenants/new/": Route((V.ADD, "tenants"), (V.ADD, "tenants")),
    "/tenants/enter/": Route((V.ENTER, "tenants"), (V.ENTER, "tenants")),
    "/tenants/leave/": Route(None, (V.ENTER, "tenants")),
    "/tenants/<path:key>/": Route((V.ENTER, "tenants"), (V.CHANGE, "tenants"), row=True),
    "/audit/": Route("trail"),
    "/audit/complete/": Route("trail"),
    "/audit/export/": Route(None, (V.EXPORT, "audit_logs")),
    "/audit/views/": Route(None, "trail"),
    "/audit/review/": Route((V.VIEW, "audit findings"), (V.ADD, "audit findings")),
    "/audit/<path:key>/": Route("trail", row=True),
    "/brand/": Route((V.VIEW, "brand_profiles"), (V.CHANGE, "brand_profiles"), at_home=True),
    "/guards/": Route((V.VIEW, "guard_results")),
    "/skills/": Route((V.VIEW, "skills")),
    "/skills/compare/": Route((V.VIEW, "skills")),
    "/skills/export/": Route(None, (V.EXPORT, "skills")),
    "/skills/review/": Route((V.VIEW, "skill review")),
    "/skills/review/<path:key>/": Route((V.VIEW, "skill review"), (V.CHANGE, "skill review"), row=True),
    "/skills/versions/<path:key>/": Route((V.CHANGE, "skills"), (V.CHANGE, "skills"), row=True),
    "/skills/<path:key>/": Route((V.VIEW, "skills"), (V.CHANGE, "skills"), row=True),
    "/publishing/accounts/": Route((V.VIEW, "social_accounts")),
    "/publishing/accounts/<path:key>/": Route((V.VIEW, "social_accounts"), (V.CHANGE, "social_accounts"), row=True),
    "/operations/keys/": Route((V.CHANGE, "tenant_keys"), (V.CHANGE, "tenant_keys"), more=frozenset({404})),
    "/operations/sql/": Route((V.VIEW, "statements"), (V.VIEW, "statements")),
    "/data/": Route(ANYBODY),
    "/data/<slug:app_label>/": Route(ANYBODY, more=frozenset({404})),
}


def table_routes() -> dict[str, Route]:
    """The seven addresses of each table, from what its admin declares."""
    found = {}
    for model, table in admin.site.tables().items():
        at, name = list_address(model), model._meta.db_table
        closed = isinstance(model.rls, Closed)
        writable = bool(table.fields) and model.writer is not Writer.LOG and not model._meta.is_composite_pk
        change = (V.CHANGE, name) if writable else "nobody"
        found |= {
            at: Route((V.VIEW, name), platform_table=closed),
            f"{at}export/": Route(None, (V.EXPORT, name), platform_table=closed),
            f"{at}bulk/": Route(None, ("bulk", name) if table.bulk else "nobody"),
            f"{at}columns/": Route(None, (V.VIEW, name), platform_table=closed),
            f"{at}add/": Route((V.ADD, name) if writable else "nobody", (V.ADD, name) if writable else "nobody"),
            f"{at}<path:object_id>/change/": Route(("form", name), change, row=True,
                                                   platform_table=closed),
            f"{at}<path:object_id>/": Route((V.VIEW, name), row=True, platform_table=closed),
        }  # fmt: skip
    return found


def test_every_route_has_its_entry():
    """Dies where a page is added that nobody thought through."""
    assert set(routes()) == set(ROUTES) | set(table_routes())


@pytest.fixture
def nothing_drawn(monkeypatch):
    """Templates answer with nothing: a hundred pages a second instead of ten."""
    monkeypatch.setattr(type(engines["django"].from_string("")), "render", lambda self, *given, **more: "")


@pytest.fixture
def house(db):
    """A tenant with people and a row of each table, another tenant, and the people of the platform."""
    home, other = tenant(tenant_id="tenant_001"), tenant(tenant_id="tenant_002")
    people = {role: person(tenant=home, role=role) for role in ("viewer", "member", "admin", "owner")}
    people["suspended"] = person(tenant=home, role="owner", status="suspended")
    people["stranger"] = person(tenant=other, role="owner")
    for name, stored in (("operator", "owner"), ("auditor", "viewer"), ("support", "member")):
        people[name] = platform_person(role=stored)
    return home, people


def rows(home, people) -> dict[str, str]:
    """The key of a row of the tenant in each table that has one key."""
    post = publishing.post(account=publishing.social_account(tenant=home))
    generated = content.generated_content(tenant=home)
    own_skill = content.skill(visibility=f"tenant:{home.pk}")
    made_rows = [
        home, people["viewer"], brand_profile(tenant=home), own_skill, content.skill_version(skill=own_skill),
        content.content_template(tenant=home), generated, content.guard_result(content_id=generated.pk),
        content.knowledge_entry(tenant=home), content.post_configuration(tenant=home), post,
        made(AuditLog, tenant=home, user=people["member"], action="create_post", resource_type="post"),
    ]  # fmt: skip
    return {row._meta.db_table: str(row.pk) for row in made_rows} | {"social_accounts": str(post.account_id)}


def outcome(route: Route, principal: str, method: str, has_row: bool) -> frozenset[int]:
    """The answers that may come."""
    asked = route.read if method in READING else route.write if method in WRITING else None
    signed_in = principal not in {"anonymous", "suspended"}
    if not signed_in and not route.open:
        return frozenset({302})  # to the door, whatever there is
    if method not in READING | WRITING or asked is None:
        return frozenset({405, 403, 404, 302}) if method not in READING | WRITING else frozenset({405})
    if route.open or asked == ANYBODY:
        return DONE | route.more
    role = ROLES[principal]
    if route.at_home and is_platform(role):
        return frozenset({404, 403} if route.row else {302, 403})
    if not _holds(asked, role):
        return frozenset({403, 404} if route.row or principal == "stranger" else {403})
    if route.platform_table and not is_platform(role):
        return frozenset({403, 404})
    if route.row and (principal == "stranger" or not has_row):
        return frozenset({404})
    return DONE | route.more


def _holds(asked: tuple | str, role: Role) -> bool:
    if asked == "nobody":
        return False
    if asked == "trail":
        return reads_trail(role)
    verb, resource = asked
    if verb == "bulk":
        return may(role, Verb.PUBLISH, resource) or may(role, Verb.CHANGE, resource)
    if verb == "form":
        return may(role, Verb.VIEW, resource)
    if (verb, resource) == (Verb.CHANGE, "people"):
        return may(role, verb, resource)
    return may(role, verb, resource) or (verb is Verb.CHANGE and may(role, Verb.PUBLISH, resource))


def client_of(people, principal: str) -> Client:
    client = Client(raise_request_exception=False)
    if principal != "anonymous":
        client.force_login(people[principal])
    return client


def address_of(route: str, keys: dict[str, str]) -> tuple[str, bool]:
    """The address with the tenant's row in it, and whether there is such a row."""
    table = next((model._meta.db_table for model in contract_tables() if route.startswith(list_address(model))), "")
    named = {"people": "users", "tenants": "tenants", "audit": "audit_logs", "publishing": "social_accounts",
             "skills": "skills"}  # fmt: skip
    table = named.get(route.split("/")[1], table)
    if route.startswith("/share/"):
        return f"/share/content_template/{keys['content_templates']}/", True
    key = keys.get(table, "nothing")
    return re.sub(r"<[^>]+>", key, route), key != "nothing" or "<" not in route


@pytest.mark.parametrize("principal", PRINCIPALS)
def test_asvs_8_2_1_8_3_1_the_matrix_decides(principal, house, nothing_drawn):
    home, people = house
    keys, every = rows(home, people), {**ROUTES, **table_routes()}
    client = client_of(people, principal)
    wrong = []
    for name in sorted(every, key=lambda name: (name == "/logout/", name)):
        route = every[name]
        address, has_row = address_of(name, keys)
        for method in METHODS:
            response = client.generic(method, address)
            allowed = outcome(route, principal, method, has_row)
            is_sent_away = not route.open and name != "/logout/" and response.get("Location", "").startswith("/login/")
            if response.status_code not in allowed or (is_sent_away and 405 not in allowed and ROLES.get(principal)):
                wrong.append((method, address, response.status_code, sorted(allowed)))

    assert wrong == [], "\n".join(map(str, wrong))
