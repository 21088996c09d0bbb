"""Skills from a draft to everybody's: an owner edits, rolls back, forks and retires; operators propose and decide.

`with_skills` gives back what the trail must say.
"""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Server
from tests.browser.people import press

OWNER, OPERATOR, SECOND = "owner@nextdaysteel.example", "operator@platform.example", "second.operator@platform.example"
RIPE, LEAKING = "skill_delivery_timeline_01", "skill_rider_portrait_05"


def with_skills(visit, server: Server) -> dict[str, Callable[[dict], bool]]:
    owner, first, second = visit(), visit(), visit()
    for opened, email in ((owner, OWNER), (first, OPERATOR), (second, SECOND)):
        opened.sign_in(email)
    edit(owner)
    fork(owner)
    see_a_leak(first)
    promote(first, second, server)
    assert [one.complaints for one in (owner, first, second)] == [[], [], []]
    return expected()


def edit(owner) -> None:
    """A draft that names the brand is told so while it is written; mended it is kept, put into use, and rolled back."""
    page = owner.page
    owner.goto(f"/skills/{RIPE}/")
    active = page.locator("#says .note").inner_text().removeprefix("version ")
    page.get_by_role("link", name="New version").click()
    expect(page.locator("#searched")).to_contain_text("Clean")
    page.get_by_label("user_template").fill("Next Day Steel: order, cut and delivery as three steps.")
    expect(page.locator("#searched mark")).to_have_text("Next Day Steel")
    page.get_by_label("user_template").fill("Order, cut and delivery as three steps.")
    expect(page.locator("#searched")).to_contain_text("Clean")
    page.get_by_label("What is different, and why").fill("Steps without dates")
    page.get_by_role("button", name="Keep as a draft").click()
    expect(page.locator(".message")).to_contain_text("is kept as a draft")
    press(owner, "Put into use", "Put into use", Why="Tried by hand")
    expect(page.locator("#says")).not_to_contain_text(f"version {active}")
    press(owner, "Roll back to it", "Roll back to it", Why="The dates are missed")
    expect(page.locator(".message")).to_contain_text("is back, as version")
    expect(page.locator("main")).to_contain_text("Rolled back")


def fork(owner) -> None:
    page = owner.page
    owner.goto("/skills/?sort=name&whose=global")
    page.get_by_role("link", name="Hero With Quote (Linkedin)").first.click()
    page.get_by_label("Name").fill("Hero of ours")
    page.locator("#fork-why").fill("Ours is wider")
    page.get_by_role("button", name="Fork").click()
    expect(page.locator("h1")).to_have_text("Hero of ours")
    expect(page.locator(".tree")).to_contain_text("Hero With Quote (Linkedin)")
    page.locator("#retire-why").fill("It was a try")
    page.get_by_role("button", name="Retire").click()
    expect(page.locator(".message")).to_contain_text("Hero of ours is retired.")


def see_a_leak(operator) -> None:
    """Each hit is marked in its place, and nothing can be proposed."""
    operator.goto(f"/skills/review/{LEAKING}/")
    marks = operator.page.locator(".marked mark")
    assert marks.all_inner_texts() == ["Further, on less", "Cobalt Cycles", "#0047ab"]
    expect(operator.page.locator("#propose-why")).to_have_count(0)


def promote(first, second, server: Server) -> None:
    """Proposed and called off; proposed and refused by another; proposed, and promoted by another."""
    for reason, end in (("Ripe", "off"), ("Ripe for all", "refused"), ("Ripe for everybody", "promoted")):
        first.goto(f"/skills/review/{RIPE}/")
        first.page.locator("#propose-why").fill(reason)
        first.page.get_by_role("button", name="Propose").click()
        expect(first.page.locator(".message")).to_contain_text("Another operator decides.")
        expect(first.page.locator("#approve-why")).to_have_count(0)
        if end == "off":
            press(first, "Call it off", "Call the proposal off", Why="Too early")
            continue
        second.goto("/skills/review/")
        second.page.locator("section", has=second.page.locator("#waiting")).get_by_role("link").first.click()
        if end == "refused":
            press(second, "Refuse", "Refuse it", Why_not="Too narrow")
        else:
            second.page.locator("#approve-why").fill("Clean, and known to enough")
            second.page.get_by_role("button", name="Promote").click()
            expect(second.page.locator(".message")).to_contain_text("is everybody's")
    assert server.execute("SELECT visibility FROM skills WHERE skill_id = ?", RIPE) == [("global",)]


def expected() -> dict[str, Callable[[dict], bool]]:
    def why(reason: str) -> Callable[[dict], bool]:
        return lambda entry: entry["metadata"]["reason"] == reason

    return {
        "create_skill_version": why("Steps without dates"),
        "activate_skill_version": why("Tried by hand"),
        "roll_back_skill": why("The dates are missed"),
        "fork_skill": why("Ours is wider"),
        "retire_skill": why("It was a try"),
        "propose_promotion": why("Ripe for everybody"),
        "withdraw_promotion": why("Too early"),
        "refuse_promotion": why("Too narrow"),
        "promote_skill": lambda entry: (
            (entry["metadata"]["reason"], entry["tenant"], entry["resource"])
            == ("Clean, and known to enough", "tenant_001", RIPE)
        ),
        "read_skill_metrics": lambda entry: entry["tenant"] is None,
    }
