import pytest
from django.db import connection

from content.models import SkillEmbedding
from security.columns import Blob, Sealed, Vector


def test_byte_columns_keep_the_contracts_type_name():
    assert [column.db_type(connection) for column in (Blob(), Sealed(), Vector(dimensions=4))] == ["BLOB"] * 3


def test_only_sealed_bytes_are_secret():
    assert [Blob.secret, Vector.secret, Sealed.secret] == [False, False, True]


def test_a_vector_keeps_its_dimensions_in_migrations():
    field = SkillEmbedding._meta.get_field("vector")

    assert field.deconstruct()[3]["dimensions"] == 1024
    assert field.clone().dimensions == 1024


def test_a_vector_needs_its_dimensions():
    with pytest.raises(TypeError, match="dimensions"):
        Vector()
