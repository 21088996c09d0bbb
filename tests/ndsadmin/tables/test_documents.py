import pytest

from ndsadmin.tables.documents import summary, tree
from security.columns import BrokenJson


def test_a_document_is_a_tree_that_folds():
    assert tree({"a": [1, None], "b": "<"}) == (
        '<div class="json-tree"><details open><summary>2 keys</summary><ul role="list">'
        '<li><span class="json-key">a</span> <details open><summary>2 items</summary><ul role="list">'
        '<li><span class="json-key">0</span> <span class="json-int">1</span></li>'
        '<li><span class="json-key">1</span> <span class="json-NoneType">null</span></li></ul></details></li>'
        '<li><span class="json-key">b</span> <span class="json-str">&quot;&lt;&quot;</span></li>'
        "</ul></details></div>"
    )


def test_broken_text_is_told_and_shown_as_it_is():
    shown = tree(BrokenJson('{"a": <'))

    assert "This text is no JSON" in shown
    assert "{&quot;a&quot;: &lt;" in shown
    assert "This is no JSON" in summary(BrokenJson("{"))


def test_a_line_is_cut():
    assert len(summary(list(range(1000)))) < 120


@pytest.mark.parametrize("value", [{"a": "\ud83d"}, {"\ud83d": 1}, ["\udc00"]])
def test_half_a_character_is_shown_as_its_code(value):
    """Dies without `printable`: no encoding has it, and the whole page would be a 500."""
    assert "\\ud" in tree(value).encode().decode()
    assert "\\ud" in summary(value).encode().decode()


def test_a_deep_document_is_shown():
    value: object = 1
    for _ in range(400):
        value = [value]

    assert tree(value)
    assert summary(value)
