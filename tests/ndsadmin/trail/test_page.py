import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from ndsadmin.tables import paging
from ndsadmin.tables.paging import BadCursor
from ndsadmin.trail.page import trail_page
from security.roles import Role
from security.services.upkeep import take_down_words
from security.services.views import save_view
from tests.ndsadmin.tables.test_plans import check, plans
from tests.ndsadmin.trail.conftest import made_entry, reading_as

pytestmark = pytest.mark.django_db
QUERIES = 7  # lines, whether there are words, days, count, views, people, tenants
WALKED = ("", "actor:u-ada", "action:login", "request:req-1", "resource:post/p1", "ok:false", "tenant:t1",
          "tenant:t1 action:login", "after:2026-11-01 before:2026-11-15", "-action:login", "ip:1.2.3.4")  # fmt: skip


def asked(text: str, more: str = ""):
    given = QueryDict(mutable=True)
    given.update({"q": text} if text else {})
    given.update(QueryDict(more.removeprefix("?")))
    return trail_page(given)


def keys(page) -> str:
    return "".join(line.key for line in page.lines)


def test_the_newest_come_first_with_count_and_picture(world):
    with reading_as(Role.AUDITOR):
        page = asked("")

        assert (keys(page), page.count) == ("gfedcba", "7")
        assert page.chart is not None
        assert "Sign-in refused" in page.body
        assert "The password is wrong." in page.body
        assert 'href="/audit/c/"' in page.body


def test_pages_lead_on_and_back(world, monkeypatch):
    monkeypatch.setattr("ndsadmin.trail.page.page_of", lambda *a: paging.page_of(*a, size=3))
    with reading_as(Role.AUDITOR):
        first = asked("-action:nothing")
        second = asked("", first.links.after)
        back = asked("", second.links.before)
        last = asked("", first.links.last)

    assert (keys(first), keys(second), keys(back), keys(last)) == ("gfe", "dcb", "gfe", "cba")
    assert first.links.first is None
    assert second.links.first == "?q=-action%3Anothing"


def test_a_place_that_we_did_not_name_is_refused(world):
    with reading_as(Role.AUDITOR), pytest.raises(BadCursor):
        asked("", "after=nonsense")


def test_a_mistake_is_shown_in_its_place():
    with reading_as(Role.AUDITOR):
        page = asked("actor:ada foo:bar x")

    assert (page.mistake.before, page.mistake.here, page.mistake.after) == ("actor:ada ", "foo:bar", " x")
    assert page.lines == []


def test_free_text_uses_the_words_or_reads_on(world, settings):
    with reading_as(Role.AUDITOR):
        by_words = asked("month")
        settings.AUDIT_WORDS = False
        one_by_one = asked("month")

    assert (keys(by_words), keys(one_by_one)) == ("b", "b")
    assert not one_by_one.is_in_words


def test_without_the_table_text_is_searched_in_so_many_entries_and_that_is_said(world, settings, monkeypatch):
    settings.AUDIT_WORDS = True
    take_down_words()
    monkeypatch.setattr(paging, "WINDOW", 3)
    with reading_as(Role.AUDITOR):
        page = asked("month")
        onward = asked("", page.links.onward)

    assert (keys(page), page.searched_to) == ("", "2026-11-14 10:00:00")
    assert keys(onward) == "b"


def test_views_are_offered_where_they_belong(world):
    with reading_as(Role.OWNER, "t1", "u-ada"):
        save_view("own", "ok:false", is_shared=False)
        save_view("all", "ok:true", is_shared=True)
        assert [view.name for view in asked("").views] == ["own", "all"]
    with reading_as(Role.MEMBER, "t1", "x"):
        assert [view.name for view in asked("").views] == ["all"]
    for role, tenant in ((Role.OWNER, "t2"), (Role.AUDITOR, None)):
        with reading_as(role, tenant):
            assert asked("").views == []


@pytest.mark.parametrize("query", [*WALKED, "month", "post actor:ada"])
@pytest.mark.parametrize("tenant", [None, "t1"])
def test_a_page_takes_few_queries(query, tenant, world, django_assert_max_num_queries):
    with reading_as(Role.OWNER if tenant else Role.AUDITOR, tenant), django_assert_max_num_queries(QUERIES + 4):
        asked(query)


@pytest.mark.parametrize("query", WALKED)
@pytest.mark.parametrize("tenant", [None, "t1"])
def test_an_index_is_walked_wherever_the_page_begins(query, tenant, world, monkeypatch):
    """No query of the trail reads or sorts all entries."""
    for number in range(60):
        made_entry(f"m{number:02}", action="login", resource_type="x")
    with reading_as(Role.OWNER if tenant else Role.AUDITOR, tenant):
        after = asked("").links.after or asked("").links.last or ""
        with CaptureQueriesContext(connection) as captured:
            asked(query)
            asked(query, "last=1")
            asked(query, after)
        if tenant is None:  # in a tenant the statement is another: its plan is row-level security's test
            listed = [one for one in captured.captured_queries if "GROUP BY" not in one["sql"]]
            captured.final_queries = None
            monkeypatch.setattr(type(captured), "captured_queries", listed)
            check(plans(captured, "audit_logs"), "audit_logs")
