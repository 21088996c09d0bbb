import pytest

from security.roles import Role
from security.scope import Reach, Scope, acting
from tests.factories.content import content_template, generated_content, guard_result
from tests.factories.publishing import post, social_account
from tests.factories.tenants import brand_profile, person, tenant

pytestmark = pytest.mark.django_db


def related(page) -> dict[str, str]:
    return {item.label: item.count for item in page.context["row"].related}


def test_rows_are_linked_both_ways(client_of_operator):
    content = generated_content()
    guard = guard_result(content_id=content.pk)

    up = client_of_operator.get(f"/data/content/guardresult/{guard.pk}/").content.decode()
    down = client_of_operator.get(f"/data/content/generatedcontent/{content.pk}/")

    assert f'href="/data/content/generatedcontent/{content.pk}/"' in up
    assert related(down) == {"Guard results": "1"}
    listed = client_of_operator.get(down.context["row"].related[0].address).context["page"]
    assert [row.address for row in listed.rows] == [f"/data/content/guardresult/{guard.pk}/"]


def test_related_rows_are_counted_up_to_a_hundred_in_one_query(client_of_operator, django_assert_num_queries):
    owner = tenant(tenant_id="t1")
    for _ in range(101):
        generated_content(tenant=owner)

    # Session, person, the row, that it was read, what points at it; its history, and names of people and tenants there.
    with django_assert_num_queries(8):
        page = client_of_operator.get("/data/tenants/tenant/t1/")

    assert related(page) == {"Generated content": "100+", "Audit entries": "1"}


def test_tables_that_the_reader_may_not_see_are_not_counted(support, signed_in):
    """Dies where the counts of hidden tables are told."""
    owner = tenant(tenant_id="t1")
    generated_content(tenant=owner)
    social_account(tenant=owner)

    assert related(signed_in(support).get("/data/tenants/tenant/t1/")) == {"Social accounts": "1"}


def test_a_reference_to_a_table_that_the_reader_may_not_see_is_no_link(support, signed_in):
    row = post(content=generated_content(content_id="c1"))

    page = signed_in(support).get(f"/data/publishing/publishedpost/{row.pk}/").content.decode()

    assert "c1" in page
    assert "/data/content/generatedcontent/" not in page


def test_a_missing_row_is_not_found(client_of_operator):
    assert client_of_operator.get("/data/tenants/tenant/nobody/").status_code == 404


def test_the_title_tells_no_more_than_the_row(support, signed_in):
    who = person(email="ada@example.com")

    assert signed_in(support).get(f"/data/tenants/user/{who.pk}/").context["row"].title == "…@example.com"


def test_no_scope_no_page(client):
    assert client.get("/data/tenants/tenant/t1/")["Location"].startswith("/login/")
    with acting(Scope(request_id="r", role=Role.OPERATOR, reach=Reach.PLATFORM)):
        assert client.get("/data/tenants/tenant/t1/").status_code == 302


def test_a_brand_is_named_by_its_tenant(client_of_operator):
    brand = brand_profile(tenant=tenant(name="Next Day Steel"))

    assert client_of_operator.get(f"/data/tenants/brandprofile/{brand.pk}/").context["row"].title == "Next Day Steel"


def test_a_row_leads_to_its_place_in_the_list(client_of_operator):
    """Also under a key that has to be quoted; the place stays true when rows come before it."""
    row = content_template(template_id="a/b, c", created_at="2026-11-20T10:00:00Z")
    address = client_of_operator.get("/data/content/contenttemplate/").context["page"].rows[0].address
    place = client_of_operator.get(address).context["row"].place_address
    content_template()

    page = client_of_operator.get(place)

    assert [shown.address for shown in page.context["page"].rows] == [address]
    assert 'class="is-here"' in page.content.decode()
    assert row.pk == "a/b, c"
