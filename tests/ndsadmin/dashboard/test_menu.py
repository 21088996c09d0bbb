from pathlib import Path
from xml.etree import ElementTree

from ndsadmin.dashboard.menu import PAGES, TABLE_SECTIONS, Menu, menu_for
from security.contract import contract_tables
from security.roles import Role
from security.scope import tenant_scope

STATIC = Path(__file__).parents[3] / "static"


def pages(role) -> list[str]:
    return [page.title for page in menu_for(role).pages]


def tables(role) -> dict[str, list[str]]:
    return {section.title: [item.title for item in section.items] for section in menu_for(role).tables}


def test_every_table_has_its_place():
    placed = {(app, name) for app, _, _, names in TABLE_SECTIONS for name in names}

    assert placed == {(model._meta.app_label, model._meta.model_name) for model in contract_tables()}


def test_what_a_person_may_not_see_is_absent():
    assert pages(Role.SUPPORT) == ["Dashboard", "Tenants", "People", "Accounts"]
    assert tables(Role.SUPPORT) == {
        "Tenants": ["Tenants", "People"],
        "Publishing": ["Posts", "Social accounts", "Rate limits"],
        "Analytics": ["Sync errors"],
    }


def test_people_of_tenants_find_their_own():
    assert pages(Role.VIEWER) == ["Dashboard", "Brand", "Skills", "Guards", "Accounts"]
    assert {"People", "Settings", "Audit trail"} <= set(pages(Role.ADMIN))
    assert not {"Tenants", "Skill review", "Audit review", "Keys", "Statements"} & set(pages(Role.OWNER))
    assert "Audit entries" in tables(Role.OWNER)["Security"]
    assert tables(Role.VIEWER).keys() == {"Tenants", "Content", "Publishing", "Analytics"}


def test_in_a_tenant_the_platform_finds_what_its_people_do():
    assert {"Tenants", "Keys", "Skill review"} <= set(pages(Role.OPERATOR))
    with tenant_scope("tenant_001"):
        assert not {"Tenants", "Keys", "Skill review"} & set(pages(Role.OPERATOR))
        assert {"Settings", "Brand"} <= set(pages(Role.OPERATOR))


def test_every_page_has_an_icon_of_its_own():
    drawn = {symbol.get("id") for symbol in ElementTree.parse(STATIC / "icons.svg").getroot()}
    icons = [page.icon for page in PAGES]
    assert set(icons) <= drawn
    assert len(set(icons)) == len(icons)


def test_who_has_no_role_finds_nothing():
    assert menu_for(None) == Menu()


def test_the_menu_costs_no_query(django_assert_num_queries, db):
    with django_assert_num_queries(0):
        menu_for(Role.OPERATOR)
