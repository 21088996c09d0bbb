"""Planted leaks of every kind are found; what is clean stays so."""

import itertools
import random
import re

import pytest

from content.leaks import Material, TermKind, Text, TooLong, scan, terms_of
from content.leaks.scanning import FORMS

BRAND = terms_of(
    Material(
        names=["Cobalt Cycles Ltd"],
        documents={
            "palette": ["#0047ab", "#e8871e", "#fefefe", "rgb(10, 120, 60)", "6A0DAD", "#f0c", "Signal Heather"],
            "typography": {
                "headline": "Barlow Semi Condensed Bold 48pt",
                "body": "Lora 16pt, Brandon Grotesque, sans-serif",
            },
            "lexicon": {
                "products": ["Commuter frame", "Pannier", "Q7", {"Veloria": {"since": 2020}}],
                "avoid": ["cheap", "bargain"],
                "use": "velodrome",
            },
            "messaging": {
                "taglines": ["Further, on less", "Cobalt Cycles delivers"],
                "promise": "We true every wheel by hand before it leaves our yard in Leeds",
            },
        },
        titles=["What customers ask first", "Colours and paper", "Velocity ledger", "FAQ"],
        handles=["@cobaltcycles", "cobalt.rides"],
        domains=["cobaltcycles.example"],
    )
)
K = TermKind
PLANTED = [
    # names
    (K.TENANT, "Written for Cobalt Cycles."), (K.TENANT, "written for COBALT CYCLES"),
    (K.TENANT, "Cobalt-Cycles style"),
    (K.TENANT, "Cobalt Cycles Ltd"), (K.TENANT, "the Cobalt Cycles’ look"), (K.TENANT, "“Cobalt Cycles”"),
    (K.TENANT, "as CobaltCycles does"), (K.TENANT, "cobalt_cycles_layout"), (K.TENANT, "cobaltcycles"),
    (K.TENANT, "forcobaltcyclesonly"),
    # split over lines and letters
    (K.TENANT, "made for Cobalt\nCycles"), (K.TENANT, "Cobalt \t\r\n  Cycles"), (K.TENANT, "Cob-\nalt Cycles"),
    (K.TENANT, "C o b a l t C y c l e s"), (K.TENANT, "C.o.b.a.l.t. Cycles"), (K.TENANT, "Cobalt / Cycles"),
    # without width
    (K.TENANT, "Cobalt\u200b Cycles"), (K.TENANT, "Co\u200bba\u200dlt Cy\ufeffcles"), (K.TENANT, "Co\u00adbalt Cycles"),
    (K.TENANT, "Cobalt\u2060\u00a0Cycles"), (K.TENANT, "C\u034fobalt Cycles"), (K.TENANT, "Cobalt\u202eCycles"),
    # lookalikes
    (K.TENANT, "Соbаlt Сyсlеs"), (K.TENANT, "Ｃｏｂａｌｔ Ｃｙｃｌｅｓ"), (K.TENANT, "𝐂𝐨𝐛𝐚𝐥𝐭 𝐂𝐲𝐜𝐥𝐞𝐬"),
    (K.TENANT, "Çöbàlt Cyclés"),
    (K.TENANT, "C0balt Cyc1es"), (K.TENANT, "Cοbαlt Cycles"), (K.TENANT, "Cob@lt Cycles"), (K.TENANT, "Ⓒⓞⓑⓐⓛⓣ Cycles"),
    (K.TENANT, "Cօbalt Cycleѕ"), (K.TENANT, "Co\u0301balt Cycles"),
    # as pages and programs write characters
    (K.TENANT, "Cobalt&nbsp;Cycles"), (K.TENANT, "Cobalt<br>Cycles"), (K.TENANT, "Cobalt\\nCycles"),
    (K.TENANT, "Cobalt%20Cycles"), (K.TENANT, "Co&shy;balt Cycles"), (K.TENANT, "C&#111;balt Cycles"),
    (K.TENANT, "Cobalt Cycles™"), (K.TENANT, "Cobalt Cycles2024"), (K.TENANT, "Co\u3164balt Cycles"),
    # products and lexicon, in other forms
    (K.PRODUCT, "Show a commuter frame."), (K.PRODUCT, "Show two Commuter Frames side by side"),
    (K.PRODUCT, "panniers on both sides"), (K.PRODUCT, "a pannier's buckle"), (K.LEXICON, "Never sound cheap"),
    (K.LEXICON, "Hunt for bargains"), (K.LEXICON, "bargaining is not our tone"), (K.LEXICON, "under velodrome lights"),
    (K.LEXICON, "VELODROMES"), (K.LEXICON, "CHEAPLY made"),
    # taglines and messages
    (K.MESSAGE, "Close with “Further, on less”."), (K.MESSAGE, "further\non\nless"), (K.MESSAGE, "FURTHER — ON LESS!"),
    (K.MESSAGE, "Say: every wheel by hand before"), (K.MESSAGE, "it leaves our yard in Leeds"),
    (K.MESSAGE, "We true every wheel by hand before it leaves our yard in Leeds"),
    # typefaces
    (K.TYPEFACE, "Set in Barlow Semi Condensed"), (K.TYPEFACE, "font: lora, serif"),
    (K.TYPEFACE, "BarlowSemiCondensed-Bold"),
    # knowledge
    (K.KNOWLEDGE, "see “What customers ask first”"), (K.KNOWLEDGE, "colours and PAPER"),
    (K.KNOWLEDGE, "velocity-ledger"),
    # domains, addresses, handles
    (K.DOMAIN, "link to cobaltcycles.example/rides"), (K.DOMAIN, "https://www.other-shop.co.uk"),
    (K.DOMAIN, "cobaltcycles [dot] example"), (K.DOMAIN, "cobaltcycles.\u200bexample"),
    (K.EMAIL, "write to rides@cobaltcycles.example"), (K.EMAIL, "sam(at)mail.com"), (K.EMAIL, "a.b+c@shop.org today"),
    (K.DOMAIN, "shop.sg"), (K.DOMAIN, "acme.com.au"), (K.DOMAIN, "acme.berlin"), (K.DOMAIN, "bücher.de"),
    (K.DOMAIN, "shop.hk"), (K.HANDLE, "tag @cobaltcycles"),
    (K.HANDLE, "credit @someone_else"), (K.HANDLE, "follow Cobalt Rides"),
    # prices
    (K.PRICE, "from £380"), (K.PRICE, "only 12.99 €"), (K.PRICE, "EUR 40"), (K.PRICE, "$1,250.00 a frame"),
    (K.PRICE, "49EUR"), (K.PRICE, "49 US dollars"), (K.PRICE, "49 kr"), (K.PRICE, "4.9k EUR"), (K.PRICE, "₩49000"),
    (K.PRICE, "49,-"), (K.DOMAIN, "acme.ai"), (K.DOMAIN, "http://acme.ru/x"), (K.DOMAIN, "www.acme.berlin"),
    (K.DOMAIN, "acme dot com"), (K.COLOUR, "0x0047AB"), (K.COLOUR, "[0, 71, 171]"),
    (K.PRICE, "40 dollars"), (K.PRICE, "99 cents"), (K.PRICE, "£\u200b380"), (K.PRICE, "１２ €"),
    (K.PRICE, "SGD 1,200"), (K.PRICE, "AUD 49"), (K.PRICE, "4,900 yen"), (K.PRICE, "₱900"), (K.PRICE, "900 ฿"),
    (K.PRICE, "INR 1200"), (K.PRICE, "300 CNY"), (K.PRICE, "R$ 49"), (K.PRICE, "CAD 20"), (K.PRICE, "20 AED"),
    # of documents that say it otherwise
    (K.PRODUCT, "the Q7 in front"), (K.PRODUCT, "a Veloria, seen from above"), (K.TYPEFACE, "set in Brandon Grotesque"),
    (K.COLOUR, "#0a783c"), (K.COLOUR, "on #6a0dad"), (K.COLOUR, "#ff00cc"), (K.COLOUR, "in signal heather"),
    # colours
    (K.COLOUR, "background #0047ab"), (K.COLOUR, "background #0047AB"), (K.COLOUR, "#0049a9"), (K.COLOUR, "#04a"),
    (K.COLOUR, "0047ab"), (K.COLOUR, "rgb(0, 71, 171)"), (K.COLOUR, "rgba(0 71 171 / 50%)"), (K.COLOUR, "#0047abff"),
    (K.COLOUR, "hsl(215, 100%, 33.5%)"), (K.COLOUR, "#e7861f"), (K.COLOUR, "#0047\u200bab"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "text"), PLANTED, ids=[f"{kind.name}-{place}" for place, (kind, _) in enumerate(PLANTED)]
)
def test_a_planted_leak_is_found(kind, text):
    hits = scan([Text("here", text)], BRAND)

    assert kind in {hit.kind for hit in hits}, hits


