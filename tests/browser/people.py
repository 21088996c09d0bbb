"""A tenant from its making on: its people, what is shared with one of them, their accounts, and an operator who looks.

Everything that can be done with people, done once in the browser, with what must come of it; `with_people` gives back
what the trail must say.
"""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import PASSWORD as DEMO_PASSWORD
from tests.browser.conftest import Server

PASSWORD, ANOTHER = "a kettle for every lighthouse", "and a lighthouse for every kettle"
NAME, OWNER, VERA, MAX = "Lighthouse Tea", "olga@tea.example", "vera@tea.example", "max@tea.example"


def mailed(server: Server, to: str, kind: str) -> str:
    """The path of the newest link of a kind that was mailed to ``to``."""
    for path in sorted(server.mails.iterdir(), key=lambda path: path.stat().st_mtime_ns, reverse=True):
        text = path.read_text()
        links = re.findall(rf"{server.address}(/{kind}/\S+)", text)
        if links and f"To: {to}" in text:
            return links[-1]
    raise AssertionError(f"Nothing was mailed to {to}.")


def with_people(visit, server: Server) -> dict[str, Callable[[dict], bool]]:
    operator = visit()
    operator.sign_in()
    make_tenant(operator)
    owner = join(visit, server, OWNER, "Olga Owner")
    invite(owner, VERA, "viewer")
    vera = join(visit, server, VERA, "Vera Viewer")
    share_and_edit(owner, vera, server)
    look_after(owner, vera, server, visit)
    account(owner, visit, server)
    look(operator)
    assert [one.complaints for one in (operator, owner)] == [[], []]
    return expected()


def press(opened, summary: str, button: str, **given: str) -> None:
    """Open what a summary hides, fill it in and press its button; the page says something then."""
    panel = opened.page.locator("details.settle", has=opened.page.locator("summary", has_text=summary)).first
    if panel.get_attribute("open") is None:
        panel.locator("summary").click()
    for label, value in given.items():
        entry = panel.get_by_label(label.replace("_", " "), exact=False).first
        entry.select_option(value) if entry.evaluate("e => e.tagName") == "SELECT" else entry.fill(value)
    panel.get_by_role("button", name=button).click()
    expect(opened.page.locator(".message, .looking").first).to_be_visible()


def make_tenant(operator) -> None:
    page = operator.page
    operator.goto("/tenants/")
    page.get_by_role("link", name="New tenant").click()
    page.get_by_label("Name", exact=True).fill(NAME)
    page.get_by_label("First owner's e-mail").fill(OWNER)
    page.get_by_label("Why").fill("Contract 4711")
    page.get_by_role("button", name="Make it").click()
    expect(page.locator(".message")).to_contain_text(f"{NAME} was made, and {OWNER} is invited.")
    expect(page.locator("main")).to_contain_text("version 1, 0 days old")


def join(visit, server: Server, email: str, name: str):
    opened = visit()
    page = opened.page
    opened.goto(mailed(server, email, "join"))
    page.get_by_label("Your name").fill(name)
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_label("The same again").fill(PASSWORD)
    page.get_by_role("button", name="Join").click()
    page.wait_for_url(f"{server.address}/")
    expect(page.locator(".topbar")).to_contain_text(NAME)
    return opened


def invite(owner, email: str, role: str) -> None:
    owner.goto("/people/")
    owner.page.get_by_label("E-mail").fill(email)
    owner.page.locator("#invite-role").select_option(role)
    owner.page.get_by_role("button", name="Invite").click()
    expect(owner.page.locator(".message")).to_contain_text(f"{email} is invited.")


