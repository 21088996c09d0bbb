import pytest

from tenants.colours import Contrast, called, contrast, difference, ink_on, is_colour, is_neutral, lab, named_parts


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#ffffff", "#000000", 21.0),
        ("#777777", "#ffffff", 4.48),
        ("#0000ff", "#ffffff", 8.59),
        ("#abcdef", "#abcdef", 1.0),
    ],
)
def test_ratios_are_those_of_wcag(one, other, ratio):
    """Known pairs of https://webaim.org/resources/contrastchecker/."""
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)
    assert contrast(other, one) == contrast(one, other)


@pytest.mark.parametrize(("one", "verdict"), [("#767676", "text"), ("#949494", "large text"), ("#dddddd", "no text")])
def test_a_verdict_at_the_thresholds(one, verdict):
    found = Contrast.of(one, "#ffffff")

    assert found.verdict == verdict
    assert found.tone == {"text": "good", "large text": "warn", "no text": "bad"}[verdict]


@pytest.mark.parametrize(
    ("colour", "name"),
    [
        ("#000000", "black"), ("#ffffff", "white"), ("#808080", "grey"), ("#ff0000", "vivid red"),
        ("#12355b", "dark blue"),
        ("#e8871e", "vivid orange"), ("#f2f4f7", "pale blue"), ("#0a0a1f", "near-black blue"),
        ("#90ee90", "light green"),
        ("#d3d3d3", "light grey"), ("#ff0055", "vivid pink"),
    ],
)  # fmt: skip
def test_names(colour, name):
    assert called(colour) == name


@pytest.mark.parametrize("value", ["#fff", "fff000", "#12345g", "#1234567", "", None, 7])
def test_what_is_no_colour(value):
    assert not is_colour(value)


def test_ink_is_what_reads_better():
    assert (ink_on("#ffffff"), ink_on("#12355b")) == ("#000000", "#ffffff")


@pytest.mark.parametrize(
    ("colour", "expected"),
    [
        ("#ffffff", (100.0, 0.0, 0.0)), ("#000000", (0.0, 0.0, 0.0)), ("#ff0000", (53.24, 80.09, 67.20)),
        ("#00ff00", (87.74, -86.18, 83.18)), ("#0000ff", (32.30, 79.19, -107.86)), ("#808080", (53.59, 0.0, 0.0)),
    ],
)  # fmt: skip
def test_lab_is_that_of_the_cie(colour, expected):
    """Values of http://www.brucelindbloom.com/ for sRGB under D65."""
    assert lab(named_parts(colour)) == pytest.approx(expected, abs=0.05)


@pytest.mark.parametrize(
    "text",
    ["#0047ab", "0047AB", "#0047abcc", "rgb(0, 71, 171)", "rgb(0 71 171 / 50%)", "rgba(0,71,171,0.3)",
     "rgb(0% 27.84% 67.06%)", "hsl(215, 100%, 33.53%)", "HSL(575 100% 33.53%)"],
)  # fmt: skip
def test_one_colour_in_every_notation(text):
    assert difference("#0047ab", named_parts(text)) < 0.5


@pytest.mark.parametrize("text", ["#ggg", "", "#12", "rgb(1)", "rgb()", "hsl(x, y, z)", "blue"])
def test_a_notation_of_nothing(text):
    assert named_parts(text) is None


@pytest.mark.parametrize(
    ("colour", "neutral"),
    [("#fff", True), ("#fefefe", True), ("#000", True), ("#0a0a0a", True), ("#808080", False), ("#0047ab", False),
     ("#fff0f0", False)],
)  # fmt: skip
def test_black_and_white_are_nobodys(colour, neutral):
    assert is_neutral(named_parts(colour)) == neutral
