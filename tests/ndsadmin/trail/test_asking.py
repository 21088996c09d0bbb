import pytest
from django.core.exceptions import PermissionDenied

from ndsadmin.tables.paging import Start, page_of
from ndsadmin.trail import asking
from ndsadmin.trail.asking import asked_trail, may_read
from ndsadmin.trail.language import QueryError, parse
from security.roles import Role
from tests.factories.tenants import person
from tests.ndsadmin.trail.conftest import made_entry, reading_as

pytestmark = pytest.mark.django_db


def found(text: str) -> str:
    asked = asked_trail(parse(text))
    return "".join(row[0] for row in page_of(asked.everything, asked.reading, ["log_id"], Start()).rows)


@pytest.mark.parametrize(
    ("query", "letters"),
    [
        ("", "gfedcba"),
        ("actor:ada", "ba"),
        ("actor:ADA@steel", "ba"),
        ("actor:u-bob", "dc"),
        ("actor:ada actor:bob", "dcba"),
        ("actor:nobody", "f"),
        ("actor:somebody", ""),
        ("-actor:ada", "gfedc"),
        ("-actor:nobody -actor:oz", "dcba"),
        ("action:create_post", "da"),
        ("action:create_* action:login", "dca"),
        ("-action:create_post -action:login", "gfeb"),
        ("-action:c*", "fecb"),
        ("tenant:t1", "eba"),
        ("tenant:harbour", "dc"),
        ("tenant:platform", "gf"),
        ("-tenant:t1", "gfdc"),
        ("tenant:t1 tenant:platform", "gfeba"),
        ("resource:post", "da"),
        ("resource:post/p1", "a"),
        ("resource:/p2", "d"),
        ("resource:post resource:tenant", "eda"),
        ("-resource:post -resource:user", "gfe"),
        ("-resource:post/p1", "gfedcb"),
        ("ip:203.0.113.7", "c"),
        ("ip:203.0.113.*", "dc"),
        ("-ip:203.0.113.*", "gfeba"),
        ("request:req-1", "gd"),
        ("-request:req-1", "fecba"),
        ("ok:false", "c"),
        ("ok:true", "gfedba"),
        ("after:2026-11-12", "gfedc"),
        ("before:2026-11-12", "ba"),
        ("after:2026-11-12T10:00:00 before:2026-11-13T10:00:00", "c"),
        ("actor:ada ok:true action:create_post after:2026-11-10 before:2026-11-11", "a"),
        ("month", "b"),
        ('"HELD for"', "b"),
        ("password", "c"),
        ("lovelace", "ba"),
        ("4711", "e"),
        ("p2", "d"),
        ("100%", ""),
        ("create_post p1", "a"),
        ('"month held"', "b"),
        ("mon*", "b"),
        ("-tenant:platform", "edcba"),
        ("-tenant:platform -tenant:t1", "dc"),
        ("-actor:nobody", "gedcba"),
    ],
)
def test_a_query_finds(query, letters, world):
    """Each term by itself and with others; those that exclude keep what has no value."""
    with reading_as(Role.AUDITOR):
        assert found(query) == letters


@pytest.mark.parametrize(
    ("role", "tenant", "actor", "letters"),
    [
        (Role.OPERATOR, None, "u-oz", "gfedcba"),
        (Role.AUDITOR, None, "x", "gfedcba"),
        (Role.AUDITOR, "t1", "x", "eba"),
        (Role.OWNER, "t1", "u-ada", "eba"),
        (Role.ADMIN, "t2", "x", "dc"),
        (Role.MEMBER, "t2", "u-bob", "dc"),
        (Role.MEMBER, "t2", "x", ""),
    ],
)
@pytest.mark.parametrize("query", ["", "-action:nothing", "after:2026-11-01"])
def test_everybody_reads_what_is_his(role, tenant, actor, letters, query, world):
    """Dies where a member sees what others did, or a tenant another's."""
    with reading_as(role, tenant, actor):
        assert may_read()
        assert found(query) == letters


@pytest.mark.parametrize("query", ["actor:bob", "actor:u-bob", "tenant:t2", "resource:/p2", "request:req-1", "wrong"])
def test_no_query_reaches_beyond_the_tenant(query, world):
    with reading_as(Role.OWNER, "t1", "u-ada"):
        assert found(query) == ""


def test_a_members_query_stays_with_himself(world):
    with reading_as(Role.MEMBER, "t1", "u-nobody"):
        for query in ("actor:ada", "-actor:u-nobody", "resource:post/p1", "month"):
            assert found(query) == ""


def test_a_key_or_an_address_stands_for_itself_alone(world):
    """Dies where u1 stands for u10 too: links name keys."""
    made_entry("x", user=person(tenant=world["a"].tenant, user_id="u-ada2", email="ada@steel.example2"), action="login")
    with reading_as(Role.AUDITOR):
        assert found("actor:u-ada") == "ba"
        assert found("actor:ada@steel.example") == "ba"
        assert found("actor:ada@") == "bxa"


def test_a_name_that_stands_for_too_many_is_a_mistake(world, monkeypatch):
    """Dies where some of them are left out silently: an exclusion would show what it excludes."""
    monkeypatch.setattr(asking, "MOST_NAMED", 1)
    for number in range(2):
        person(tenant=world["a"].tenant, email=f"zed{number}@x.example")
    with reading_as(Role.AUDITOR), pytest.raises(QueryError, match="more than 1"):
        asked_trail(parse("-actor:zed"))


def test_what_is_not_known_to_have_failed_was_done(world):
    made_entry("n", action="login", resource_type="user", success=None)
    with reading_as(Role.AUDITOR):
        assert "n" in found("ok:true")
        assert "n" not in found("ok:false")


def test_me_is_who_asks(world):
    with reading_as(Role.OPERATOR, None, "u-oz"):
        assert found("actor:me") == "ge"


@pytest.mark.parametrize(("role", "tenant"), [(Role.SUPPORT, None), (Role.VIEWER, "t1")])
def test_others_read_none(role, tenant, world):
    with reading_as(role, tenant):
        assert not may_read()
        with pytest.raises(PermissionDenied):
            asked_trail(parse(""))


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("actor:u-ada", "in_user"),
        ("action:login", "in_action"),
        ("tenant:t1", "in_tenant"),
        ("tenant:t1 action:login", "in_tenant_action"),
        ("resource:post/p1", "in_resource_id"),
        ("request:req-1 action:login", "in_request_id"),
        ("actor:u-ada action:login", "in_user"),
        ("ok:false", "refused"),
        ("", "by_timestamp"),
    ],
)
def test_the_index_that_leaves_the_least_is_walked(query, index, world):
    with reading_as(Role.AUDITOR):
        assert asked_trail(parse(query)).reading.walk.index.endswith(index)
