import pytest

from security.exceptions import ViewRefused
from security.models import AuditLog, AuditView
from security.roles import Role
from security.scope import Reach, Scope, acting, tenant_scope
from security.services import views
from security.services.views import delete_view, save_view
from tests.factories.tenants import person, tenant

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return tenant(tenant_id="t1")


def as_one(who, role: Role) -> Scope:
    return Scope(request_id="r", actor_id=who.pk, role=role, reach=Reach.TENANT, tenant_id=who.tenant_id)


def test_a_view_is_saved_with_an_entry_and_saved_again_in_its_place(home):
    who = person(tenant=home, role="owner")
    with acting(as_one(who, Role.OWNER)):
        save_view(" Sign-ins ", "action:login", is_shared=False)
        save_view("Sign-ins", "action:login ok:false", is_shared=True)

    assert list(AuditView.objects.values_list("tenant_id", "user_id", "name", "query", "is_shared")) == [
        ("t1", who.pk, "Sign-ins", "action:login ok:false", True)
    ]
    told = AuditLog.objects.order_by("pk").values_list("action", "tenant_id", "metadata")
    assert [(action, tenant_id, noted["changes"]) for action, tenant_id, noted in told] == [
        ("save_audit_view", "t1", {"query": [None, "action:login"], "shared": [None, False]}),
        ("save_audit_view", "t1", {"query": ["action:login", "action:login ok:false"], "shared": [False, True]}),
    ]


@pytest.mark.parametrize(
    ("name", "query", "shared", "told"),
    [
        ("", "a", False, "name: expected 1 to 60"),
        ("x" * 61, "a", False, "name: expected 1 to 60"),
        ("a\0", "a", False, "name"),
        ("a", "  ", False, "query: expected something"),
        ("a", "a", True, "shared: only"),
    ],
)
def test_what_cannot_be_saved_says_why(home, name, query, shared, told):
    with acting(as_one(person(tenant=home), Role.MEMBER)), pytest.raises(ViewRefused, match=told):
        save_view(name, query, is_shared=shared)


def test_one_person_keeps_so_many(home, monkeypatch):
    monkeypatch.setattr(views, "MOST", 2)
    with acting(as_one(person(tenant=home), Role.MEMBER)):
        for name in "ab":
            save_view(name, "x", is_shared=False)
        save_view("a", "y", is_shared=False)
        with pytest.raises(ViewRefused, match="2 views"):
            save_view("c", "x", is_shared=False)


def test_views_of_others_are_not_deleted_but_shared_ones_by_who_may_share(home):
    """Dies where the owner's private view, or one of another tenant, can be deleted by its id."""
    owner, admin, member = (person(tenant=home, role=role) for role in ("owner", "admin", "member"))
    stranger = person(tenant=tenant(tenant_id="t2"), role="owner")
    with acting(as_one(owner, Role.OWNER)):
        own, shared = save_view("own", "x", is_shared=False), save_view("shared", "x", is_shared=True)

    for who, role in ((member, Role.MEMBER), (stranger, Role.OWNER)):
        for view in (own, shared):
            with acting(as_one(who, role)), pytest.raises(ViewRefused):
                delete_view(view.pk)
    with acting(as_one(admin, Role.ADMIN)):
        with pytest.raises(ViewRefused):
            delete_view(own.pk)
        assert delete_view(shared.pk) == "shared"
    with acting(as_one(owner, Role.OWNER)):
        assert delete_view(own.pk) == "own"
    assert AuditView.objects.count() == 0


def test_nobody_saves_no_view(home):
    with tenant_scope("t1"), pytest.raises(ViewRefused):
        save_view("a", "x", is_shared=False)
