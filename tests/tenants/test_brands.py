from html import unescape

import pytest
from django.http import QueryDict

from tenants.brands import Typeface, brand_of, merged, typeface
from tenants.forms import BrandForm

DOCUMENTS = {
    "palette": ["#12355b", "#e8871e"],
    "typography": {"headline": "Montserrat Bold 48pt", "body": "Inter 16px"},
    "logo_rules": {"min_size_px": 80, "safe_zone_px": 40, "never": "rotate"},
    "lexicon": {"products": "industrial-grade", "avoid": ["cheap", "bargain"]},
    "messaging": {"taglines": ["Built on trust"]},
}
NONE = {"palette": [], "typography": {}, "logo_rules": {}, "lexicon": None, "messaging": None}
GIVEN = {
    "palette": ["#12355b", "#E8871E", "", ""], "role": ["headline", "body", ""], "family": ["Montserrat", "Inter", ""],
    "weight": ["Bold", "Regular", "Regular"], "size": ["48", "16", ""], "unit": ["pt", "px", "pt"], "min_size": ["80"],
    "safe_zone": ["40"], "avoid": ["cheap\r\nbargain"], "use:products": ["industrial-grade"],
    "messaging:taglines": ["Built on trust"], "reason": ["Because"],
}  # fmt: skip


def form(documents=DOCUMENTS, **changed) -> BrandForm:
    data = QueryDict(mutable=True)
    for name, values in {**GIVEN, **changed}.items():
        data.setlist(name, values)
    return BrandForm(brand_of(documents), data)


def test_a_profile_of_the_pipeline_is_read():
    brand = brand_of(DOCUMENTS)

    assert brand.palette == ("#12355b", "#e8871e")
    assert brand.typefaces[0] == Typeface("headline", "Montserrat", "Bold", 48, "pt")
    assert (brand.typefaces[1].number, brand.typefaces[1].pixels, brand.typefaces[0].pixels) == (400, 16, 64)
    assert (brand.min_size, brand.safe_zone) == (80, 40)
    assert (brand.use, brand.avoid) == ({"products": ("industrial-grade",)}, ("cheap", "bargain"))
    assert brand.odd == ()


@pytest.mark.parametrize("text", ["Inter", "16pt", "", None, 16, "Inter 16", "Inter 16em"])
def test_what_is_no_typeface(text):
    assert typeface("body", text) is None


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("palette", "red", "palette"), ("palette", ["#12355b", "red"], "palette"), ("typography", ["x"], "typography"),
        ("typography", {"body": 7}, "typography.body"), ("lexicon", "words", "lexicon"),
        ("logo_rules", 5, "logo_rules"),
    ],
)  # fmt: skip
def test_what_is_of_another_form_is_told_and_kept(column, value, told):
    """Dies where saving the form would take away what it cannot show."""
    documents = {**DOCUMENTS, column: value}
    brand = brand_of(documents)
    assert told in brand.odd

    kept = merged(documents, brand)[column]
    assert kept == value or set(map(str, value)) <= set(map(str, kept))


def test_an_unchanged_form_changes_nothing():
    """A text stays a text, unknown members stay, the order stays."""
    given = form()
    assert given.is_valid(), given.errors
    assert merged(DOCUMENTS, given.brand()) == DOCUMENTS


def test_what_workers_keep_beside_stays_to_the_letter():
    """Dies where saving a colour would write what the form cannot show, or shows tidied."""
    documents = {
        **DOCUMENTS,
        "palette": ["#12355B", "brand-red", "#e8871e"],
        "typography": {"headline": "Montserrat  Bold 48PT", "body": "Inter 16px", "odd": ["x"]},
        "lexicon": {"avoid": "cheap", "rules": {"tone": "warm"}, "numbers": [1, 2.5, True], "mission": ["a\nb"],
                    "products": [" Beams "], "none": None, "empty": []},
        "messaging": {"taglines": [" Hi "], "meta": {"n": 3}},
    }  # fmt: skip
    brand = brand_of(documents)
    assert {"lexicon.rules", "lexicon.numbers", "lexicon.mission", "messaging.meta", "typography.odd"} <= set(brand.odd)
    given = form(documents, **{
        "family": ["Montserrat", "Inter", ""], "avoid": ["cheap"], "use:products": ["Beams"],
        "use:none": [""], "use:empty": [""], "messaging:taglines": ["Hi"],
    })  # fmt: skip
    assert given.is_valid(), given.errors

    assert merged(documents, given.brand()) == documents


def test_hostile_texts_take_no_time_and_break_nothing():
    """A regex that goes back and forth would take seconds for these."""
    for text in ("a" + " " * 60_000 + "b 9pt x", "a" + "\t" * 60_000 + "9pt", "Inter Med\u0131um 16pt", "\ud800 9pt"):
        typeface("body", text)
    assert typeface("body", "Inter Med\u0131um 16pt").weight == "Regular"
    odd = brand_of({**DOCUMENTS, "lexicon": {"avoid": ["\ud800"]}, "typography": {"\ud800": "x"}})
    str(odd).encode()
    assert not form(weight=["Th\u0131n", "Regular", "Regular"]).is_valid()


def test_a_size_can_be_taken_away():
    given = form(min_size=[""])
    assert given.is_valid()
    assert merged(DOCUMENTS, given.brand())["logo_rules"] == {"safe_zone_px": 40, "never": "rotate"}


def test_what_was_changed_is_changed_alone():
    given = form(**{"avoid": ["cheap"], "use:products": ["steel\nbeams"], "min_size": ["96"]})
    assert given.is_valid()
    after = merged(DOCUMENTS, given.brand())

    assert after["lexicon"] == {"products": ["steel", "beams"], "avoid": ["cheap"]}
    assert after["logo_rules"] == {"min_size_px": 96, "safe_zone_px": 40, "never": "rotate"}
    assert {name for name in DOCUMENTS if after[name] != DOCUMENTS[name]} == {"lexicon", "logo_rules"}


def test_a_first_profile():
    given = form(NONE)
    assert given.is_valid(), given.errors
    after = merged(NONE, given.brand())

    assert after["typography"] == DOCUMENTS["typography"]
    assert after["lexicon"] == {"products": ["industrial-grade"], "avoid": ["cheap", "bargain"]}
    assert after["messaging"] == {"taglines": ["Built on trust"]}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"palette": ["red"]}, "Colour 1: expected # and six hex digits such as #1a5f7a, got 'red'."),
        ({"palette": ["#12355b", "#12355B"]}, "Each colour once."),
        ({"palette": [""]}, "at least one colour"),
        ({"palette": [f"#0000{n:02x}" for n in range(13)]}, "at most 12 colours, got 13"),
        ({"size": ["4000", "16", ""]}, "Typography 1: expected a role, a family and a size from 4 to 400."),
        ({"family": ["<script>", "Inter", ""]}, "Typography 1"),
        ({"role": ["body", "body", ""]}, "each role once"),
        ({"role": ["headline"]}, "changed on its way"),
        ({"min_size": ["-1"]}, "greater than or equal to 0"),
        ({"safe_zone": ["wide"]}, "whole number"),
        ({"avoid": ["x" * 201]}, "at most 200 characters; one has 201"),
        ({"avoid": ["x\n" * 201]}, "at most 200 lines, got 201"),
        ({"reason": [""]}, "required"),
    ],
)
def test_bad_input_is_named(changed, told):
    given = form(**changed)

    assert not given.is_valid()
    assert told in unescape(str(given.errors))
