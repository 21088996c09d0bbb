import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from guardian.shortcuts import get_objects_for_user

from content.models import ContentTemplate
from security.columns import now
from security.exceptions import RowViolation
from security.models import AuditLog
from security.roles import Verb
from security.scope import tenant_scope
from tenants.exceptions import GrantRefused
from tenants.models import Grant, User
from tenants.queries.grants import access_to, granted
from tenants.services.grants import VERBS, grant_access, may_share, revoke_access
from tenants.services.people import remove
from tests.arranging import arranging
from tests.factories.content import content_template as template
from tests.factories.content import knowledge_entry as knowledge
from tests.factories.content import post_configuration as configuration
from tests.factories.content import skill
from tests.factories.tenants import brand_profile, person, tenant

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return tenant()


@pytest.fixture
def owner(home):
    return person(tenant=home, role="owner")


@pytest.fixture
def viewer(home):
    return person(tenant=home, role="viewer")


def rows_of(home) -> dict:
    return {
        "content_template": template(tenant=home),
        "brand_knowledge_entry": knowledge(tenant=home),
        "post_configuration": configuration(tenant=home),
        "skill": skill(visibility=f"tenant:{home.pk}"),
        "brand_profile": brand_profile(tenant=home),
    }


def permission(row, verb: str) -> str:
    return f"{row._meta.app_label}.{verb}_{row._meta.model_name}"


@pytest.mark.parametrize("kind", VERBS)
def test_a_viewer_may_with_one_row_what_he_was_granted(kind, home, owner, viewer):
    row = rows_of(home)[kind]
    with tenant_scope(home.pk, actor=owner):
        for verb in VERBS[kind]:
            assert not viewer.has_perm(permission(row, verb), row)
            grant_access(viewer, verb, row, reason="She looks after it")
            assert viewer.has_perm(permission(row, verb), row)

    entry = AuditLog.objects.filter(action="grant_access").first()
    assert (entry.resource_type, entry.resource_id, entry.tenant_id) == (kind, str(row.pk), home.pk)
    assert entry.metadata["person"] == viewer.pk


def test_a_grant_is_for_one_row_one_thing_and_one_person(home, owner, viewer):
    row, other, second = template(tenant=home), template(tenant=home), person(tenant=home, role="viewer")
    with tenant_scope(home.pk, actor=owner):
        grant_access(viewer, "change", row, reason="x")

        assert viewer.has_perm("content.change_contenttemplate", row)
        assert not viewer.has_perm("content.publish_contenttemplate", row)
        assert not viewer.has_perm("content.change_contenttemplate", other)
        assert not second.has_perm("content.change_contenttemplate", row)
        assert not viewer.has_perm("content.change_contenttemplate", None)


def test_a_grant_that_ran_out_is_not_there_for_anybody_of_the_tenant(home, owner, viewer):
    """Dies without the policy's condition: guardian's own shortcut, and plain SQL, know of no end."""
    row = template(tenant=home)
    with tenant_scope(home.pk, actor=owner):
        grant = grant_access(viewer, "change", row, reason="x", until=now() + dt.timedelta(hours=1))
    with arranging():
        Grant.objects.filter(pk=grant.pk).update(expires_at=now() - dt.timedelta(seconds=2))

    with tenant_scope(home.pk, actor=viewer):
        assert not viewer.has_perm("content.change_contenttemplate", row)
        assert not Grant.objects.exists()
        assert list(get_objects_for_user(
            viewer, "content.change_contenttemplate", ContentTemplate, accept_global_perms=False, with_superuser=False
        )) == []  # fmt: skip
    assert granted(viewer, ContentTemplate, [row.pk]) == {}  # over all tenants, where no policy is in force
    with tenant_scope(home.pk, actor=owner):
        grant_access(viewer, "change", row, reason="again")  # in place of the one that ran out
        assert viewer.has_perm("content.change_contenttemplate", row)


