import pytest
from django.db.models import F

from publishing.models import PublishedPost
from security.contract import contract_tables
from security.models import AuditLog
from security.orders import walks


def test_an_order_says_its_index_and_what_it_is_within():
    found = {walk.index: (walk.place.column, walk.within) for walk in walks(PublishedPost)}

    assert found["nds_published_posts_by_published_at"] == ("published_at", ())
    assert found["nds_published_posts_by_published_at_in_tenant_platform"] == ("published_at", ("tenant", "platform"))


def test_a_rare_condition_is_part_of_its_index():
    (refused,) = [walk for walk in walks(AuditLog) if walk.where]

    assert (refused.index, refused.where) == ("nds_audit_logs_by_timestamp_refused", (("success", False),))
    assert refused.fixed == {"success"}


@pytest.mark.parametrize("model", contract_tables(), ids=lambda model: model._meta.db_table)
def test_every_order_is_there_over_all_rows(model):
    """And within a tenant, where rows have one: pinned and unpinned."""
    places = {walk.place.column for walk in walks(model)}
    unpinned = {walk.place.column for walk in walks(model) if not walk.fixed}
    pinned = {walk.place.column for walk in walks(model) if walk.within == ("tenant",)}
    has_tenant = any(field.name == "tenant" for field in model._meta.concrete_fields)

    assert places == unpinned != set()
    assert not has_tenant or pinned == places


@pytest.mark.parametrize("model", contract_tables(), ids=lambda model: model._meta.db_table)
def test_every_place_holds_the_whole_key(model):
    """Dies where two rows could share a place: a page would skip one of them."""
    keys = {field.name for field in getattr(model._meta, "pk_fields", None) or [model._meta.pk]}
    names = {field.attname: field.name for field in model._meta.concrete_fields}
    for walk in walks(model):
        assert keys <= {names.get(name, name) for name in columns(walk.place)}, walk.index


def columns(expression) -> set[str]:
    """The columns that an expression is made of."""
    if isinstance(expression, F):
        return {expression.name}
    return {name for source in expression.get_source_expressions() for name in columns(source)}
