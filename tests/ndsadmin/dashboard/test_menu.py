from ndsadmin.dashboard.menu import TABLE_SECTIONS, sections_for
from security.contract import contract_tables
from security.roles import Role


def titles(role) -> dict[str, list[str]]:
    return {section.title: [item.title for item in section.items] for section in sections_for(role)}


def test_every_table_has_its_place():
    placed = {(app, name) for app, _, _, names in TABLE_SECTIONS for name in names}

    assert placed == {(model._meta.app_label, model._meta.model_name) for model in contract_tables()}


def test_what_a_person_may_not_see_is_absent():
    assert titles(Role.SUPPORT) == {
        "Overview": ["Dashboard"],
        "All tenants": ["All tenants"],
        "Persons": ["People"],
        "Accounts": ["Accounts"],
        "Tenants": ["Tenants", "People"],
        "Publishing": ["Posts", "Social accounts", "Rate limits"],
        "Analytics": ["Sync errors"],
    }


def test_people_of_tenants_find_their_own_tables():
    assert "Audit entries" in titles(Role.OWNER)["Security"]
    own = {"Overview", "Brand", "Skills", "Accounts", "Tenants", "Content", "Publishing", "Analytics"}
    assert titles(Role.VIEWER).keys() == own
    assert {"Persons", "Settings"} <= titles(Role.ADMIN).keys()


def test_who_has_no_role_finds_nothing():
    assert sections_for(None) == []


def test_the_menu_costs_no_query(django_assert_num_queries, db):
    with django_assert_num_queries(0):
        sections_for(Role.OPERATOR)
