import pytest

from ndsadmin.contract.names import quoted


@pytest.mark.parametrize(("name", "sql"), [("users", '"users"'), ("order by", '"order by"'), (None, '""')])
def test_a_name_is_a_name_and_nothing_else(name, sql):
    assert quoted(name) == sql
