import pytest

from tenants.models import Tenant
from tests.ndsadmin.pipeline.conftest import CONTENT, TENANT, findings, rows

pytestmark = pytest.mark.django_db


def test_times_in_the_other_form_are_normalised_and_told(take_in):
    report = take_in(
        TENANT.replace("kms_key_id)", "kms_key_id,created_at)").replace("key')", "key','2026-11-20T06:27:21.123Z')")
    )

    assert rows("SELECT created_at FROM tenants") == [("2026-11-20 06:27:21",)]
    assert findings(report) == [("tenants", "created_at written as ISO 8601 with T", "normalised", "t1")]


def test_a_time_with_an_offset_is_brought_to_utc(take_in):
    take_in(
        TENANT.replace("kms_key_id)", "kms_key_id,created_at)").replace("key')", "key','2026-11-20 06:27:21+02:00')")
    )

    assert rows("SELECT created_at FROM tenants") == [("2026-11-20 04:27:21",)]


@pytest.mark.parametrize("text", ["soon", "2026-02-31 00:00:00", ""])
def test_a_time_that_is_none_is_kept_as_text_and_told(take_in, text):
    report = take_in(TENANT.replace("kms_key_id)", "kms_key_id,created_at)").replace("key')", f"key','{text}')"))

    assert Tenant.objects.get(pk="t1").created_at == text
    assert findings(report) == [("tenants", "created_at is no time", "kept as text", "t1")]


def test_a_key_in_both_forms_stays_two_rows(take_in):
    report = take_in(
        TENANT,
        "INSERT INTO rate_limits VALUES('t1','linkedin','2026-11-20 00:00:00',1);",
        "INSERT INTO rate_limits VALUES('t1','linkedin','2026-11-20T00:00:00.000Z',2);",
    )

    assert rows("SELECT window_start, request_count FROM rate_limits ORDER BY 2") == [
        ("2026-11-20 00:00:00", 1),
        ("2026-11-20T00:00:00.000Z", 2),
    ]
    assert findings(report) == [
        (
            "rate_limits",
            "window_start in another form of a key that exists",
            "kept as text",
            "t1 · linkedin · 2026-11-20T00:00:00.000Z",
        )
    ]


def test_broken_json_is_kept_and_told(take_in):
    report = take_in(TENANT.replace("kms_key_id)", "kms_key_id,settings)").replace("key')", "key','{\"a\": ')"))

    assert rows("SELECT settings FROM tenants") == [('{"a": ',)]
    assert findings(report) == [("tenants", "settings is no JSON", "kept as text", "t1")]


def test_an_unknown_value_is_kept_and_told(take_in):
    report = take_in(TENANT.replace("kms_key_id)", "kms_key_id,status)").replace("key')", "key','asleep')"))

    assert rows("SELECT status FROM tenants") == [("asleep",)]
    assert findings(report) == [("tenants", "status 'asleep' is no known value", "kept", "t1")]


def test_several_numbers_of_a_post_are_kept_and_told(take_in):
    account = (
        "INSERT INTO social_accounts (account_id,tenant_id,platform,platform_user_id,access_token_encrypted) "
        "VALUES('a1','t1','linkedin','x',X'00');"
    )
    post = (
        "INSERT INTO published_posts (post_id,tenant_id,platform,account_id,platform_post_id,text,published_at) "
        "VALUES('p1','t1','linkedin','a1','x','x','2026-11-20 00:00:00');"
    )
    numbers = [
        f"INSERT INTO post_analytics (analytics_id,post_id,tenant_id,platform) VALUES('n{i}','p1','t1','linkedin');"
        for i in range(2)
    ]

    report = take_in(TENANT, account, post, *numbers)

    assert report.rows["post_analytics"] == 2
    assert findings(report) == [
        ("post_analytics", "several rows for one post", "kept; the newest counts", "p1 (2 rows)")
    ]


def test_a_day_that_is_none_is_kept_and_told(take_in):
    report = take_in(
        "INSERT INTO skills (skill_id,name,task,platform,modality) VALUES('s1','Hero','x','linkedin','image');",
        "INSERT INTO skill_metrics_daily (date,skill_id,skill_version_id,context_hash) VALUES('someday','s1','v','c');",
    )

    assert ("skill_metrics_daily", "date is no date", "kept as text", "someday · s1 · c") in findings(report)


@pytest.mark.parametrize(
    ("column", "value", "what"),
    [
        ("created_at", "'2026-02-30 10:00:00'", "created_at is no time"),
        ("created_at", "'2026-10-10 24:00:00'", "created_at is no time"),
        ("settings", f"'{'[' * 3000}{']' * 3000}'", "settings is no JSON"),
    ],
)
def test_what_sqlite_takes_and_python_does_not_is_told(take_in, column, value, what):
    report = take_in(
        f"INSERT INTO tenants (tenant_id,name,region,kms_key_id,{column}) VALUES('t1','One','eu-west','k',{value});"
    )

    assert [finding.what for finding in report.findings] == [what]


def test_truths_that_are_none_and_tenants_that_are_none_are_told(take_in):
    report = take_in(
        TENANT,
        CONTENT.replace("content_type)", "content_type,user_selected)").replace("'text')", "'text',7)"),
        "INSERT INTO skills (skill_id,name,task,platform,modality,visibility) VALUES('s','S','x','x','x','tenant:no');",
    )

    assert [(f.table, f.what) for f in sorted(report.findings)] == [
        ("generated_content", "user_selected is neither true nor false"),
        ("skills", "visibility names no tenant"),
    ]


@pytest.mark.embedded  # D1 refuses it
def test_a_number_without_end_is_told(take_in):
    report = take_in(TENANT, CONTENT.replace("content_type)", "content_type,cost)").replace("'text')", "'text',9e999)"))

    assert [(f.table, f.what) for f in report.findings] == [("generated_content", "cost is no finite number")]


def test_what_is_sound_is_not_odd(take_in):
    assert findings(take_in(TENANT, CONTENT)) == []
