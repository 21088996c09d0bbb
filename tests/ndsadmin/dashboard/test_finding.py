import pytest

from tests.factories.content import skill
from tests.factories.publishing import post
from tests.factories.tenants import person, tenant

pytestmark = pytest.mark.django_db


def groups(client, words: str) -> dict[str, list[str]]:
    found = client.get("/search/", {"q": words}).context["groups"]
    return {group.title: [hit.label for hit in group.hits] for group in found}


def test_hits_are_grouped_by_what_they_are(client_of_operator):
    owner = tenant(tenant_id="posture", name="Postbox Ltd")
    person(tenant=owner, email="posy@example.com", full_name="Posy Simmonds")
    skill(name="Poster")
    post(post_id="post_17", text="Hello")

    assert groups(client_of_operator, "POS") == {
        "Pages": ["Post configurations", "Posts", "Post analytics"],
        "Tenants": ["Postbox Ltd"],
        "People": ["Posy Simmonds"],
        "Skills": ["Poster"],
    }
    assert groups(client_of_operator, "post_")["Posts"] == ["Hello"]


def test_every_hit_leads_somewhere(client_of_operator):
    tenant(name="Steel works")
    skill(name="Steel skill")
    for group in client_of_operator.get("/search/?q=ste").context["groups"]:
        for hit in group.hits:
            assert client_of_operator.get(hit.address).status_code == 200


def test_more_than_a_few_lead_to_the_list(client_of_operator):
    for number in range(7):
        tenant(name=f"Many {number}")

    (group,) = client_of_operator.get("/search/?q=many").context["groups"]

    assert (len(group.hits), group.more) == (5, "/data/tenants/tenant/?q=many")
    assert len(client_of_operator.get(group.more).context["page"].rows) == 7


def test_support_finds_no_skills_and_nobody_by_address(support, signed_in):
    """Dies where a masked column is searched or shown."""
    person(email="ada@example.com", full_name="Ada")
    skill(name="Ada's skill")
    post(post_id="ada_1", text="Our secret launch")
    client = signed_in(support)

    assert groups(client, "ada@") == {}
    assert groups(client, "ada")["People"] == ["Ada"]
    page = client.get("/search/?q=ada").content.decode()
    assert "ada@" not in page
    assert "secret launch" not in page
    assert "Ada's skill" not in page


def test_the_platform_is_no_tenant(client_of_operator):
    assert "Tenants" not in groups(client_of_operator, "platform")


@pytest.mark.parametrize("words", ["", " ", "\x00", "%", "_", "'", "<script>", "x" * 5000])
def test_whatever_is_typed_is_answered(client_of_operator, words):
    response = client_of_operator.get("/search/", {"q": words, "part": "hits"})

    assert response.status_code == 200
    assert "<script>" not in response.content.decode()


def test_hits_alone_for_the_box_in_the_top_bar(client_of_operator, django_assert_num_queries):
    tenant(name="Steel works")
    with django_assert_num_queries(7):  # session, person; four tables, and the one row found
        part = client_of_operator.get("/search/?q=steel&part=hits").content.decode()

    assert "<html" not in part
    assert "Steel works" in part


def test_only_who_is_signed_in_may_search(client):
    assert client.get("/search/?q=a")["Location"].startswith("/login/")
