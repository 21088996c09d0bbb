"""Single grants: what one person may do with one row, beyond his role (domain.md, Tenants, people, roles).

django-guardian's table with what we need besides: whose it is, until when, from whom and why. A grant that has run out
is not there for the people of the tenant, whatever they ask with (the policy says so); one for a row or a person of
another tenant cannot be stored. Grants go with their row and their person, whoever deletes those (`security.triggers`).
"""

from collections.abc import Sequence
from typing import ClassVar

from django.db import models
from guardian.models.models import UserObjectPermissionAbstract

from security.columns import CurrentTimestamp, LongText, Text, Time, new_key, now
from security.contract import Bookkeeping, Privacy
from security.rls.places import place
from security.rls.policies import Policy, of_text
from security.roles import Verb
from security.triggers import GRANTABLE
from tenants.models.tenant import Tenant
from tenants.models.user import User

OWN = '{t}."tenant_id" = ?1'
LIVE = '({t}."expires_at" IS NULL OR {t}."expires_at" > CURRENT_TIMESTAMP)'


def _is_of_tenant(kind: str) -> str:
    """The predicate that a grant's row is there and the tenant's."""
    table, key, column, prefix = GRANTABLE[kind]
    row = f'"rls_granted"."{key}" = +{{t}}."object_pk" AND "rls_granted"."{column}" = \'{prefix}\' || ?1'
    return f'({{t}}."kind" = \'{kind}\' AND EXISTS (SELECT 1 FROM {place(table)} AS "rls_granted" WHERE {row}))'  # noqa: S608  # names of ours


class Grant(Bookkeeping, UserObjectPermissionAbstract):
    """See the module."""

    privacy = Privacy.TENANT
    rls = Policy(
        read=f"({OWN} AND {LIVE})",
        columns=("tenant_id", "kind", "object_pk"),
        modify=OWN,
        check=f"({of_text('tenant_id', OWN)} AND ({' OR '.join(map(_is_of_tenant, GRANTABLE))}))",
    )
    retention = "until it is revoked, or its row or person goes"

    grant_id = Text("id", primary_key=True, default=new_key)
    tenant = models.ForeignKey(Tenant, models.PROTECT, db_index=False)
    user = models.ForeignKey(User, models.CASCADE, db_index=False)
    # Of tables that Django fills itself: a script that makes ours does not make them.
    permission = models.ForeignKey("auth.Permission", models.CASCADE, db_index=False, db_constraint=False)
    content_type = models.ForeignKey("contenttypes.ContentType", models.CASCADE, db_index=False, db_constraint=False)
    object_pk = Text("row")
    kind = Text()  # of the row: content_template, brand_profile …
    expires_at = Time("until", null=True)
    reason = LongText()
    granted_by = Text("granted by")
    granted_at = Time("granted", default=now, db_default=CurrentTimestamp())

    @property
    def verb(self) -> Verb:
        """What it lets the person do. Loads the permission."""
        return Verb(self.permission.codename.partition("_")[0])

    class Meta(UserObjectPermissionAbstract.Meta):
        abstract = False
        db_table = "nds_grants"
        unique_together: ClassVar[list[Sequence[str]]] = []
        constraints = [models.UniqueConstraint(fields=["user", "permission", "object_pk"], name="nds_grants_once")]
        indexes = [
            models.Index(fields=["user", "kind"], name="nds_grants_by_person"),
            models.Index(fields=["kind", "object_pk"], name="nds_grants_by_row"),
        ]
