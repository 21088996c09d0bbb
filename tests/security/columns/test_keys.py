import uuid

from security.columns import new_key


def test_keys_are_uuids_of_version_seven_and_later_ones_sort_later():
    keys = [new_key() for _ in range(100)]

    assert {uuid.UUID(key).version for key in keys} == {7}
    assert keys == sorted(keys)
