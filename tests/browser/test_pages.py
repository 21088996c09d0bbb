"""Pages as people meet them: every kind of page, light and dark, wide and narrow, without a complaint."""

import datetime as dt
import json
from zoneinfo import ZoneInfo

import pytest

from tests.browser.conftest import AXE

STATUS = {"not found": 404, "audit mistake": 400}
TENANT = "/data/tenants/tenant/tenant_5F001/"
PAGES = {
    "login": "/login/",
    "dashboard": "/",
    "list": "/data/publishing/publishedpost/",
    "own list": "/data/content/skillmetricsdaily/",
    "list with boxes": "/data/content/contenttemplate/",
    "audit list": "/data/security/auditlog/?q=login",
    "tables": "/data/",
    "search": "/search/?q=ste",
    "detail": TENANT,
    "form": f"{TENANT}change/",
    "empty list": "/data/security/auditseal/?origin=nowhere",
    "not found": "/nothing/",
    "switch": "/tenants/enter/",
    "statements": "/operations/sql/",
    "audit trail": "/audit/",
    "audit search": "/audit/?q=ok:false",
    "audit mistake": "/audit/?q=foo:bar",
    "audit review": "/audit/review/",
    "keys": "/operations/keys/",
    "accounts": "/publishing/accounts/",
    "skills": "/skills/",
    "skill": "/skills/skill_linkedin_3col_product/",
    "skill editor": "/skills/versions/skill_linkedin_3col_product/",
    "skill reviews": "/skills/review/",
    "skill review": "/skills/review/skill_rider_portrait_05/",
    "skills compared": "/skills/compare/?skill=skill_linkedin_3col_product&skill=skill_twitter_3col_product",
    "guards": "/guards/",
    "tenants": "/tenants/",
    "tenant": "/tenants/tenant_001/",
    "new tenant": "/tenants/new/",
    "people of the platform": "/people/",
    "forgotten": "/login/forgotten/",
}
OWN = {  # what a tenant's owner looks at
    "own skills": "/skills/", "own skill": "/skills/skill_delivery_timeline_01/",
    "brand": "/brand/", "brand form": "/brand/?edit", "people": "/people/", "settings": "/settings/",
    "own account": "/account/", "sessions": "/account/sessions/", "roles": "/account/roles/",
}  # fmt: skip
OWNER = "owner@nextdaysteel.example"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", [*PAGES, *OWN, "account"])
def test_a_page_is_accessible(visit, name, theme):
    """axe-core finds no violation of WCAG 2.x A and AA."""
    if not AXE.exists():
        pytest.skip("needs `npm ci` in tests/node")
    opened = visit(theme=theme)
    if name != "login":
        opened.look_as(*([OWNER] if name not in PAGES else []))
    opened.goto({**PAGES, **OWN, "account": "/publishing/accounts/"}[name])
    if name == "account":
        opened.page.locator(".row-link").first.click()
        opened.page.locator(".token").first.wait_for()
        for summary in opened.page.locator(".settle > summary").all():
            summary.click()

    found = opened.page.evaluate(
        AXE.read_text() + ";axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})"
        ".then(r => r.violations.map(v => [v.id, v.nodes.map(n => n.target.join(' ')).slice(0, 5)]))"
    )

    assert found == [], json.dumps(found, indent=1)


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_complains_or_is_wider_than_the_window(visit, pictures, theme, width, scheme, request):
    """Under the strict policy, with https and without: no console error, no sideways scrolling at 360 px."""
    at = request.getfixturevalue("secure_server" if scheme == "https" else "server")
    opened = visit(theme=theme, width=width, at=at)
    opened.goto("/login/")
    opened.page.screenshot(path=pictures / f"door-{theme}-{width}.png")
    opened.look_as()
    for name, path in PAGES.items():
        status = opened.goto(path)
        opened.page.screenshot(path=pictures / f"{name}-{theme}-{width}.png", full_page=name == "detail")

        assert status == STATUS.get(name, 200), path
        assert opened.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path

    # What is not there, and what is not understood, the browser tells as well.
    assert [text for text in opened.complaints if "404" not in text and "400" not in text] == []


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_owners_pages_neither(visit, pictures, theme, width):
    opened = visit(theme=theme, width=width)
    opened.look_as(OWNER)
    for name, path in OWN.items():
        assert opened.goto(path) == 200
        opened.page.screenshot(path=pictures / f"{name}-{theme}-{width}.png", full_page=True)
        assert opened.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path

    assert opened.complaints == []


def test_the_theme_is_chosen_and_remembered(visit):
    opened = visit()
    opened.sign_in()
    button = opened.page.get_by_role("button", name="Theme")
    root = opened.page.locator("html")

    assert root.get_attribute("data-theme") is None
    button.click()
    assert root.get_attribute("data-theme") == "light"
    button.click()
    opened.goto("/data/tenants/tenant/")

    assert root.get_attribute("data-theme") == "dark"
    assert opened.complaints == []


def test_paper_is_light_whatever_the_theme(visit):
    opened = visit(theme="dark")
    opened.sign_in()
    opened.page.emulate_media(media="print")

    assert opened.page.evaluate("getComputedStyle(document.body).color") == "rgb(27, 29, 28)"
    assert not opened.page.get_by_role("navigation", name="Main").is_visible()


