import pytest

from ndsadmin.pipeline.exceptions import ImportRefused
from tests.ndsadmin.pipeline.conftest import CONTENT, SKILL, TENANT, USER, everything, findings, rows

pytestmark = pytest.mark.django_db

FOREIGN = "INSERT INTO tenants (tenant_id,name,region,kms_key_id) VALUES('t9','Nine','us-east','kms://t9/key');"
GUARD = "INSERT INTO guard_results (result_id,request_id,content_id,guard_id,pass) VALUES('g9','r1','c9','contrast',1);"
PRIVATE = (
    "INSERT INTO skills (skill_id,name,task,platform,modality,visibility) "
    "VALUES('s9','Theirs','x','x','x','tenant:t9');"
)
FORK = "INSERT INTO skills (skill_id,name,task,platform,modality,parent_skill_id) VALUES('s2','S','x','x','x','s9');"
EVENT = (
    "INSERT INTO revision_events (event_id,request_id,tenant_id,content_id,classification,revision_type) "
    "VALUES('e1','r1','t1','c9','defect','regenerate');"
)


def foreign(statement: str) -> str:
    return statement.replace("'t1'", "'t9'").replace("'c1'", "'c9'").replace("'u1'", "'u9'")


def test_a_tenant_of_another_region_refuses_the_whole_file(take_in):
    with pytest.raises(ImportRefused, match=r"this cell serves eu-west.*t9 \(us-east\).*--skip-foreign-regions"):
        take_in(TENANT, FOREIGN)

    assert not any(everything().values())


def test_with_the_flag_it_is_left_out_with_all_that_hangs_on_it(take_in):
    report = take_in(
        TENANT,
        USER,
        SKILL,
        CONTENT,
        FOREIGN,
        foreign(USER),
        foreign(CONTENT),
        GUARD,
        PRIVATE,
        skip_foreign_regions=True,
    )

    assert rows("SELECT tenant_id FROM tenants") == [("t1",)]
    assert rows("SELECT user_id FROM users") == [("u1",)]
    assert rows("SELECT content_id FROM generated_content") == [("c1",)]
    assert rows("SELECT skill_id FROM skills") == [("s1",)]
    assert rows("SELECT COUNT(*) FROM guard_results") == [(0,)]
    assert report.left_out == {}, "contents of another region may not be kept here, not even in a report"
    assert {table for table, _, _, _ in findings(report)} == {
        "tenants",
        "users",
        "generated_content",
        "guard_results",
        "skills",
    }


def test_no_word_of_the_left_out_rows_is_in_the_report(take_in):
    report = take_in(TENANT, FOREIGN, foreign(USER).replace("a@example.com", "x@us.example"), skip_foreign_regions=True)

    assert "x@us.example" not in "\n".join(report.lines(shown=None))
    assert "u9" not in "\n".join(report.lines(shown=None))


def test_a_global_skill_that_came_from_a_left_out_one_stays_without_the_link(take_in):
    report = take_in(TENANT, FOREIGN, PRIVATE, FORK, skip_foreign_regions=True)

    assert rows("SELECT skill_id, parent_skill_id FROM skills") == [("s2", None)]
    assert (
        "skills",
        "parent_skill_id points at a row of a tenant of another region",
        "link cut",
        "s2",
    ) in findings(report)


def test_the_platform_belongs_to_every_region(take_in):
    take_in(FOREIGN.replace("'t9'", "'platform'"))

    assert rows("SELECT tenant_id FROM tenants") == [("platform",)]


def test_an_orphan_that_was_one_before_is_treated_as_without_the_flag(take_in):
    """Dies where every dangling row counts as the left-out tenant's."""
    guard = GUARD.replace("'c9'", "'nowhere'")
    report = take_in(TENANT, FOREIGN, USER.replace("'t1'", "'nobody'"), guard, skip_foreign_regions=True)

    assert rows("SELECT content_id FROM guard_results") == [("nowhere",)]
    assert report.left_out["users"][0]["user_id"] == "u1"


def test_a_row_of_ours_that_needs_a_left_out_one_is_kept_as_json(take_in):
    report = take_in(TENANT, FOREIGN, foreign(CONTENT), EVENT, skip_foreign_regions=True)

    assert report.left_out["revision_events"][0]["event_id"] == "e1"
    assert ("revision_events", "content_id points at a row of a tenant of another region",
            "left out, kept as JSON", "e1") in findings(report)  # fmt: skip


def test_what_people_of_theirs_did_outside_a_tenant_is_left_out_too(take_in):
    entry = "INSERT INTO audit_logs (log_id,user_id,action,resource_type) VALUES('l9','u9','login','user');"

    take_in(TENANT, FOREIGN, foreign(USER), entry, skip_foreign_regions=True)

    assert rows("SELECT COUNT(*) FROM audit_logs WHERE log_id = 'l9'") == [(0,)]
