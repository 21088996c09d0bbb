"""The role matrix, ready to be read: the page ``/account/roles/`` and ``docs/roles.md``."""

from dataclasses import dataclass

from ndsadmin.tables.names import about, plural
from security.contract import contract_tables
from security.roles import HIDDEN, MASKED, MATRIX, PAGES, Role, Verb

GROUPS = (
    # title, roles
    ("People of a tenant", (Role.OWNER, Role.ADMIN, Role.MEMBER, Role.VIEWER)),
    ("People of the platform", (Role.OPERATOR, Role.AUDITOR, Role.SUPPORT)),
)
MEANINGS = {
    Role.OWNER: "everything, people and billing",
    Role.ADMIN: "people below owners, settings, content",
    Role.MEMBER: "writes content and puts it into use",
    Role.VIEWER: "reads",
    Role.OPERATOR: "runs the platform: owners and admins of it",
    Role.AUDITOR: "reads every tenant, changes nothing: viewers of the platform",
    Role.SUPPORT: "sees how tenants fare, no contents: members of the platform",
}
WORDS = {verb: verb.value.replace("_", " ") for verb in Verb}
RULES = (
    "A role acts in its own tenant; people of the platform in all, and in one alone while they have entered it.",
    "Nobody grants a role above his own, touches a person above himself, or changes himself.",
    "A tenant keeps an active owner. The people of the platform are managed by its owners.",
    "Single rows can be shared with one person of the same tenant, to change or to put into use, until a day.",
    "Secrets are shown to nobody; a token's value to who may reveal it, for a reason and the password.",
)


@dataclass(frozen=True, slots=True)
class Resource:
    """``cells`` say what each role may do, in the order of `GROUPS`."""

    name: str
    about: str
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Hidden:
    role: str
    what: str
    columns: str


@dataclass(frozen=True, slots=True)
class RolesPage:
    groups: list[tuple[str, list[tuple[Role, str]]]]
    resources: list[Resource]
    hidden: list[Hidden]
    rules: tuple[str, ...]

    @property
    def roles(self) -> list[tuple[Role, str]]:
        return [role for _, roles in self.groups for role in roles]


def roles_page() -> RolesPage:
    """The matrix in words. No query."""
    tables = {model._meta.db_table: model for model in contract_tables()}
    named = [(plural(model), about(model), table) for table, model in tables.items()]
    pages = [(_title(name), meaning, name) for name, meaning in PAGES.items()]
    return RolesPage(
        groups=[(title, [(role, MEANINGS[role]) for role in roles]) for title, roles in GROUPS],
        resources=[
            Resource(name, told, [_may(role, key) for role in _roles()]) for name, told, key in (*pages, *named)
        ],
        hidden=[
            Hidden(role.value, plural(tables[table]), ", ".join(sorted(columns)) + end)
            for role in _roles()
            for source, end in ((HIDDEN, ""), (MASKED, " (in part)"))
            for table, columns in source.get(role, {}).items()
        ],
        rules=RULES,
    )


def _title(page: str) -> str:
    """The table of people has their name already."""
    return "Managing people" if page == "people" else page[:1].upper() + page[1:]


def document() -> str:
    """The text of ``docs/roles.md``."""
    page = roles_page()
    roles = [role for role, _ in page.roles]
    lines = ["# Who may do what\n", "Written by `make docs` from `security/roles.py`; a test keeps it equal. The same"]
    lines += ["stands in the dashboard at `/account/roles/`.\n", *(f"- {rule}" for rule in page.rules), ""]
    lines += ["| role | |", "|---|---|", *(f"| {role} | {told} |" for role, told in page.roles), ""]
    lines += [f"| | {' | '.join(roles)} |", f"|---|{'---|' * len(roles)}"]
    lines += [f"| {one.name} | {' | '.join(one.cells)} |" for one in page.resources]
    lines += ["\n## What a role does not see\n", "| role | of | columns |", "|---|---|---|"]
    lines += [f"| {one.role} | {one.what} | {one.columns} |" for one in page.hidden]
    return "\n".join(lines) + "\n"


def _roles() -> list[Role]:
    return [role for _, roles in GROUPS for role in roles]


def _may(role: Role, resource: str) -> str:
    return ", ".join(WORDS[verb] for verb in Verb if resource in MATRIX[role].get(verb, ()))
