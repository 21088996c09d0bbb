import pytest

from ndsadmin.trail.changes import differences, others


def shown(kind: str, changes: object) -> list[tuple]:
    return [(one.label, one.old, one.new, one.both) for one in differences(kind, {"changes": changes})]


def test_a_column_has_its_name_and_its_values_as_on_every_page():
    ((label, old, new, both),) = shown("content_template", {"status": ["active", "archived"]})

    assert label == "Status"
    assert '<span class="badge good">Active</span>' in old
    assert '<span class="badge muted">Archived</span>' in new
    assert both is None


def test_the_words_that_differ_are_marked():
    ((_, _, _, both),) = shown("content_template", {"name": ["Our old story", "Our new <b>story</b>"]})

    assert "Our " in both
    assert "<del>old</del><ins>new</ins>" in both
    assert "<b>" not in both
    assert "&lt;" in both


def test_a_document_is_compared_line_by_line():
    ((_, _, _, both),) = shown("brand_profile", {"palette": [["#0b6153", "#fff"], ["#0b6153", "#000"]]})

    assert "#0b6153" in both.replace("&quot;", "")
    assert "<del>fff</del>" in both


def test_long_texts_stand_side_by_side():
    """Dies where their words are compared: one entry would keep a process busy for minutes."""
    ((_, old, new, both),) = shown("content_template", {"name": ["a " * 1990, "b a " * 990]})

    assert both is None
    assert old != new


def test_halves_of_characters_are_shown_as_their_codes():
    told = shown("thing", {"\ud800": ["\ud800 a", "b \udfff"]})

    "".join(map(str, told[0])).encode()


def test_a_secret_changed_and_no_more():
    """Dies where a hash is shown."""
    for told in ("changed", ["changed", "changed"]):
        ((label, old, new, both),) = shown("user", {"password": told})
        assert (label, both) == ("Password", None)
        assert "a secret" in old
        assert "another" in new


def test_what_was_made_has_no_old_values():
    ((_, old, new, both),) = shown("content_template", {"name": [None, "Story time"]})

    assert 'class="empty"' in old
    assert "Story time" in new
    assert both is None


@pytest.mark.parametrize("metadata", [None, "text", [], {}, {"changes": None}, {"changes": "many"}, {"changes": [1]}])
def test_entries_without_changes_tell_of_none(metadata):
    assert differences("user", metadata) == []


def test_what_workers_wrote_is_shown_as_it_is():
    told = shown("thing_of_tomorrow", {"a": [1, 2], "b": "x", "c": [1, 2, 3], "d<": [None, {"e": "<i>"}]})

    assert [label for label, *_ in told] == ["A", "B", "C", "D<"]
    assert "&lt;i&gt;" in told[3][2]


def test_the_rest_is_told_besides():
    assert others({"changes": {}, "reason": "x", "rows": 5}) == {"rows": 5}
    assert others(None) == {}
    assert others("broken") == {"details": "broken"}
