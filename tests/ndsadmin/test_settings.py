"""What browsers are told, with https and without."""

import json
import secrets

import pytest
from django.test import Client

from tests.processes import manage

PROBE = """
import json
from django.conf import settings
from django.test import Client
names = [n for n in dir(settings) if n.startswith(("SECURE_", "SESSION_COOKIE_", "CSRF_COOKIE_"))]
print(json.dumps({n: getattr(settings, n) for n in names}))
"""


def settings_with(tmp_path, **variables: str) -> dict[str, object]:
    done = manage(tmp_path / "x.sqlite3", "shell", "--no-imports", "-c", PROBE, **variables)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_https_decides_cookies_hsts_and_redirect_together(tmp_path):
    found = settings_with(tmp_path, NDS_HTTPS="true")

    assert found["SESSION_COOKIE_NAME"] == "__Host-nds_session"
    assert found["CSRF_COOKIE_NAME"] == "__Host-nds_csrf"
    assert [found[f"{name}_COOKIE_SECURE"] for name in ("SESSION", "CSRF")] == [True, True]
    assert (found["SECURE_SSL_REDIRECT"], found["SECURE_HSTS_SECONDS"], found["SECURE_HSTS_PRELOAD"]) == (
        True,
        31_536_000,
        True,
    )


def test_without_https_nothing_pretends_to_be_secure(tmp_path):
    found = settings_with(tmp_path, NDS_HTTPS="false")

    assert found["SESSION_COOKIE_NAME"] == "nds_session"
    assert [found[f"{name}_COOKIE_SECURE"] for name in ("SESSION", "CSRF")] == [False, False]
    assert (found["SECURE_SSL_REDIRECT"], found["SECURE_HSTS_SECONDS"]) == (False, 0)


def test_a_proxys_word_about_https_counts_only_with_proxies(tmp_path):
    assert settings_with(tmp_path, NDS_HTTPS="true")["SECURE_PROXY_SSL_HEADER"] is None
    found = settings_with(tmp_path, NDS_HTTPS="true", NDS_PROXIES="1")
    assert found["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]


def test_a_deployment_passes_djangos_own_check(tmp_path):
    """Four are silenced, each with its reason in the settings: auth.W004, guardian.W001, axes.W002, axes.W003."""
    done = manage(
        tmp_path / "x.sqlite3",
        "check", "--deploy", "--fail-level", "WARNING",
        NDS_DEBUG="false", NDS_HTTPS="true", NDS_SECRET_KEY=secrets.token_urlsafe(60),
    )  # fmt: skip

    assert (done.returncode, "4 silenced" in done.stdout + done.stderr) == (0, True), done.stderr


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/login/", "/", "/data/tenants/tenant/", "/data/tenants/tenant/platform/change/"])
def test_every_page_has_a_strict_policy(address, client_of_operator):
    client = Client() if address == "/login/" else client_of_operator
    headers = client.get(address).headers

    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy == {
        "default-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "object-src": "'none'",
    }
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/data/tenants/tenant/", "/data/tenants/tenant/platform/", "/login/"])
def test_no_page_stays_in_the_browsers_cache(address, client_of_operator):
    assert "no-store" in client_of_operator.get(address, follow=True).headers["Cache-Control"]


@pytest.mark.django_db
def test_cookies_are_out_of_reach_of_scripts(operator):
    client = Client()
    client.post("/login/", {"email": operator.email, "password": "a password of tests"})

    assert {name: bool(cookie["httponly"]) for name, cookie in client.cookies.items()} == {
        "nds_session": True,
        "nds_csrf": True,
    }
    assert client.cookies["nds_session"]["samesite"] == "Lax"
