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
FORK = "INSERT INTO skills (skill_id,name,task,platform,modality,parent_skill_id) VALUES('s2','Promoted','x','x','x','s9');"


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