def test_guardians_own_shortcut_finds_what_was_shared(home, owner, viewer):
    row = template(tenant=home)
    template(tenant=home)
    with tenant_scope(home.pk, actor=owner):
        grant_access(viewer, "change", row, reason="x")

        found = get_objects_for_user(
            viewer, "content.change_contenttemplate", ContentTemplate, accept_global_perms=False, with_superuser=False
        )
        assert list(found) == [row]


def test_fifty_rows_cost_one_query(home, owner, viewer):
    rows = [template(tenant=home) for _ in range(50)]
    with tenant_scope(home.pk, actor=owner):
        for row in rows[:3]:
            grant_access(viewer, "change", row, reason="x")
        with CaptureQueriesContext(connection) as asked:
            found = granted(viewer, ContentTemplate, [row.pk for row in rows])

    assert len(asked) == 1
    assert found == {row.pk: frozenset({Verb.CHANGE}) for row in rows[:3]}


def test_who_has_access_and_why(home, owner, viewer):
    row, member = template(tenant=home), person(tenant=home, role="member")
    with tenant_scope(home.pk, actor=owner):
        grant_access(viewer, "publish", row, reason="Holiday")
        with CaptureQueriesContext(connection) as asked:
            access = access_to(row, VERBS["content_template"])

    told = {one.person.pk: (one.verbs, one.grant.reason if one.grant else None) for one in access}
    assert told == {
        owner.pk: ((Verb.CHANGE, Verb.PUBLISH), None),
        member.pk: ((Verb.CHANGE, Verb.PUBLISH), None),
        viewer.pk: ((Verb.PUBLISH,), "Holiday"),
    }
    assert len(asked) == 2


def test_who_was_removed_meanwhile_is_granted_nothing(home, owner, viewer):
    """The page loaded him before. Dies where the service trusts what it was given: invited again, he would hold it."""
    row = template(tenant=home)
    with tenant_scope(home.pk, actor=owner):
        remove(owner, [User.objects.get(pk=viewer.pk)])
        with pytest.raises(GrantRefused, match="active person"):
            grant_access(viewer, "change", row, reason="x")
    assert not Grant.objects.exists()


def test_a_grant_is_taken_back(home, owner, viewer):
    row = template(tenant=home)
    with tenant_scope(home.pk, actor=owner):
        grant = grant_access(viewer, "change", row, reason="x")
        revoke_access(grant, row, reason="Done")

        assert not viewer.has_perm("content.change_contenttemplate", row)
        with pytest.raises(GrantRefused, match="already"):
            revoke_access(grant, row)
    assert AuditLog.objects.get(action="revoke_access").metadata["reason"] == "Done"


def test_the_service_refuses_another_tenants_row_and_person(home, owner, viewer):
    foreign, stranger = template(tenant=tenant()), person(role="viewer")
    row = template(tenant=home)
    with tenant_scope(home.pk, actor=owner):
        with pytest.raises(GrantRefused):
            grant_access(viewer, "change", foreign, reason="x")
        with pytest.raises(GrantRefused, match="person"):
            grant_access(stranger, "change", row, reason="x")


@pytest.mark.parametrize("what", ["row", "person", "tenant"])
def test_row_level_security_refuses_what_crosses(what, home, owner, viewer):
    """Past the service. Dies where the policy of the table asks for the tenant alone."""
    row, other = template(tenant=home), tenant()
    foreign = {"row": template(tenant=other), "person": person(tenant=other, role="viewer"), "tenant": other}[what]
    with tenant_scope(home.pk, actor=owner):
        grant = grant_access(viewer, "change", row, reason="x")
        values = {
            "tenant_id": home.pk, "user_id": viewer.pk, "permission_id": grant.permission_id + 1,
            "content_type_id": grant.content_type_id, "kind": "content_template", "object_pk": row.pk, "reason": "x",
            "granted_by": owner.pk,
        }  # fmt: skip
        column = {"row": "object_pk", "person": "user_id", "tenant": "tenant_id"}[what]
        with pytest.raises((RowViolation, DatabaseError)), transaction.atomic():
            Grant.objects.bulk_create([Grant(**{**values, column: foreign.pk})])
        with pytest.raises((RowViolation, DatabaseError)), transaction.atomic():
            Grant.objects.filter(pk=grant.pk).update(**{column: foreign.pk})


