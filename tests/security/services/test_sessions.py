import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from security.models import Session
from security.services.sessions import end_session, end_sessions_of, session_counts, sessions_of
from tests.factories.tenants import PASSWORD, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return person(email="ada@example.com")


def come_in(client, agent: str = "Firefox") -> str:
    client.post("/login/", {"email": "ada@example.com", "password": PASSWORD}, headers={"User-Agent": agent})
    return str(client.session.session_key)


def test_a_person_finds_where_he_is_signed_in(client, client_of, ada):
    here, there = come_in(client), come_in(client_of(), "Chromium")

    found = sessions_of(ada.pk, here)

    assert {(one.user_agent, one.ip_address, one.is_this) for one in found} == {
        ("Firefox", "127.0.0.1", True), ("Chromium", "127.0.0.1", False),
    }  # fmt: skip
    assert not {here, there} & {one.handle for one in found}
    assert session_counts([ada.pk, "nobody"]) == {ada.pk: 2}


@pytest.fixture
def client_of():
    return Client


def test_asvs_7_5_2_a_session_is_ended_by_its_handle_by_its_person_alone(client, client_of, ada):
    here, there = come_in(client), come_in(client_of())
    handle = next(one.handle for one in sessions_of(ada.pk, here) if not one.is_this)

    assert not end_session(person().pk, handle)
    assert end_session(ada.pk, handle)
    assert not Session.objects.filter(pk=there).exists()
    assert Session.objects.filter(pk=here).exists()


def test_all_but_one_are_ended(client, client_of, ada):
    here = come_in(client)
    come_in(client_of())

    assert end_sessions_of([ada.pk], but=here) == 1
    assert [row.pk for row in Session.objects.filter(user_id=ada.pk)] == [here]


@pytest.mark.parametrize(("seconds", "writes"), [(30, 0), (90, 1)])
def test_the_last_use_is_written_at_most_once_a_minute(seconds, writes, client, ada):
    come_in(client)
    with (
        time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds)),
        CaptureQueriesContext(connection) as asked,
    ):
        client.get("/account/roles/")
        client.get("/account/roles/")

    touched = [query for query in asked if query["sql"].startswith("UPDATE") and "nds_sessions" in query["sql"]]
    assert len(touched) == writes