def test_the_list_is_long_enough():
    assert len(PLANTED) >= 60
    assert {kind for kind, _ in PLANTED} == set(TermKind)


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Close in cobalt  CYCLES blue", "cobalt  CYCLES"),
        ("for Co\u200bbalt\nCycles.", "Co\u200bbalt\nCycles"),
        ("from £380.", "£380"),
        ("mail rides@cobaltcycles.example.", "rides@cobaltcycles.example"),
        ("on #0047ab, please", "#0047ab"),
        ("two Panniers, full", "Panniers"),
    ],
)
def test_a_hit_is_marked_where_it_stands(text, marked):
    assert marked in {text[hit.start : hit.end] for hit in scan([Text("here", text)], BRAND)}


def test_what_is_split_over_values_is_found_between_the_names_of_their_parts():
    texts = [Text("line1 (its name)", "line1", is_name=True), Text("line1", "Cobalt"),
             Text("line2 (its name)", "line2", is_name=True), Text("line2", "Cycles")]  # fmt: skip

    assert [hit.place for hit in scan(texts, BRAND)] == ["line1", "line2"]


@pytest.mark.parametrize("name", ["3M", "HP", "H&M", "C&A", "Q8"])
def test_a_short_name_is_looked_for_as_it_is_written(name):
    brand = terms_of(Material(names=[name]))

    assert [hit.term for hit in scan([Text("here", f"By {name}, as always")], brand)] == [name]
    assert scan([Text("here", "3 m of hp sauce, a ham and c a q 8")], brand) == []


