import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import NoReverseMatch, get_resolver, reverse

from ndsadmin.site import Site

pytestmark = pytest.mark.django_db


def test_the_site_is_ours():
    assert isinstance(admin.site, Site)


def test_tables_of_the_framework_have_no_page():
    assert not admin.site.is_registered(Group)
    with pytest.raises(NoReverseMatch):
        reverse("admin:auth_group_changelist")


@pytest.mark.parametrize("name", ["login", "logout", "password_change", "autocomplete", "view_on_site", "jsi18n"])
def test_what_we_do_not_use_of_djangos_admin_is_not_there(name):
    with pytest.raises(NoReverseMatch):
        reverse(f"admin:{name}")


def test_sections_list_their_tables(client_of_operator):
    page = client_of_operator.get("/data/content/")

    assert [section.title for section, _ in page.context["sections"]] == ["Content"]
    assert [section.title for section, _ in client_of_operator.get("/data/").context["sections"]] == [
        "Tenants",
        "Content",
        "Publishing",
        "Analytics",
        "Security",
    ]
    assert client_of_operator.get("/data/nothing/").status_code == 404


def test_support_sees_the_sections_that_hold_something_for_it(support, signed_in):
    sections = signed_in(support).get("/data/").context["sections"]

    assert [section.title for section, _ in sections] == ["Tenants", "Publishing", "Analytics"]


def test_without_signing_in_every_address_leads_to_the_door(client):
    """Dies without LoginRequiredMiddleware."""
    found = [pattern for pattern in get_resolver().reverse_dict if isinstance(pattern, str)]
    addresses = ["/", "/data/", "/data/content/", "/data/content/skill/", "/data/content/skill/x/",
                 "/data/content/skill/x/change/", "/data/content/contenttemplate/add/", "/logout/",
                 "/nothing/"]  # fmt: skip

    assert {"home", "login", "logout"} <= set(found)
    for address in addresses[:-1]:
        assert client.get(address)["Location"].startswith("/login/?next="), address
    assert client.get(addresses[-1]).status_code == 404