def test_a_grant_on_another_tenants_row_would_not_help(home, viewer):
    """Were one stored all the same: the row has to be of the person's own tenant."""
    foreign = template(tenant=tenant())
    with tenant_scope(foreign.tenant_id, actor=person(tenant=foreign.tenant, role="owner")):
        helped = person(tenant=foreign.tenant, role="viewer")
        grant_access(helped, "change", foreign, reason="x")
    with arranging():
        Grant.objects.update(user=viewer, tenant=viewer.tenant)

    assert not viewer.has_perm("content.change_contenttemplate", foreign)


@pytest.mark.parametrize("kind", VERBS)
def test_grants_go_with_their_row_whoever_deletes_it(kind, home, owner, viewer):
    row = rows_of(home)[kind]
    with tenant_scope(home.pk, actor=owner):
        grant_access(viewer, "change", row, reason="x")
    with arranging(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {row._meta.db_table} WHERE {row._meta.pk.column} = %s", [row.pk])

    assert not Grant.objects.exists()


def test_grants_go_with_their_person(home, owner, viewer):
    row = template(tenant=home)
    with tenant_scope(home.pk, actor=owner):
        grant_access(viewer, "change", row, reason="x")
        remove(owner, [viewer])

    assert not Grant.objects.exists()


@pytest.mark.parametrize("role", ["member", "viewer"])
def test_members_and_viewers_share_nothing(role, home, viewer):
    row, who = template(tenant=home), person(tenant=home, role=role)
    with tenant_scope(home.pk, actor=who):
        assert not may_share(row)
        with pytest.raises(GrantRefused):
            grant_access(viewer, "change", row, reason="x")


def test_what_is_no_private_row_is_not_shared(home, owner, viewer):
    everybodys = skill(visibility="global")
    with tenant_scope(home.pk, actor=owner):
        assert not may_share(everybodys)
        assert not may_share(owner)
        with pytest.raises(GrantRefused):
            grant_access(viewer, "change", everybodys, reason="x")


@pytest.mark.parametrize(("given", "names"), [
    ({"verb": "delete"}, "what"), ({"reason": " "}, "reason"), ({"reason": "x" * 401}, "reason"),
    ({"until": -1}, "until"), ({"until": 4 * 365}, "until"),
])  # fmt: skip
def test_a_mistake_is_named(given, names, home, owner, viewer):
    row, values = template(tenant=home), {"verb": "change", "reason": "x", "until": None, **given}
    until = values["until"] and now() + dt.timedelta(days=values["until"])
    with tenant_scope(home.pk, actor=owner), pytest.raises(GrantRefused, match=f"^{names}: expected"):
        grant_access(viewer, values["verb"], row, reason=values["reason"], until=until)


def test_who_may_already_is_granted_nothing(home, owner):
    row, member = template(tenant=home), person(tenant=home, role="member")
    with tenant_scope(home.pk, actor=owner), pytest.raises(GrantRefused, match="may do that already, as member"):
        grant_access(member, "change", row, reason="x")


def test_who_is_suspended_may_nothing(home, owner, viewer):
    row = template(tenant=home)
    with tenant_scope(home.pk, actor=owner):
        grant_access(viewer, "change", row, reason="x")
    with arranging():
        User.objects.filter(pk=viewer.pk).update(status="suspended")

    assert not User.objects.select_related("tenant").get(pk=viewer.pk).has_perm("content.change_contenttemplate", row)


def test_a_grant_names_only_what_can_be_shared(home, owner, viewer):
    """A row of a kind that nobody shares, past the service: the policy knows no such row."""
    row = template(tenant=home)
    with tenant_scope(home.pk, actor=owner):
        grant = grant_access(viewer, "change", row, reason="x")
        with pytest.raises((RowViolation, DatabaseError)), transaction.atomic():
            Grant.objects.filter(pk=grant.pk).update(kind="user", object_pk=owner.pk)
