import pytest

from content.queries.documents import GONE, leaves, replaced, spoken

DOCUMENT = {"system": "Say", "fonts": [{"name": "serif", "size": 22}, {"name": "sans"}], "empty": [], "none": None}


def test_leaves_are_values_with_the_way_to_them():
    assert leaves(DOCUMENT) == {
        ("system",): "Say", ("fonts", 0, "name"): "serif", ("fonts", 0, "size"): 22, ("fonts", 1, "name"): "sans",
        ("empty",): [], ("none",): None,
    }  # fmt: skip
    assert spoken(("fonts", 0, "name")) == "fonts 1 name"


@pytest.mark.parametrize(
    ("values", "made"),
    [
        ({}, DOCUMENT),
        ({("system",): "Tell"}, {**DOCUMENT, "system": "Tell"}),
        ({("fonts", 0, "name"): GONE, ("fonts", 1): GONE}, {**DOCUMENT, "fonts": [{"size": 22}]}),
        ({("system",): GONE}, {name: member for name, member in DOCUMENT.items() if name != "system"}),
        ({("nobody",): 1}, DOCUMENT),
    ],
)
def test_values_are_replaced_where_they_stand(values, made):
    assert replaced(DOCUMENT, values) == made
    assert leaves(replaced(DOCUMENT, leaves(DOCUMENT))) == leaves(DOCUMENT)
