import datetime as dt

import pytest

from content.models import ContentTemplate
from security.columns import now
from tenants.models import Grant
from tests.arranging import arranging
from tests.factories.content import content_template
from tests.factories.tenants import brand_profile, person, tenant

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return tenant()


@pytest.fixture
def row(home):
    return content_template(tenant=home, name="Autumn", status="active")


@pytest.fixture
def owner(home, signed_in):
    return signed_in(person(tenant=home, role="owner"))


@pytest.fixture
def viewer(home):
    return person(tenant=home, role="viewer", full_name="Vera Viewer")


def form_of(client, address: str) -> dict:
    form = client.get(address).context["adminform"].form
    return {name: form[name].value() if form[name].value() is not None else "" for name in form.fields}


def share(owner, row, viewer, **more):
    given = {"do": "grant", "person": viewer.pk, "what": "change", "reason": "She writes it", **more}
    return owner.post(f"/share/content_template/{row.pk}/", given)


def test_a_viewer_edits_what_was_shared_and_nothing_else(row, owner, viewer, signed_in):
    other, client = content_template(tenant=row.tenant), signed_in(viewer)
    at, elsewhere = (f"/data/content/contenttemplate/{key}/" for key in (row.pk, other.pk))
    assert client.get(at).context["row"].change_address is None
    share(owner, row, viewer)

    assert client.get(at).context["row"].change_address == f"{at}change/"
    form = form_of(client, f"{at}change/")
    assert "status" not in form  # putting into use is another thing
    client.post(f"{at}change/", {**form, "name": "Winter", "status": "archived"})
    stored = ContentTemplate.objects.get(pk=row.pk)
    assert (stored.name, stored.status) == ("Winter", "active")
    assert client.get(f"{elsewhere}change/")["Location"] == "../"
    assert client.post(f"{elsewhere}change/", {**form, "name": "Winter"}).status_code == 403


def test_who_may_publish_sets_the_status_alone(row, owner, viewer, signed_in):
    share(owner, row, viewer, what="publish")
    client, at = signed_in(viewer), f"/data/content/contenttemplate/{row.pk}/change/"

    form = form_of(client, at)
    assert set(form) == {"status", "reason", "seen"}
    client.post(at, {**form, "status": "archived", "name": "Hijacked"})
    stored = ContentTemplate.objects.get(pk=row.pk)
    assert (stored.name, stored.status) == ("Autumn", "archived")


def test_the_panel_says_who_and_why(row, owner, viewer):
    share(owner, row, viewer, until=(now().date() + dt.timedelta(days=3)).isoformat())
    page = owner.get(f"/data/content/contenttemplate/{row.pk}/")

    told = {one.person.full_name or one.person.role: words for one, words in page.context["sharing"].access}
    assert told == {"owner": "change and put into use", "Vera Viewer": "change"}
    assert "She writes it" in page.content.decode()


def test_of_somebody_suspended_the_panel_says_what_he_could(row, owner, viewer):
    share(owner, row, viewer)
    at = f"/data/content/contenttemplate/{row.pk}/"
    assert "is suspended" not in owner.get(at).content.decode()
    with arranging():
        type(viewer).objects.filter(pk=viewer.pk).update(status="suspended")

    assert "is suspended, and could change: shared" in owner.get(at).content.decode()


def test_a_grant_is_revoked(row, owner, viewer, signed_in):
    share(owner, row, viewer)
    owner.post(f"/share/content_template/{row.pk}/", {"do": "revoke", "grant": Grant.objects.get().pk})

    assert signed_in(viewer).get(f"/data/content/contenttemplate/{row.pk}/").context["row"].change_address is None


def test_a_grant_runs_out(row, owner, viewer, signed_in):
    share(owner, row, viewer)
    with arranging():
        Grant.objects.update(expires_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))

    at = f"/data/content/contenttemplate/{row.pk}/"
    assert signed_in(viewer).get(at).context["row"].change_address is None
    assert signed_in(viewer).post(f"{at}change/", {"name": "x"}).status_code == 403


@pytest.mark.parametrize(
    "given", [{"until": "tomorrow"}, {"until": "2020-01-01"}, {"reason": ""}, {"what": "own"}, {"person": "x"}]
)
def test_a_mistake_is_said(given, row, owner, viewer):
    share(owner, row, viewer, **given)
    messages = [str(m) for m in owner.get(f"/data/content/contenttemplate/{row.pk}/").context["messages"]]

    assert len(messages) == 1
    assert "expected" in messages[0]
    assert not Grant.objects.exists()


@pytest.mark.parametrize("role", ["member", "viewer"])
def test_members_share_nothing_and_see_no_panel(role, row, home, viewer, signed_in):
    client = signed_in(person(tenant=home, role=role))

    assert client.get(f"/data/content/contenttemplate/{row.pk}/").context["sharing"] is None
    assert share(client, row, viewer).status_code == 403


def test_what_is_not_shared_is_not_there(owner, row):
    assert owner.post(f"/share/audit_log/{row.pk}/", {}).status_code == 404


def test_a_brand_is_shared_on_its_own_page(home, owner, viewer, signed_in):
    brand_profile(tenant=home)
    owner.post(f"/share/brand_profile/{home.pk}/", {"person": viewer.pk, "what": "change", "reason": "Designer"})

    assert owner.get("/brand/").context["sharing"].kind == "brand_profile"
    assert signed_in(viewer).get("/brand/").context["may_change"]
    assert not signed_in(person(tenant=home, role="viewer")).get("/brand/").context["may_change"]
