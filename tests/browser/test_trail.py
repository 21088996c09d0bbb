"""Everything that can be done in the browser is done once, and found in the trail; the trail as people use it."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from security.actions import Action
from tests.browser.conftest import AXE
from tests.browser.people import with_people
from tests.browser.skills import with_skills

OF_COMMANDS = {
    # what no page does: `createplatformadmin`, `roll_up`, `skills publish`, `demo`, `import_d1`, `loaddata`, `doctor`
    Action.CREATE_USER, Action.ROLL_UP_METRICS, Action.PUBLISH_METRICS, Action.CREATE_DEMO, Action.IMPORT_DATABASE,
    Action.LOAD_FIXTURES, Action.NORMALISE_TIMES,
    # a brand's first profile: the demo's tenants have theirs
    Action.CREATE_BRAND_PROFILE,
    # what is only written where nothing else tells
    Action.CROSS_TENANTS,
}  # fmt: skip
TENANT = "tenant_001"


class Journey:
    """Somebody at work; `done` notes what he did, with what the trail must say of it."""

    def __init__(self, visit, email: str) -> None:
        self.opened = visit()
        self.page = self.opened.page
        self.opened.sign_in(email)

    def one(self, table: str, column: str, condition: str = "1") -> str:
        ((key,),) = self.opened.server.execute(f"SELECT {column} FROM {table} WHERE {condition} LIMIT 1")
        return str(key)

    def edit(self, address: str, field: str, value: str, reason: str = "Because of the test") -> str:
        """Change ``field`` in a form; its old value."""
        assert self.opened.goto(address) == 200
        entry = self.page.locator(f"#id_{field}")
        old = entry.input_value()
        self.put(entry, value)
        self.page.locator("#id_reason").fill(reason)
        self.page.get_by_role("button", name="Save").click()
        self.page.wait_for_url("**/")
        assert not self.page.locator(".errornote, .errorlist").count(), self.page.locator(
            ".errornote"
        ).all_inner_texts()
        return old

    def put(self, entry, value: str) -> None:
        if entry.evaluate("e => e.tagName") == "SELECT":
            entry.select_option(value)
        else:
            entry.fill(value)

    def add(self, address: str, values: dict[str, str]) -> None:
        assert self.opened.goto(address) == 200
        for field, value in values.items():
            self.put(self.page.locator(f"#id_{field}"), value)
        self.page.get_by_role("button", name="Save").click()
        self.page.wait_for_url(lambda url: not url.endswith("/add/"))


def newest(server, action: str) -> dict:
    rows = server.execute(
        "SELECT action, tenant_id, resource_id, metadata, success, user_id, request_id, log_id FROM audit_logs "
        "WHERE action = ? AND user_agent LIKE '%Chrome%' AND timestamp >= DATE('now', '-1 day') "
        "ORDER BY timestamp DESC, log_id DESC",
        action,
    )
    assert rows, f"nothing tells of {action}"
    names = ("action", "tenant", "resource", "metadata", "success", "user", "request", "log_id")
    found = dict(zip(names, rows[0], strict=True))
    return {**found, "metadata": json.loads(found["metadata"] or "{}")}


def as_operator(visit, server) -> dict[str, Callable[[dict], bool]]:
    """What an operator can do, and what each entry must say."""
    o = Journey(visit, "operator@platform.example")
    keys = {
        "template": o.one("content_templates", "template_id", f"tenant_id = '{TENANT}'"),
        "configuration": o.one("post_configurations", "config_id", f"tenant_id = '{TENANT}'"),
        "knowledge": o.one("brand_knowledge_entries", "entry_id", f"tenant_id = '{TENANT}'"),
        "skill": o.one("skills", "skill_id", "visibility = 'global' AND status = 'active'"),
        "user": o.one("users", "user_id", f"tenant_id = '{TENANT}' AND role = 'member'"),
        "account": o.one("social_accounts", "account_id", f"tenant_id = '{TENANT}'"),
        "error": o.one("analytics_sync_errors", "error_id", "resolved_at IS NULL"),
        "entry": o.one("audit_logs", "log_id", f"tenant_id = '{TENANT}' AND action = 'login'"),
    }
    olds = {
        "tenant": o.edit("/data/tenants/tenant/tenant_5F001/change/", "name", "Next Day Steel and Sons"),
        "user": o.edit(f"/data/tenants/user/{keys['user']}/change/", "full_name", "Renamed In The Test"),
        "template": o.edit(f"/data/content/contenttemplate/{keys['template']}/change/", "name", "Template of the test"),
        "configuration": o.edit(
            f"/data/content/postconfiguration/{keys['configuration']}/change/", "name", "Configuration of the test"
        ),
        "knowledge": o.edit(
            f"/data/content/brandknowledgeentry/{keys['knowledge']}/change/", "title", "Knowledge of the test"
        ),
        "skill": o.edit(f"/data/content/skill/{keys['skill']}/change/", "name", "Skill of the test"),
        "error": o.edit(
            f"/data/analytics/analyticssyncerror/{keys['error']}/change/", "resolved_at", "2026-11-20T10:00:00"
        ),
    }
    o.add("/data/content/contenttemplate/add/", {
        "tenant": TENANT, "name": "Made in the test", "template_type": "story", "platform": "linkedin",
        "structure": "{}",
    })  # fmt: skip
    o.add("/data/content/postconfiguration/add/", {
        "tenant": TENANT, "name": "Made in the test", "platforms": "[]",
    })  # fmt: skip
    o.add("/data/content/brandknowledgeentry/add/", {
        "tenant": TENANT, "title": "Made in the test", "content": "Text", "entry_type": "faq",
    })  # fmt: skip
    for address in (
        f"/data/publishing/socialaccount/{keys['account']}/", "/data/tenants/brandprofile/tenant_5F001/",
        f"/data/tenants/user/{keys['user']}/", "/data/tenants/tenant/tenant_5F001/", f"/audit/{keys['entry']}/",
    ):  # fmt: skip
        assert o.opened.goto(address) == 200, address
    o.opened.goto("/data/publishing/publishedpost/")
    o.page.get_by_text("Columns").first.click()
    o.page.locator("input[name=density]").last.check()
    o.page.locator(".tool-card").get_by_role("button", name="Apply").or_(
        o.page.locator(".tool-card").get_by_role("button", name="Save")
    ).first.click()
    o.opened.goto("/tenants/enter/")
    o.page.get_by_label("Why you enter").fill("Looking after the test")
    o.page.get_by_role("button", name="Next Day Steel and Sons").click()
    o.page.wait_for_url(f"{server.address}/")
    o.page.get_by_role("button", name="Leave").click()
    o.page.locator(".account summary").click()
    o.page.get_by_role("button", name="Sign out").click()

    def changed(field: str, old: str, new: str) -> Callable[[dict], bool]:
        return lambda entry: entry["metadata"].get("changes", {}).get(field) == [old, new]

    return {
        "login": lambda entry: entry["success"] == 1,
        "logout": lambda entry: entry["tenant"] == "platform",
        "update_tenant": changed("name", olds["tenant"], "Next Day Steel and Sons"),
        "update_user": changed("full_name", olds["user"], "Renamed In The Test"),
        "update_content_template": changed("name", olds["template"], "Template of the test"),
        "update_post_configuration": changed("name", olds["configuration"], "Configuration of the test"),
        "update_brand_knowledge_entry": changed("title", olds["knowledge"], "Knowledge of the test"),
        "update_skill": changed("name", olds["skill"], "Skill of the test"),
        "update_analytics_sync_error": lambda entry: entry["metadata"]["changes"]["resolved_at"][0] is None,
        "create_content_template": lambda entry: entry["metadata"]["changes"]["name"] == [None, "Made in the test"],
        "create_post_configuration": lambda entry: entry["metadata"]["changes"]["name"] == [None, "Made in the test"],
        "create_brand_knowledge_entry": lambda e: e["metadata"]["changes"]["title"] == [None, "Made in the test"],
        "read_social_account": lambda entry: entry["resource"] == keys["account"],
        "read_brand_profile": lambda entry: entry["resource"] == TENANT,
        "read_user": lambda entry: entry["tenant"] == TENANT,
        "read_tenant": lambda entry: entry["resource"] == entry["tenant"],  # once an hour: others may have
        "read_audit_log": lambda entry: entry["resource"] == keys["entry"],
        "update_preference": lambda entry: entry["metadata"]["name"] == "density",
        "enter_tenant": lambda entry: entry["metadata"]["reason"] == "Looking after the test",
        "leave_tenant": lambda entry: entry["tenant"] == TENANT,
    }


def as_auditor(visit) -> dict[str, Callable[[dict], bool]]:
    a = Journey(visit, "auditor@platform.example")
    page = a.page
    a.opened.goto("/audit/?q=ok:false")
    page.locator("summary", has_text="Views").click()
    page.get_by_label("Save this query as").fill("Refusals")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Saved as Refusals.").wait_for()
    page.locator("summary", has_text="Views").click()
    page.get_by_role("button", name="Delete the view Refusals").click()
    page.get_by_text("Deleted the view Refusals.").wait_for()
    a.opened.goto("/audit/?q=action:login")
    page.locator("summary", has_text="Export").click()
    with page.expect_download():
        page.get_by_role("button", name="NDJSON").click()
    page.locator(".progress-line", has_text="Done: ").wait_for()
    for button, note in (("Acknowledge", "It was agreed"), ("Open a case", "Nobody knows why")):
        a.opened.goto("/audit/review/")
        finding = page.locator(".findings > li:has(summary)").first
        finding.locator("summary").click()
        finding.get_by_label("What you looked at and found").fill(note)
        finding.get_by_role("button", name=button).click()
        page.locator(".message").wait_for()
    week = page.locator(".review-week").nth(1)
    week.locator("summary", has_text="Sign off the week").click()
    week.locator(".settle[open]").get_by_label("What you looked at and found").fill("All in order")
    week.locator(".settle[open]").get_by_role("button", name="Sign off").click()
    page.get_by_text("Signed off ").first.wait_for()
    assert a.opened.goto("/operations/sql/") == 403
    return {
        "save_audit_view": lambda entry: entry["metadata"]["changes"]["query"] == [None, "ok:false"],
        "delete_audit_view": lambda entry: entry["metadata"]["name"] == "Refusals",
        "export_rows": lambda entry: entry["metadata"]["query"] == "action:login",
        "acknowledge_entry": lambda entry: entry["metadata"]["note"] == "Nobody knows why",
        "open_compliance_case": lambda entry: entry["metadata"]["kind"] == "breach",
        "sign_off_period": lambda entry: entry["metadata"]["note"] == "All in order",
        "deny_access": lambda entry: (entry["resource"], entry["success"]) == ("/operations/sql/", 0),
    }


PASSWORD = "nds-admin-demo"
LEAVING = "tenant_004"  # whose keys are destroyed


def as_owner(visit) -> dict[str, Callable[[dict], bool]]:
    """Brand and tokens, as a tenant's owner looks after them."""
    o = Journey(visit, "owner@nextdaysteel.example")
    page = o.page
    o.opened.goto("/brand/?edit")
    page.locator("input[name=palette]").nth(3).fill("#00aa55")
    page.get_by_label("Why").fill("A new green")
    page.get_by_role("button", name="Look at the change").click()
    page.get_by_role("heading", name="What this changes").wait_for()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/brand/")
    expect(page.locator("main")).to_contain_text("#00aa55")
    o.opened.goto("/publishing/accounts/")
    page.locator(".row-link").first.click()
    token = page.locator(".token").first

    def settle(where, summary: str, **given: str) -> None:
        where.locator("summary", has_text=summary).click()
        opened = where.locator(".settle[open]")
        for label, value in given.items():
            opened.get_by_label(label.replace("_", " ")).fill(value)
        opened.get_by_role("button").click()

    settle(token, "Reveal", Why="The platform asks", Your_password="a guess at it")
    expect(page.locator(".message")).to_contain_text("The password is wrong.")
    settle(token, "Reveal", Why="The platform asks", Your_password=PASSWORD)
    expect(page.locator(".reveal pre")).to_contain_text("demo-")
    settle(token, "Replace", New_token="fresh-token-1", Why="It was renewed")
    expect(page.locator(".message")).to_contain_text("The access token was replaced.")
    settle(page.locator("aside.panel"), "Revoke", Why="We leave the platform")
    expect(page.locator(".message")).to_contain_text("Both tokens were wiped.")
    return {
        "update_brand_profile": lambda entry: entry["metadata"]["changes"]["palette"][1][3] == "#00aa55",
        "reveal_token": lambda entry: entry["metadata"]["reason"] == "The platform asks",
        "replace_token": lambda entry: entry["metadata"] == {"token": "access", "reason": "It was renewed"},
        "revoke_token": lambda entry: entry["metadata"]["tokens"] == ["access", "refresh"],
        "unwrap_key": lambda entry: "for" in entry["metadata"],
        "read_social_account": lambda entry: entry["tenant"] == TENANT,
    }


