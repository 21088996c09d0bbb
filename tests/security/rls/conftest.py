import pytest

from tests.security.rls.world import TENANTS, build, opened


@pytest.fixture(scope="session")
def world(tmp_path_factory):
    return build(tmp_path_factory.mktemp("world"))


@pytest.fixture
def everybody(world, django_db_blocker):
    """The database of several tenants; what a test writes is rolled back by it or thrown away by `shared_world`."""
    with django_db_blocker.unblock(), opened("everybody", world.path("all")) as database:
        yield database


@pytest.fixture(params=TENANTS)
def tenant(request):
    return request.param


@pytest.fixture
def alone(world, tenant, django_db_blocker):
    """The database that holds the tenant's rows alone."""
    with django_db_blocker.unblock(), opened("alone", world.path(tenant)) as database:
        yield database
