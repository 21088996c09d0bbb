import pytest
from hypothesis import given
from hypothesis import strategies as st

from ndsadmin.pipeline.exceptions import ImportRefused
from ndsadmin.pipeline.scanner import statements


def scanned(text: str) -> list[tuple[int, str]]:
    return [(s.line, s.text) for s in statements(text.encode().splitlines(keepends=True))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A;B;", [(1, "A"), (1, "B")]),
        ("\n\nA\n;\nB;", [(3, "A"), (5, "B")]),
        ("A 'x;y';", [(1, "A 'x;y'")]),
        ("A 'it''s;';B;", [(1, "A 'it''s;'"), (1, "B")]),
        ("A 'line\nline';B;", [(1, "A 'line\nline'"), (2, "B")]),
        ('A "x;y" `x;y` [x;y];', [(1, 'A "x;y" `x;y` [x;y]')]),
        ("-- a comment; it's one\nA;", [(2, "A")]),
        ("A '-- no comment';", [(1, "A '-- no comment'")]),
        ("/* a; 'comment */A;", [(1, "A")]),
        ("/* a\ncomment; */\nA;", [(3, "A")]),
        (";;;A;;", [(1, "A")]),
        ("", []),
        ("-- only a comment", []),
    ],
)
def test_statements_end_at_semicolons_that_are_ones(text, found):
    assert scanned(text) == found


@pytest.mark.parametrize(
    ("text", "line"), [("A", 1), ("A;\nB 'x", 2), ("A;\n\nB\n'x\ny", 3), ("A;/* never closed", 1), ('A;\n"x;', 2)]
)
def test_a_file_that_ends_within_a_statement_is_cut_off(text, line):
    with pytest.raises(ImportRefused, match=f"line {line}: the file ends within a statement"):
        scanned(text)


def test_bytes_that_are_no_text_are_refused_with_their_line():
    with pytest.raises(ImportRefused, match="line 2: expected UTF-8"):
        list(statements([b"A;\n", b"B \xff;\n"]))


@given(st.lists(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\r\x85\u2028\u2029\x0b\x0c"))))
def test_values_come_back_whatever_they_hold(values):
    """Quoted as dumps quote them; every value is one statement."""
    quoted = [f"INSERT INTO t VALUES('{value.replace(chr(39), chr(39) * 2)}')" for value in values]

    found = list(statements(line.encode() for line in (";\n".join(quoted) + ";").splitlines(keepends=True)))

    assert [statement.text for statement in found] == quoted


def test_a_hostile_file_takes_no_longer_than_its_length():
    """Each character is looked at once: a literal of many lines is not scanned again at every line."""
    looked_at = []

    class Line(bytes):
        def decode(self, *given: str) -> str:
            looked_at.append(len(self))
            return super().decode(*given)

    lines = [Line(b"INSERT INTO t VALUES('")] + [Line(b"a\n")] * 20_000 + [Line(b"');")]

    (statement,) = statements(lines)

    assert len(looked_at) == len(lines)
    assert len(statement.text) == sum(map(len, lines)) - 1