def with_keys(visit) -> dict[str, Callable[[dict], bool]]:
    """Rotation, sealing anew with its bar, and a destruction that takes two operators."""
    first = Journey(visit, "operator@platform.example")
    page = first.page
    first.opened.goto("/operations/keys/")
    holding = page.locator("[data-tenant=tenant_002]")
    holding.locator("summary", has_text="Rotate").click()
    holding.get_by_label("Why").first.fill("Somebody left")
    holding.get_by_role("button", name="Make version 3").click()
    page.locator(".message").wait_for()
    holding.get_by_role("button", name="Seal anew").click()
    expect(holding.locator("[data-told]")).to_contain_text("0 are left")

    def propose(tenant: str) -> None:
        leaving = page.locator(f"[data-tenant={tenant}]")
        leaving.locator("summary", has_text="Destroy").click()
        leaving.get_by_label("What").select_option("all")
        leaving.get_by_label("Why").last.fill("The contract has ended.")
        leaving.get_by_label("Your password").last.fill(PASSWORD)
        leaving.get_by_role("button", name="Propose").click()
        page.locator(".message").wait_for()

    propose("tenant_005")
    page.locator("[data-tenant=tenant_005]").get_by_role("button", name="Call off").click()
    expect(page.locator(".message")).to_contain_text("called off")
    propose(LEAVING)
    assert page.locator(f"[data-tenant={LEAVING}]").get_by_text("Another operator destroys it.").is_visible()
    second = Journey(visit, "second.operator@platform.example")
    second.opened.goto("/operations/keys/")
    leaving = second.page.locator(f"[data-tenant={LEAVING}]")
    leaving.locator("summary.danger").click()
    leaving.locator(".proposal").get_by_label("Your password").fill(PASSWORD)
    leaving.get_by_role("button", name="Destroy for good").click()
    expect(second.page.locator(".message")).to_contain_text("Gone for good on")
    assert first.opened.complaints == second.opened.complaints == []
    return {
        "rotate_keys": lambda entry: (entry["tenant"], entry["metadata"]["reason"]) == ("tenant_002", "Somebody left"),
        "reencrypt_rows": lambda entry: entry["metadata"]["version"] == 3,
        "propose_key_destruction": lambda entry: entry["tenant"] == LEAVING,
        "withdraw_key_destruction": lambda entry: entry["tenant"] == "tenant_005",
        "destroy_keys": lambda entry: entry["tenant"] == LEAVING,
    }


