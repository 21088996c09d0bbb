import pytest

from tests.factories.tenants import person, tenant

pytestmark = pytest.mark.django_db


def asked(client, sql: str, tenant_id: str = "t1", **more: str):
    return client.post("/operations/sql/", {"sql": sql, "tenant": tenant_id, **more})


def test_an_operator_sees_what_is_sent_and_how_it_is_read(client_of_operator):
    found = asked(client_of_operator, "SELECT email FROM users").context["found"]

    assert 'WITH "users" AS NOT MATERIALIZED' in found.sql
    assert found.parameters == ("t1",)
    assert any("INDEX" in step for step in found.plan)


def test_nothing_is_run(client_of_operator):
    one = tenant()

    found = asked(client_of_operator, "DELETE FROM tenants", one.pk).context["found"]

    assert "DELETE FROM main" in found.sql
    one.refresh_from_db()


def test_what_is_not_sent_says_why(client_of_operator):
    page = asked(client_of_operator, "SELECT * FROM main.users")

    assert page.context["found"].refusal == "no such table: main.users"
    assert "Not sent" in page.content.decode()


@pytest.mark.parametrize("sql", [";", "-- nothing", "EXPLAIN", "SELECT * FROM users WHERE email = :x", "\x00"])
def test_whatever_is_typed_gets_an_answer(client_of_operator, sql):
    answer = asked(client_of_operator, sql)

    assert answer.status_code == 200
    assert answer.context["form"].errors or answer.context["found"].refusal


def test_untrusted_statements_are_shown_as_they_are_sent(client_of_operator):
    assert "AS MATERIALIZED" in asked(client_of_operator, "SELECT * FROM users", barrier="on").context["found"].sql


def test_in_a_tenant_it_is_that_tenant(client_of_operator):
    one, other = tenant(), tenant()
    client_of_operator.post("/tenants/enter/", {"tenant": one.pk, "reason": "Case"})

    assert asked(client_of_operator, "SELECT * FROM users", other.pk).context["found"].parameters == (one.pk,)


def test_it_is_for_operators(auditor, support, signed_in):
    for who in (auditor, support, person(role="owner")):
        assert signed_in(who).get("/operations/sql/").status_code == 403
