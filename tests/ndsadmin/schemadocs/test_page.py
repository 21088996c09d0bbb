import xml.etree.ElementTree as ET

import pytest

from ndsadmin.dashboard.roles import document
from ndsadmin.schemadocs.inventory import filled, inventory
from ndsadmin.schemadocs.page import page
from ndsadmin.schemadocs.picture import picture
from security.contract import contract_tables
from tests.processes import ROOT


@pytest.mark.parametrize(("name", "made"), [("schema.md", page), ("schema.svg", picture), ("roles.md", document)])
def test_the_documents_are_what_the_models_say(name, made):
    """`make docs` writes them anew."""
    assert (ROOT / "docs" / name).read_text() == made()


def test_the_inventory_of_what_is_encrypted_is_what_the_models_say():
    text = (ROOT / "docs" / "crypto.md").read_text()

    assert filled(text) == text
    assert inventory().count("encrypted, TSE1") == 6


def test_every_table_and_column_is_in_the_page():
    text = page()

    for model in contract_tables():
        assert f"### {model._meta.db_table}\n" in text
        assert all(f"| {field.column} |" in text for field in model._meta.concrete_fields)


def test_every_table_is_in_the_picture():
    texts = {element.text for element in ET.fromstring(picture()).iter("{http://www.w3.org/2000/svg}text")}

    assert {model._meta.db_table for model in contract_tables()} <= texts