def test_everything_that_can_be_done_is_found_in_the_trail(visit, server):
    people = with_people(visit, server)  # first: what others do besides is the newer entry
    skills = with_skills(visit, server)
    expected = {
        **people,
        **skills,
        **as_operator(visit, server),
        **as_owner(visit),
        **with_keys(visit),
        **as_auditor(visit),
    }

    assert set(expected) == {action.value for action in set(Action) - OF_COMMANDS}
    entries = {action: newest(server, action) for action in expected}
    assert [action for action, holds in expected.items() if not holds(entries[action])] == []

    reader = Journey(visit, "auditor@platform.example")
    for action, entry in entries.items():
        reader.opened.goto(f"/audit/?q=action:{action}")
        assert reader.page.locator(f'.row-link[href="/audit/{entry["log_id"]}/"]').count() == 1, action
    reader.opened.goto(f"/audit/{entries['update_content_template']['log_id']}/")
    text = reader.page.locator("main").inner_text()
    assert "Template of the test" in text
    assert "Because of the test" in text
    assert reader.opened.complaints == []


def test_a_query_is_completed_with_the_keyboard(visit):
    opened = visit()
    opened.sign_in("auditor@platform.example")
    page = opened.page
    opened.goto("/audit/")
    query = page.get_by_label("Query")

    query.type("act")
    page.get_by_role("option", name="action:").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert query.get_attribute("aria-activedescendant") == "completion-1"
    page.keyboard.press("Enter")
    page.get_by_role("option", name=re.compile("action:[a-z]")).first.wait_for()
    query.type("login")
    expect(page.locator("#trail-completions li")).to_have_count(1)  # no older answer
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert query.input_value() == "action:login "
    page.keyboard.press("Enter")

    page.wait_for_url("**/audit/?q=action*")
    assert page.locator(".trail-rows tbody tr").count() == 50
    assert opened.complaints == []


