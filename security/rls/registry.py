"""What the models declare, gathered: a rule for each protected table, and the tables that are shared or closed."""

from collections.abc import Mapping
from functools import cached_property

from django.apps import apps
from django.db import models

from security.rls.places import place
from security.rls.policies import NOBODY, Closed, Declaration, Policy, Range, Shared, Via
from security.rls.rules import Reference, Rule
from security.triggers import TRIGGERS, WORDS

FRAMEWORK: Mapping[str, Declaration] = {
    # Tables of Django, with the least that they need (domain.md, The six further tables).
    "django_migrations": Shared(),
    "django_content_type": Shared(),
    "auth_permission": Shared(),
    "auth_group": Range("name"),  # named "tenant:group"
    "auth_group_permissions": Via("group_id", "auth_group", "id"),
    "user_groups": Via("user_id", "users", "user_id"),
    # Single grants are in a table of ours; guardian's own two stay empty.
    "guardian_userobjectpermission": Via("user_id", "users", "user_id"),
    "guardian_groupobjectpermission": Via("group_id", "auth_group", "id"),
    # Failed attempts to sign in: of nobody yet. `security.openings` lets the door in.
    "axes_accessattempt": Closed(),
    "axes_accessattemptexpiration": Closed(),
    "axes_accessfailurelog": Closed(),
    "axes_accesslog": Closed(),
    "django_admin_log": Closed(),  # the audit log is the one; nothing writes here
    "sqlite_sequence": Closed(),
    WORDS: Policy(
        # The words of the tenant's entries, as far as the entries are its own: the table holds words alone.
        read=f"""({{t}}."tenant" MATCH hex(?1) AND EXISTS (SELECT 1 FROM {place("audit_logs")} AS "rls_entry"
            WHERE "rls_entry".rowid = {{t}}.rowid AND "rls_entry"."tenant_id" = ?1))""",
        columns=("tenant",),
        modify=NOBODY,
        check=NOBODY,
        exposed=("rowid", "rank", WORDS),
    ),
}


class Registry:
    """Declarations by table, as models and `FRAMEWORK` give them; ``more`` for tables that have no model."""

    def __init__(self, more: Mapping[str, Declaration] | None = None, triggers: frozenset[str] = TRIGGERS) -> None:
        self._more, self.triggers = more or {}, triggers

    @cached_property
    def declared(self) -> dict[str, Declaration]:
        models = {model._meta.db_table: model.rls for model in every_model() if hasattr(model, "rls")}
        return {**FRAMEWORK, **models, **self._more}

    def shared(self) -> tuple[frozenset[str], frozenset[str]]:
        """What anybody may touch, and what a tenant may besides; as `Twin.compile` takes it."""
        shared = {table: declared for table, declared in self.declared.items() if isinstance(declared, Shared)}
        read = frozenset(f"read {table}" for table in shared)
        writable = [table for table, declared in shared.items() if declared.writable]
        return read, read | {f"{verb} {table}" for table in writable for verb in ("insert", "update", "delete")}

    def rules(self) -> dict[str, Rule]:
        """Rules by table, with what foreign keys must point at."""
        policies = {
            table: declared.resolved(self.declared)
            for table, declared in self.declared.items()
            if isinstance(declared, Policy | Via)
        }
        models = {model._meta.db_table: model for model in every_model()}
        hanging = [(table, via) for table, via in self.declared.items() if isinstance(via, Via)]
        return {
            table: Rule(
                table,
                policy,
                references(models[table], policies) if table in models else {},
                tuple((via.key, Reference(child, via.column, "1")) for child, via in hanging if via.parent == table),
            )
            for table, policy in policies.items()
        }


def every_model() -> list[type[models.Model]]:
    """All models with a table, those that Django makes for many-to-many relations among them."""
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]


def references(model: type[models.Model], policies: Mapping[str, Policy]) -> dict[str, Reference]:
    """What the foreign keys of ``model`` point at, where that is protected and the policy does not stand on it."""
    policy = policies[model._meta.db_table]
    found = {}
    for field in model._meta.concrete_fields:
        if not isinstance(field, models.ForeignKey) or field.column in {*policy.columns, *policy.unchecked}:
            continue
        target = field.target_field
        if target.model._meta.db_table in policies:
            parent = target.model._meta.db_table
            found[field.column] = Reference(parent, str(target.column), policies[parent].read)
    return found


def undeclared() -> list[type[models.Model]]:
    """Models whose table nobody declared."""
    known = Registry().declared
    return [model for model in every_model() if model._meta.db_table not in known]