def share_and_edit(owner, vera, server: Server) -> None:
    """One template is shared with a viewer: she edits that, nothing else, and only until the end."""
    for name in ("Story", "Promotional"):
        vera.goto("/data/content/contenttemplate/")
        vera.page.get_by_role("link", name=name, exact=True).click()
        expect(vera.page.get_by_role("link", name="Edit")).to_have_count(0)
    owner.goto("/data/content/contenttemplate/")
    owner.page.get_by_role("link", name="Story", exact=True).click()
    press(owner, "Share", "Share", With="Vera Viewer, viewer", To="change", Why="She writes the stories")
    expect(owner.page.locator("main")).to_contain_text("She writes the stories")
    vera.goto("/account/")
    vera.page.get_by_role("link", name="Story").click()
    vera.page.get_by_role("link", name="Edit").click()
    vera.page.locator("#id_name").fill("Stories of the sea")
    vera.page.get_by_role("button", name="Save").click()
    expect(vera.page.locator("h1")).to_have_text("Stories of the sea")
    shared = vera.page.url
    vera.goto("/data/content/contenttemplate/")
    vera.page.get_by_role("link", name="Promotional", exact=True).click()
    expect(vera.page.get_by_role("link", name="Edit")).to_have_count(0)
    token = vera.page.locator("input[name=csrfmiddlewaretoken]").first.input_value()
    sent = {"form": {"csrfmiddlewaretoken": token, "name": "Mine now"}, "headers": {"Referer": vera.page.url}}
    assert vera.page.request.post(f"{vera.page.url}change/", **sent).status == 403
    server.execute("UPDATE nds_grants SET expires_at = '2026-01-01 00:00:00'")
    vera.page.goto(shared)
    expect(vera.page.get_by_role("link", name="Edit")).to_have_count(0)
    owner.page.goto(shared)
    press(owner, "Share", "Share", With="Vera Viewer, viewer", To="publish", Why="Once more")
    owner.page.get_by_role("button", name="Revoke what was shared with Vera Viewer").click()
    expect(owner.page.locator(".message")).to_contain_text("It is shared no more.")


def look_after(owner, vera, server: Server, visit) -> None:
    """Suspended, let in again, signed out, given a role, removed, made the owner."""
    invite(owner, "nobody@tea.example", "viewer")
    owner.page.get_by_role("button", name="Withdraw").click()
    expect(owner.page.locator(".message")).to_contain_text("The invitation is void.")
    invite(owner, MAX, "member")
    join(visit, server, MAX, "Max Member")
    person(owner, "Max Member")
    press(owner, "Remove", "Remove", Why="Left us")
    owner.goto("/people/?removed")
    expect(owner.page.locator("main")).to_contain_text("Max Member")
    person(owner, "Vera Viewer")
    press(owner, "End sessions", "Sign out everywhere", Why="A lost laptop")
    vera.goto("/")
    assert "/login/" in vera.page.url
    vera.page.get_by_label("E-mail").fill(VERA)
    vera.page.get_by_label("Password").fill(PASSWORD)
    vera.page.get_by_role("button", name="Sign in").click()
    vera.page.wait_for_url(f"{server.address}/")
    press(owner, "Suspend", "Suspend", Why="On leave")
    vera.goto("/")
    assert "/login/" in vera.page.url
    press(owner, "Reactivate", "Let in again", Why="Back")
    press(owner, "Change the role", "Change it", Role="admin", Why="She leads now")


def person(opened, name: str) -> None:
    opened.goto("/people/")
    opened.page.get_by_role("link", name=name).click()
    expect(opened.page.locator("h1")).to_have_text(name)


