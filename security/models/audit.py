from django.db import models
from django.db.models import Q

from security.columns import Bool, CurrentTimestamp, Int, Json, LongText, Text, Time, new_key, now
from security.columns.places import Amount, Moment, Place, Plain
from security.contract import ContractTable, Index, Privacy, Stage, Writer
from security.orders import orders
from security.rls.policies import Closed, Direct


class AuditLog(ContractTable):
    """Who did what to which object; an entry without a tenant is the platform's.

    Written by `security.audit.record` and by the workers, never edited.
    """

    stage = Stage.SECURITY
    privacy = Privacy.NULLABLE
    rls = Direct("tenant_id", writable=False, unchecked=("user_id",))
    writer = Writer.LOG
    named_by = "action"

    log_id = Text("id", primary_key=True, default=new_key)
    tenant = models.ForeignKey(
        "tenants.Tenant", models.PROTECT, db_index=False, db_constraint=False, null=True, blank=True
    )
    user = models.ForeignKey(
        "tenants.User",
        models.PROTECT,
        db_index=False,
        db_constraint=False,
        null=True,
        blank=True,
        verbose_name="person",
    )
    action = Text()
    resource_type = Text("object's kind")
    resource_id = Text("object", null=True, blank=True)
    ip_address = Text("address", null=True, blank=True)
    user_agent = Text("browser", null=True, blank=True)
    request_id = Text("request", null=True, blank=True)
    metadata = Json("details", null=True, blank=True)
    success = Bool(default=True, db_default=True, null=True)
    error_message = LongText("error", null=True, blank=True)
    timestamp = Time("time", default=now, db_default=CurrentTimestamp(), null=True)

    class Meta:
        db_table = "audit_logs"
        verbose_name = "audit entry"
        verbose_name_plural = "audit entries"
        indexes = [
            Index(fields=["tenant", "-timestamp"], name="idx_audit_logs_tenant"),
            Index(fields=["user", "-timestamp"], name="idx_audit_logs_user"),
            Index(fields=["action", "-timestamp"], name="idx_audit_logs_action"),
            Index(fields=["resource_type", "resource_id"], name="idx_audit_logs_resource"),
            *orders(
                "audit_logs",
                Place(Moment("timestamp"), "log_id"),
                ("tenant",),
                ("user",),
                ("action",),
                ("resource_id",),
                ("request_id",),
                where={"refused": Q(success=False)},
            ),
        ]


class AuditSeal(ContractTable):
    """An entry's place in a Merkle log."""

    stage = Stage.DASHBOARD
    privacy = Privacy.PLATFORM
    rls = Closed()
    writer = Writer.LOG
    named_by = "pk"

    pk = models.CompositePrimaryKey("origin", "seq")
    origin = Text("log")
    seq = Int("place")
    log = models.ForeignKey(AuditLog, models.PROTECT, db_index=False, verbose_name="entry")
    leaf = Text()
    salt = Text(null=True, blank=True)
    redacted = Json(null=True, blank=True)

    class Meta:
        db_table = "audit_seals"
        constraints = [models.UniqueConstraint(fields=["log"], name="audit_seals_log")]
        indexes = [*orders("audit_seals", Place(Plain("origin"), Amount("seq")), ("origin",))]


class AuditCheckpoint(ContractTable):
    """A signed statement of how large a Merkle log is and what it holds."""

    stage = Stage.DASHBOARD
    privacy = Privacy.PLATFORM
    rls = Closed()
    writer = Writer.LOG
    named_by = "pk"

    pk = models.CompositePrimaryKey("origin", "tree_size")
    origin = Text("log")
    tree_size = Int("size")
    prev_size = Int("size before")
    root = Text()
    frontier = Json()
    note = LongText("signed note")
    created_at = Time("created", default=now, db_default=CurrentTimestamp())
    anchored_at = Time("anchored", null=True, blank=True)
    anchor_ref = Text("anchor", null=True, blank=True)

    class Meta:
        db_table = "audit_checkpoints"
        constraints = [models.UniqueConstraint(fields=["origin", "prev_size"], name="audit_checkpoints_prev")]
        indexes = [
            *orders("audit_checkpoints", Place(Moment("created_at"), "origin", "tree_size"), ("origin",)),
        ]
