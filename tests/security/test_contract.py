from content.models import Skill, SkillMetricsDaily
from security.contract import Privacy, Stage, Writer, contract_tables
from tests.schema import SCHEMA

PRIVACY = {"parent skills": "parent", "parent generated_content": "parent", "parent published_posts": "parent"}
STAGES = {"dashboard": 6}


def test_there_are_thirty_tables_each_in_its_app():
    found = {model._meta.db_table: model._meta.app_label for model in contract_tables()}

    assert found == {table: declared["app"] for table, declared in SCHEMA["tables"].items()}
    assert len(found) == 30


def test_each_table_declares_the_contracts_privacy():
    found = {model._meta.db_table: model.privacy for model in contract_tables()}

    assert found == {
        table: Privacy(PRIVACY.get(declared["privacy"], declared["privacy"]))
        for table, declared in SCHEMA["tables"].items()
    }


def test_each_table_declares_the_script_that_makes_it():
    found = {model._meta.db_table: model.stage for model in contract_tables()}

    assert found == {
        table: Stage(STAGES.get(declared["group"], declared["group"])) for table, declared in SCHEMA["tables"].items()
    }


def test_workers_write_what_domain_says():
    """domain.md, Who writes what: everything that the dashboard does not write is read-only here."""
    found = {model._meta.db_table for model in contract_tables() if model.writer is Writer.WORKERS}

    assert found == {
        "skill_embeddings",
        "generated_content",
        "revision_events",
        "guard_results",
        "published_posts",
        "rate_limits",
        "post_analytics",
        "conversions",
        "analytics_sync_errors",
    }


def test_each_table_is_described_to_people_in_a_line():
    """The first line of its docstring stands on its page: no code, no document's name."""
    for model in contract_tables():
        line = model.__doc__.split("\n")[0]
        assert line.endswith("."), model
        assert "`" not in line, model
        assert ".md" not in line, model


def test_a_row_is_named_by_its_name_or_its_key():
    assert str(Skill(name="Hero", skill_id="s1")) == "Hero"
    assert str(Skill(name="", skill_id="s1")) == "s1"
    assert str(SkillMetricsDaily(date="2026-11-20", skill_id="s1", context_hash="c")) == "2026-11-20 · s1 · c"