def account(owner, visit, server: Server) -> None:
    """A password changed, forgotten and set; another address, confirmed from both."""
    page = owner.page
    owner.goto("/account/")
    page.get_by_label("Present password").fill(PASSWORD)
    page.get_by_label("New password").fill(ANOTHER)
    page.get_by_label("The same again").fill(ANOTHER)
    page.get_by_role("button", name="Change the password").click()
    expect(page.locator(".message")).to_contain_text("Your password was changed")
    page.get_by_label("New address").fill("olga.owner@tea.example")
    page.get_by_label("Your password").fill(ANOTHER)
    page.get_by_role("button", name="Ask for it").click()
    expect(page.locator(".message")).to_contain_text("A link went to both addresses")
    for address in (OWNER, "olga.owner@tea.example"):
        owner.goto(mailed(server, address, "account/email"))
        page.get_by_role("button", name="Confirm").click()
    expect(page.locator(".message")).to_contain_text("You are olga.owner@tea.example now.")
    person(owner, "Vera Viewer")
    press(owner, "Hand over", "Hand over", Why="I retire", Your_password=ANOTHER)
    stranger = visit()
    stranger.goto("/login/")
    stranger.page.get_by_role("link", name="Forgotten your password?").click()
    stranger.page.get_by_label("E-mail").fill(VERA)
    stranger.page.get_by_role("button", name="Mail me a link").click()
    expect(stranger.page.get_by_role("status")).to_contain_text("a link is on its way")
    for _ in range(50):  # it goes out behind the answer
        if any("Set a new password" in path.read_text() for path in server.mails.iterdir()):
            break
        stranger.page.wait_for_timeout(100)
    stranger.goto(mailed(server, VERA, "login/new-password"))
    stranger.page.get_by_label("New password").fill(ANOTHER)
    stranger.page.get_by_label("The same again").fill(ANOTHER)
    stranger.page.get_by_role("button", name="Set it").click()
    expect(stranger.page.locator("h1")).to_have_text("Your password was set")


def look(operator) -> None:
    """An operator enters the tenant, looks as one of its people, and stops."""
    page = operator.page
    operator.goto("/tenants/")
    page.get_by_role("link", name=NAME).click()
    page.get_by_label("Why you enter").fill("They see an empty list")
    page.get_by_role("button", name=f"Enter {NAME}").click()
    page.wait_for_url(f"{operator.server.address}/")
    person(operator, "Vera Viewer")
    press(operator, "Look as", "Look", Why="They see an empty list", Your_password=DEMO_PASSWORD)
    expect(page.locator(".looking")).to_contain_text("look as Vera Viewer")
    operator.goto("/settings/")
    expect(page.locator(".looking")).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".message")).to_contain_text("You look as Vera Viewer no more.")
    page.get_by_role("button", name="Leave").click()


def expected() -> dict[str, Callable[[dict], bool]]:
    def changed(field: str, old: str, new: str) -> Callable[[dict], bool]:
        return lambda entry: entry["metadata"]["changes"] == {field: [old, new]}

    def why(reason: str) -> Callable[[dict], bool]:
        return lambda entry: entry["metadata"]["reason"] == reason

    return {
        "create_tenant": lambda entry: entry["metadata"]["name"] == NAME,
        "create_tenant_key": lambda entry: entry["metadata"]["version"] == 1,
        "invite_user": lambda entry: entry["metadata"]["email"] == MAX,
        "accept_invitation": lambda entry: entry["metadata"]["email"] == MAX,
        "withdraw_invitation": lambda entry: entry["metadata"]["email"] == "nobody@tea.example",
        "grant_access": lambda entry: (
            (entry["metadata"]["what"], entry["metadata"]["reason"]) == ("publish", "Once more")
        ),
        "revoke_access": lambda entry: entry["metadata"]["what"] == "publish",
        "delete_user": why("Left us"),
        "end_sessions": why("A lost laptop"),
        "suspend_user": why("On leave"),
        "reactivate_user": why("Back"),
        "change_role": changed("role", "viewer", "admin"),
        "transfer_ownership": why("I retire"),
        "change_password": lambda entry: entry["success"] == 1,
        "request_password_reset": lambda entry: entry["tenant"] is not None,
        "reset_password": lambda entry: entry["success"] == 1,
        "request_email_change": lambda entry: "confirmed" in entry["metadata"],
        "change_email": changed("email", OWNER, "olga.owner@tea.example"),
        "look_as": lambda entry: entry["metadata"]["looking_as"] == entry["resource"],
        "stop_looking": lambda entry: entry["metadata"]["looking_as"] == entry["resource"],
    }
