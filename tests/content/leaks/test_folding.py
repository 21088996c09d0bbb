import random
import string

import pytest

from content.leaks.folding import _words, decoded, words_of


def texts(text: str, **how) -> list[str]:
    return [word.text for word in words_of(text, **how)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Cobalt Cycles", ["cobalt", "cycles"]), ("cobaltCycles", ["cobalt", "cycles"]), ("COBALT", ["cobalt"]),
        ("co_balt-cycles", ["co", "balt", "cycles"]), ("C0balt 2024", ["cobalt", "2024"]), ("Çöbàlt", ["cobalt"]),
        ("Со\u200bbalt", ["cobalt"]), ("Straße", ["strasse"]), ("Ｃｏ", ["co"]), ("漢字", ["漢", "字"]),
        ("Cobalt™", ["cobalt"]), ("ca$h", ["cash"]), ("", []), ("…", []),
    ],
)  # fmt: skip
def test_words_are_as_people_see_them(text, words):
    assert texts(text) == words


def test_each_word_knows_where_it_stands():
    text = "by Co\u200bbaltCycles."

    assert [text[word.start : word.end] for word in words_of(text)] == ["by", "Co\u200bbalt", "Cycles"]


def test_numbers_are_split_off_where_that_is_asked():
    assert texts("Cycles2024x", split_numbers=True) == ["cycles", "2024", "x"]


@pytest.mark.parametrize("split", [False, True])
@pytest.mark.parametrize("seed", range(30))
def test_the_fast_way_through_ascii_is_the_slow_one(seed, split):
    chance = random.Random(seed)
    text = "".join(chance.choices(string.ascii_letters + string.digits + " .-_$@<&/\n\t{}\"'", k=300))

    assert words_of(text, split_numbers=split) == list(_words(text, split_numbers=split))


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a&nbsp;b", "a\u00a0b"),
        ("a<br>b", "a b"),
        ("a%20b", "a b"),
        ("a\\nb", "a b"),
        ("a < b > c", "a   c"),
        ("50 %", "50 %"),
    ],
)
def test_what_stands_for_a_character_is_read_as_it(text, plain):
    assert decoded(text) == plain