def test_a_mistake_is_shown_and_mended_by_fields(visit):
    opened = visit()
    opened.sign_in("auditor@platform.example")
    page = opened.page
    assert opened.goto("/audit/?q=foo:bar") == 400
    assert page.locator("mark").inner_text() == "foo:bar"

    opened.goto("/audit/")
    page.locator("summary", has_text="As fields").click()
    page.get_by_label("Ok").select_option("false")
    page.get_by_role("button", name="Apply").click()

    page.wait_for_url("**/audit/?q=ok%3Afalse")
    assert page.locator(".trail-rows tbody tr").count() > 3


def test_a_bar_leads_to_its_day_and_an_entry_to_what_was_around(visit):
    opened = visit()
    opened.sign_in("auditor@platform.example")
    page = opened.page
    opened.goto("/audit/?q=action:create_post")
    day = page.locator(".activity svg a").first.get_attribute("href")
    opened.goto(day)
    page.locator(".row-link").first.click()
    page.wait_for_url("**/audit/*/")

    assert page.locator("h1").inner_text().startswith("Created post")
    page.locator(".facts a").first.click()
    page.wait_for_url("**/audit/?q=actor*")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_open_cards_and_an_entry_are_accessible(visit, theme):
    if not AXE.exists():
        pytest.skip("needs `npm ci` in tests/node")
    opened = visit(theme=theme)
    opened.sign_in("auditor@platform.example")
    page = opened.page
    opened.goto("/audit/?q=action:update_brand_profile")
    page.locator("summary", has_text="Views").click()
    page.locator("summary", has_text="As fields").click()
    check(page)
    page.locator(".row-link").first.click()
    page.wait_for_url("**/audit/*/")
    check(page)
    opened.goto("/audit/review/")
    page.locator(".findings summary").first.click()
    check(page)


def check(page) -> None:
    found = page.evaluate(
        AXE.read_text() + ";axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})"
        ".then(r => r.violations.map(v => [v.id, v.nodes.map(n => n.target.join(' ')).slice(0, 5)]))"
    )
    assert found == [], json.dumps(found, indent=1)