def test_the_menu_opens_on_a_telephone(visit):
    opened = visit(width=360)
    opened.sign_in()
    menu = opened.page.get_by_role("navigation", name="Main")
    assert not menu.is_visible()

    opened.page.get_by_role("button", name="Menu").click()
    menu.locator("summary", has_text="Publishing").click()
    menu.get_by_role("link", name="Posts", exact=True).click()

    assert opened.page.get_by_role("heading", name="Posts").is_visible()


def test_an_operator_pages_filters_reads_and_edits(visit, server):
    """Signs in, pages on and back, narrows, opens a row and its relation, changes it, finds the audit entry."""
    opened = visit()
    opened.sign_in()
    page = opened.page

    opened.goto("/data/publishing/publishedpost/")
    first = page.locator(".row-link").first.get_attribute("href")
    page.locator(".pager [rel=next]").click()
    page.locator(".pager [rel=prev]").click()
    assert page.locator(".row-link").first.get_attribute("href") == first

    page.locator("#filter-tenant").select_option(label="Next Day Steel Ltd")
    page.locator("#filter-status").select_option(label="Failed")
    page.get_by_role("button", name="Apply").click()
    assert "status=failed" in page.url
    page.get_by_role("link", name="Next Day Steel Ltd").first.click()

    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Tier").select_option(label="Standard")
    page.get_by_label("Reason").fill("They signed the contract.")
    page.get_by_role("button", name="Save").click()

    assert "was changed successfully" in page.get_by_role("status").inner_text()
    assert page.get_by_role("definition").filter(has_text="Standard").is_visible()
    (entry,) = server.execute("SELECT metadata FROM audit_logs WHERE action = 'update_tenant'")
    assert json.loads(entry[0]) == {
        "changes": {"tier": ["enterprise", "standard"]},
        "reason": "They signed the contract.",
    }
    assert opened.complaints == []


def test_times_are_in_the_zone_of_the_browser(visit):
    opened = visit()
    opened.sign_in()
    opened.goto(TENANT)

    shown = opened.page.locator("dd time").first
    stored = dt.datetime.fromisoformat(shown.get_attribute("datetime"))

    assert shown.get_attribute("title") == f"{stored:%Y-%m-%d %H:%M:%S} UTC"
    assert shown.inner_text() == f"{stored.astimezone(ZoneInfo('Europe/Berlin')):%-d %b %Y, %H:%M}"


def test_an_auditor_is_offered_no_change(visit):
    opened = visit()
    opened.sign_in("auditor@platform.example")
    opened.goto(TENANT)

    assert opened.page.get_by_role("link", name="Edit").count() == 0
    opened.goto("/data/content/contenttemplate/")
    assert opened.page.get_by_role("link", name="Add").count() == 0


def test_signing_out_ends_it(visit):
    opened = visit()
    opened.sign_in()
    opened.page.locator(".account > summary").click()
    opened.page.get_by_role("button", name="Sign out").click()
    opened.page.wait_for_url("**/login/")

    opened.goto("/data/tenants/tenant/")

    assert "/login/?next=" in opened.page.url


def test_https_alone_is_served_with_host_cookies(visit, secure_server):
    opened = visit(at=secure_server)
    opened.sign_in()

    cookies = {cookie["name"]: cookie for cookie in opened.page.context.cookies()}
    assert {"__Host-nds_session", "__Host-nds_csrf"} <= set(cookies)
    assert all(cookie["secure"] for cookie in cookies.values())
    opened.goto(f"{TENANT}change/")
    opened.page.get_by_label("Reason").fill("Nothing changes.")
    opened.page.get_by_role("button", name="Save").click()
    assert opened.page.url.endswith(TENANT)
    assert opened.complaints == []


@pytest.mark.parametrize("name", ["login", "dashboard", "list", "detail", "form"])
def test_a_page_is_light(visit, name):
    """Budget: own pages 60 kB cold, forms 160 kB; everything from this host."""
    opened = visit()
    if name != "login":
        opened.sign_in()
    page = opened.page.context.new_page()
    client = opened.page.context.new_cdp_session(page)
    client.send("Network.enable")
    client.send("Network.setCacheDisabled", {"cacheDisabled": True})
    sizes: list[int] = []
    hosts: set[str] = set()
    headers: set[str] = set()
    client.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    page.on("response", lambda response: headers.update(response.headers))

    page.goto(opened.server.address + PAGES[name], wait_until="networkidle")

    assert sum(sizes) <= (160_000 if name == "form" else 60_000)
    assert "access-control-allow-origin" not in headers
    assert hosts == {opened.server.address.split("/")[2]}


def test_the_pictures_in_the_readme(visit, pictures):
    """The README's pictures are made here: `PICTURES=docs/pictures make test` writes them anew."""
    opened = visit(width=1440)
    opened.sign_in()
    opened.page.screenshot(path=pictures / "dashboard.png")
    opened.goto("/data/publishing/publishedpost/")
    opened.page.screenshot(path=pictures / "posts.png")

    assert (pictures / "dashboard.png").stat().st_size > 20_000
    assert (pictures / "posts.png").stat().st_size > 20_000
