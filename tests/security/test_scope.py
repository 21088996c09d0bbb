import threading

import pytest

from security.scope import NoScope, Scope, acting, current_scope


def test_without_a_scope_nobody_acts():
    with pytest.raises(NoScope):
        current_scope()


def test_a_scope_ends_with_its_block():
    with acting(Scope(request_id="r1", actor_id="u1")):
        assert current_scope().actor_id == "u1"

    with pytest.raises(NoScope):
        current_scope()


def test_a_scope_ends_with_an_error_too():
    with pytest.raises(RuntimeError), acting(Scope(request_id="r1")):
        raise RuntimeError

    with pytest.raises(NoScope):
        current_scope()


def test_a_thread_starts_without_a_scope():
    seen = []

    def look() -> None:
        try:
            seen.append(current_scope())
        except NoScope:
            seen.append("none")

    with acting(Scope(request_id="r1")):
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()

    assert seen == ["none"]


def test_a_command_acts_without_a_person():
    scope = Scope.of_command("import_d1")

    assert (scope.actor_id, scope.role, scope.user_agent) == (None, None, "manage.py import_d1")