def test_what_is_too_long_is_not_waited_for():
    with pytest.raises(TooLong):
        scan([Text("here", "a " * 30_001)], BRAND)


@pytest.mark.parametrize("form", [form for _, form in FORMS], ids=[kind.name for kind, _ in FORMS])
def test_no_form_is_searched_from_everywhere_to_everywhere(form):
    """A group that repeats without an end made 100 kB of ``a(dot)`` take 88 seconds: each has its number."""
    assert re.search(r"\)[+*]", form.pattern) is None
    for text in ("a[dot]" * 3_000, "a(dot)" * 3_000, "1," * 9_000, "a-" * 9_000, "@" * 9_000):
        form.findall(text)


def test_what_is_split_over_members_and_keys_is_marked_in_each():
    texts = [Text("fragments (key)", "Cobalt"), Text("fragments.Cobalt", "Cycles"), Text("notes", "further on less")]

    assert [(hit.place, hit.kind) for hit in scan(texts, BRAND)] == [
        ("fragments (key)", K.TENANT), ("fragments.Cobalt", K.TENANT), ("notes", K.MESSAGE),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "cobalt blue sky, one cycle of light",  # neither of the name's words is the name
        "on less, further out",
        "white #ffffff on black #000",
        "#3d5fb3",  # a blue, but not theirs
        "{{product.name}} at {{price}}",
        "safe margin 32 px, 22 pt, ratio 4.5:1, gemini-2.5, claude-sonnet-4.5",
        "One benefit a column. In each, a verb first.",
        "An exploration of form",  # lora, within a word
        "FAQ",
        "a sans-serif face",
        "before 2020, since then",
        "2 in a row",
        "CAD drawing",
        "01cad2-7aed-cad1-aed44",
        "",
    ],
)
def test_what_is_nobodys_is_no_leak(text):
    assert scan([Text("here", text)], BRAND) == []


VERBS = ("Show", "Place", "Keep", "Draw", "Compose", "Set", "Crop", "Align", "Frame", "Balance")
THINGS = ("{{product}}", "the headline", "one picture", "three columns", "a portrait", "the logo", "a quiet background",
          "the call to action", "two short lines", "a single number", "the quote", "a route as one line")  # fmt: skip
WAYS = ("with one benefit a column", "in the upper third", "with room to breathe", "at 22 pt or larger",
        "32 px from each edge", "in the first brand colour", "without exclamation marks", "on #ffffff or #1d1d1d",
        "as in a newspaper of 1950", "so that it reads at arm's length", "before the price", "by @{{handle}}",
        "with contrast of 4.5:1", "in at most 12 words", "then ask a question", "#{{hashtag}} last")  # fmt: skip


def test_two_hundred_clean_skills_raise_hardly_an_alarm():
    """At most 5 %: who is alarmed for nothing stops reading."""
    chance = random.Random(9)
    parts = list(itertools.product(VERBS, THINGS, WAYS))
    clean = [[Text(str(n), f"{' '.join(part)}.") for n, part in enumerate(chance.sample(parts, 8))] for _ in range(200)]

    alarms = [hits for texts in clean if (hits := scan(texts, BRAND))]

    assert len(alarms) <= 10, alarms
