"""Lists as people use them: paging while rows come, the keyboard, selected rows, columns, files, jumping."""

import csv
import json

from tests.browser.conftest import AXE

AUDIT = "/data/security/auditlog/"
TEMPLATES = "/data/content/contenttemplate/"
ROWS = 10_000
LOOK = """async address => {
  const text = await (await fetch(address)).text();
  const page = new DOMParser().parseFromString(text, "text/html");
  const rows = [...page.querySelectorAll(".row-link")].map(link => link.getAttribute("href"));
  return [rows, page.querySelector('.pager [rel="next"]')?.getAttribute("href") ?? null];
}"""  # a page's rows and where the next one is, without drawing it


def test_ten_thousand_rows_are_seen_once_each_while_others_come(visit, server):
    """Dies with OFFSET: each new row would push one that was seen onto the next page."""
    server.execute(
        f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS}) "
        "INSERT INTO audit_logs (log_id, action, resource_type, timestamp) SELECT PRINTF('old%05d', i * 7919 % 10007), "
        "'browse_test', 'test', CASE i % 3 WHEN 0 THEN '2026-01-01 00:00:00' WHEN 1 THEN '2026-01-01T00:00:00.000Z' "
        "ELSE DATETIME('2026-01-01', i / 40 || ' minutes') END FROM n",
    )
    opened = visit()
    opened.sign_in()
    opened.goto(f"{AUDIT}?action=browse_test")
    seen: list[str] = []
    at = "?action=browse_test"
    for number in range(ROWS // 50 + 5):
        rows, following = opened.page.evaluate(LOOK, at)
        seen += rows
        server.execute(
            "INSERT INTO audit_logs (log_id, action, resource_type, timestamp) VALUES (?, 'browse_test', 'test', ?)",
            f"new{number:05}",
            "2026-11-01 00:00:00" if number % 2 else "2026-01-02T00:00:00.000Z",
        )
        if following is None:
            break
        at = following
    opened.goto(AUDIT + at)

    old = [address for address in seen if "/old" in address]
    assert len(old) == len(set(old)) == ROWS
    assert len(seen) == len(set(seen))
    opened.page.get_by_role("link", name="First").click()
    opened.page.get_by_role("link", name="Last", exact=True).click()
    assert opened.page.locator(".row-link").last.get_attribute("href") == seen[-1]


def test_the_keyboard_is_enough(visit):
    opened = visit()
    opened.sign_in()
    page = opened.page
    opened.goto("/data/publishing/publishedpost/")
    rows = page.locator(".row-link")

    for key in ("j", "j", "j", "k"):
        page.keyboard.press(key)
    second = rows.nth(1).get_attribute("href")
    assert page.evaluate("document.activeElement.getAttribute('href')") == second
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{second}")
    page.go_back()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.type("autumn")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=autumn**")
    assert page.locator("td[data-label=Campaign]").first.inner_text() == "autumn-launch"
    assert opened.complaints == []


def test_jumping_finds_a_tenant_while_one_types(visit):
    opened = visit()
    opened.sign_in()
    page = opened.page

    page.keyboard.press("Control+k")
    page.keyboard.type("harb")
    page.locator(".jump-hits .hit", has_text="Harbour Glass").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")

    page.get_by_role("heading", name="Harbour Glass").wait_for()
    assert "/data/tenants/tenant/" in page.url
    assert opened.complaints == []


def test_selected_rows_are_archived_and_restored(visit, server):
    opened = visit()
    opened.sign_in()
    page = opened.page
    opened.goto(f"{TEMPLATES}?tenant=tenant_002")
    bar = page.locator(".bulk")
    assert not bar.is_visible()

    page.locator(".rows tbody .pick input").nth(0).check()
    page.locator(".rows tbody .pick input").nth(1).check()
    assert "2 selected" in bar.inner_text()
    page.get_by_label("Reason").fill("Out of season.")
    page.get_by_role("button", name="Archive").click()

    assert "2 rows archived." in page.get_by_role("status").inner_text()
    assert "tenant=tenant_002" in page.url
    page.get_by_label("Select all rows of this page").check()
    page.get_by_role("button", name="Restore").click()
    assert "2 rows restored." in page.get_by_role("status").inner_text()
    notes = server.execute(
        "SELECT metadata FROM audit_logs WHERE action = 'update_content_template' AND metadata LIKE '%Out of season%'"
    )
    assert len(notes) == 2
    assert opened.complaints == []


def test_columns_are_chosen_and_come_back(visit):
    opened = visit()
    opened.sign_in("second.operator@platform.example")
    page = opened.page
    opened.goto(TEMPLATES)
    before = page.locator(".rows thead th").all_inner_texts()

    page.locator("summary", has_text="Columns").click()
    page.get_by_role("group", name="Columns").get_by_label("Platform").uncheck()
    page.get_by_role("radio", name="Compact").check()
    page.get_by_role("button", name="Save").click()
    after = page.locator(".rows thead th").all_inner_texts()

    assert [text for text in before if text not in after] == ["Platform"]
    assert "compact" in page.locator(".table-frame").get_attribute("class")
    page.locator("summary", has_text="Columns").click()
    page.get_by_role("button", name="Usual columns").click()
    assert page.locator(".rows thead th").all_inner_texts() == before
    assert opened.complaints == []


def test_a_list_is_taken_along_as_a_file(visit):
    opened = visit()
    opened.sign_in("auditor@platform.example")
    page = opened.page
    opened.goto("/data/tenants/tenant/?status=active")

    page.locator("summary", has_text="Export").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    text = download.value.path().read_bytes().decode()

    assert download.value.suggested_filename.startswith("tenants-")
    assert len(list(csv.DictReader(text.splitlines()))) == 11
    assert opened.complaints == []


def test_open_cards_are_accessible(visit):
    """axe on what a closed page does not show: columns, export, hits."""
    opened = visit()
    opened.sign_in()
    page = opened.page
    opened.goto(TEMPLATES)
    page.locator("summary", has_text="Columns").click()
    page.get_by_label("Jump to").fill("ste")
    page.locator(".jump-hits .hit").first.wait_for()

    found = page.evaluate(
        AXE.read_text() + ";axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})"
        ".then(r => r.violations.map(v => [v.id, v.nodes.map(n => n.target.join(' ')).slice(0, 5)]))"
    )

    assert found == [], json.dumps(found, indent=1)


def test_the_headings_stay_in_sight(visit):
    opened = visit()
    opened.sign_in()
    opened.goto("/data/publishing/publishedpost/")
    page = opened.page

    page.locator(".table-frame").evaluate("frame => frame.scrollTo(0, frame.scrollHeight)")

    assert page.locator(".rows thead th").first.is_visible()
    box = page.locator(".rows thead th").first.bounding_box()
    frame = page.locator(".table-frame").bounding_box()
    assert abs(box["y"] - frame["y"]) < 4


def test_the_dashboards_numbers_are_links(visit):
    opened = visit()
    opened.sign_in()
    page = opened.page

    page.get_by_role("link", name="90 days").click()
    page.locator("summary", has_text="The numbers").first.click()
    number = page.locator(".numbers tbody a").first
    address = number.get_attribute("href")
    number.click()

    assert address.split("?")[0] in page.url
    assert opened.complaints == []
