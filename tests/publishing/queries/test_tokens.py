import datetime as dt

import pytest

from publishing.queries.tokens import PAGE, token_states
from security.columns import now
from tests.factories.publishing import social_account
from tests.factories.tenants import tenant

pytestmark = pytest.mark.django_db
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def state(**given):
    account = social_account(**given)
    return token_states(account_id=account.pk)[0]


@pytest.mark.parametrize(
    ("given", "said", "tone"),
    [
        ({"expires_at": 30 * DAY}, "good", "good"),
        ({"expires_at": 7 * DAY}, "refresh due", "warn"),
        ({"expires_at": 8 * DAY}, "good", "good"),
        ({"expires_at": -HOUR}, "expired", "bad"),
        ({"expires_at": 30 * DAY, "status": "error"}, "error", "bad"),
        ({"expires_at": 30 * DAY, "status": "revoked"}, "revoked", "bad"),
        ({"expires_at": 30 * DAY, "access_token_encrypted": b""}, "revoked", "bad"),
        ({"platform": "twitter", "expires_at": 1.5 * HOUR}, "good", "good"),
        ({"platform": "twitter", "expires_at": 0.2 * HOUR}, "refresh due", "warn"),
        ({"expires_at": None}, "good", "good"),
    ],
)
def test_how_a_token_is(given, said, tone):
    if given["expires_at"] is not None:
        given = {**given, "expires_at": now() + given["expires_at"]}
    found = state(**given)

    assert (found.state, found.tone) == (said, tone)


def test_scopes_are_read_out_of_the_text():
    assert state(scopes='["w_member_social", "r_ads"]').scopes == ["w_member_social", "r_ads"]
    assert state(scopes="read write").scopes == ["read", "write"]
    assert state(scopes=None).scopes == []


def test_a_page_is_one_query_and_reads_no_ciphertext(django_assert_num_queries):
    home = tenant()
    for _ in range(PAGE + 3):
        social_account(tenant=home)
    with django_assert_num_queries(1) as captured:
        found = token_states()
    assert len(found) == PAGE + 1
    assert len(token_states(found[PAGE - 1].row.pk)) == 3
    assert 'access_token_encrypted",' not in captured[0]["sql"].replace("LENGTH", "")
    assert "access_token_encrypted" not in found[0].row.__dict__
