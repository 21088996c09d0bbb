from content.leaks import Hit, TermKind, Text
from content.queries.review import ITS_NAME
from ndsadmin.dashboard.marking import marked


def hit(start: int, end: int, place: str = "notes") -> Hit:
    return Hit(place, start, end, TermKind.TENANT, "Cobalt")


def pieces(text: str, *hits: Hit) -> list[tuple[str, bool]]:
    (found,) = marked([Text("notes", text)], hits)
    return [(piece.text, piece.hit is not None) for piece in found.pieces]


def test_hits_are_marked_where_they_stand():
    assert pieces("by Cobalt, at last", hit(3, 9)) == [("by ", False), ("Cobalt", True), (", at last", False)]
    assert pieces("plain") == [("plain", False)]
    assert pieces("") == []


def test_of_hits_that_overlap_the_first_is_marked():
    assert pieces("abcdef", hit(0, 4), hit(2, 6)) == [("abcd", True), ("ef", False)]


def test_each_text_has_its_own_hits_and_names_of_parts_are_told():
    found = marked([Text("notes", "Cobalt"), Text(f"x{ITS_NAME}", "Cobalt")], [hit(0, 6)])

    assert [(one.is_name, len(one.hits)) for one in found] == [(False, 1), (True, 0)]


def test_half_a_character_is_shown_as_its_code():
    assert pieces("a\ud83d") == [("a\\ud83d", False)]


def test_half_a_character_in_a_name_of_a_part_is_shown_as_its_code():
    (found,) = marked([Text("constraints, a\ud83d", "x")], [])

    assert found.place == "constraints, a\\ud83d"
