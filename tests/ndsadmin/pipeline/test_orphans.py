import pytest

from tests.ndsadmin.pipeline.conftest import CONTENT, TENANT, findings, rows

pytestmark = pytest.mark.django_db

EVENT = (
    "INSERT INTO revision_events (event_id,request_id,tenant_id,content_id,classification,revision_type) "
    "VALUES('e1','r1','t1','c1','defect','regenerate');"
)
GUARD = (
    "INSERT INTO guard_results (result_id,request_id,content_id,guard_id,pass) VALUES('g1','r1','gone','contrast',1);"
)


def test_an_orphan_of_a_declared_key_is_left_out_and_kept_as_json(take_in):
    report = take_in(TENANT, EVENT)

    assert rows("SELECT COUNT(*) FROM revision_events") == [(0,)]
    assert findings(report) == [
        ("revision_events", "content_id points at no row of generated_content", "left out, kept as JSON", "e1")
    ]
    assert report.left_out["revision_events"][0]["event_id"] == "e1"


def test_what_hangs_on_an_orphan_is_left_out_too(take_in):
    """generated_content without its tenant, and the revision of it."""
    report = take_in(TENANT, CONTENT.replace("'t1'", "'nobody'"), EVENT)

    assert {table: len(left) for table, left in report.left_out.items()} == {
        "generated_content": 1,
        "revision_events": 1,
    }


def test_an_orphan_without_a_declared_key_is_kept_and_told(take_in):
    report = take_in(TENANT, GUARD)

    assert rows("SELECT content_id FROM guard_results") == [("gone",)]
    assert findings(report) == [
        (
            "guard_results",
            "content_id points at no row of generated_content",
            "kept: no foreign key is declared",
            "g1",
        )
    ]


def test_bytes_of_an_orphan_are_kept_as_base64(take_in):
    report = take_in(
        TENANT,
        "INSERT INTO social_accounts (account_id,tenant_id,platform,platform_user_id,access_token_encrypted) "
        "VALUES('a1','nobody','linkedin','x',X'000102');",
    )

    assert report.left_out["social_accounts"][0]["access_token_encrypted"] == {"base64": "AAEC"}


def test_skills_that_point_at_each_other_are_no_orphans(take_in):
    """Children before parents, and a ring: the keys are checked when all rows are in."""
    skill = (
        "INSERT INTO skills (skill_id,name,task,platform,modality,parent_skill_id) VALUES('{}','x','x','x','x','{}');"
    )

    report = take_in(skill.format("s1", "s2"), skill.format("s2", "s1"))

    assert (report.rows["skills"], findings(report)) == (2, [])
