import re

import pytest

from ndsadmin.dashboard.frame import sidebar
from security.roles import Role

POSTS = "/data/publishing/publishedpost/"


def current(path: str, role: Role = Role.OPERATOR) -> list[str]:
    return re.findall(r'href="([^"]*)" aria-current="page"', sidebar(role, path))


@pytest.mark.parametrize(
    ("path", "marked", "opened"),
    [
        ("/", ["/"], 0),
        ("/skills/", ["/skills/"], 0),
        ("/skills/skill_hero/", ["/skills/"], 0),
        ("/skills/review/skill_hero/", ["/skills/review/"], 0),
        (POSTS, [POSTS], 1),
        (f"{POSTS}p1/change/", [POSTS], 1),
        ("/data/", ["/data/"], 0),
        ("/search/", [], 0),
        ("/data/content/skillversion/", ["/data/content/skillversion/"], 1),
    ],
)
@pytest.mark.parametrize("debug", [True, False])
def test_the_menu_is_open_where_one_is(path, marked, opened, debug, settings):
    settings.DEBUG = debug

    assert current(path) == marked
    assert sidebar(Role.OPERATOR, path).count("<details open>") == opened


def test_each_role_has_its_own(settings):
    """Dies where the drawn menu of one role is kept for all."""
    settings.DEBUG = False
    sidebar(Role.OPERATOR, POSTS)

    assert "Audit entries" not in sidebar(Role.SUPPORT, POSTS)
    assert "href" not in sidebar(None, POSTS)
