import pytest

from tenants.colours import Contrast, called, contrast, ink_on, is_colour


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
