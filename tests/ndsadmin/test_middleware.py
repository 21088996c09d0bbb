import zoneinfo

import pytest
from django.urls import reverse
from django.utils import timezone

from ndsadmin.middleware import ErrorMiddleware, zone_named
from security.exceptions import RowChanged
from tenants.exceptions import PlatformUntouchable


@pytest.mark.parametrize("name", [None, "", "Mars/Base", "../../etc/passwd", "/etc/passwd", "\x00", "x" * 5000])
def test_what_is_no_zone_is_none(name):
    assert zone_named(name) is None


@pytest.mark.django_db
def test_times_are_shown_in_the_browsers_zone(client_of_operator, operator):
    client_of_operator.cookies["nds_zone"] = "Asia/Tokyo"

    page = client_of_operator.get(f"/data/tenants/user/{operator.pk}/").content.decode()

    assert f"{timezone.localtime(operator.created_at, zoneinfo.ZoneInfo('Asia/Tokyo')):%H:%M}</time>" in page
    assert f'title="{operator.created_at:%Y-%m-%d %H:%M:%S} UTC"' in page


@pytest.mark.parametrize(("error", "status"), [(RowChanged("Changed."), 409), (PlatformUntouchable("Stays."), 403)])
def test_an_error_of_a_service_is_a_page(error, status, rf):
    response = ErrorMiddleware(lambda _: None).process_exception(rf.get("/"), error)

    assert (response.status_code, str(error) in response.content.decode()) == (status, True)


def test_any_other_error_is_not_ours_to_explain(rf):
    assert ErrorMiddleware(lambda _: None).process_exception(rf.get("/"), ValueError()) is None


@pytest.mark.django_db
@pytest.mark.parametrize("charset", ["unicode_escape", "rot13", "hex", "utf-16", "nonsense"])
def test_a_form_in_another_charset_is_refused(charset, client):
    """Dies without CharsetMiddleware: the door would answer 500 to a stranger."""
    kind = f"application/x-www-form-urlencoded; charset={charset}"

    assert client.generic("POST", reverse("login"), b"email=a", content_type=kind).status_code == 400
