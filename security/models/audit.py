import datetime as dt

from django.db import models
from django.db.models import Q

from security.columns import Bool, CurrentTimestamp, Date, Int, Json, LongText, Text, Time, new_key, now
from security.columns.places import Amount, Moment, Place, Plain
from security.contract import Bookkeeping, ContractTable, Index, Privacy, Reads, Stage, Writer
from security.enums import Outcome
from security.orders import orders
from security.rls.policies import Closed, Direct


class AuditLog(ContractTable):
    """Who did what to which object; an entry without a tenant is the platform's.

    Written by `security.audit.record` and by the workers, never edited.
    """

    stage = Stage.SECURITY
    privacy = Privacy.NULLABLE
    reads = Reads.BY_ALL
    rls = Direct("tenant_id", writable=False, unchecked=("user_id",), exposed=("rowid",))
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
                ("action",),
                ("user",),
                ("tenant", "action"),
                ("resource_id",),
                ("request_id",),
                where={"refused": Q(success=False)},
            ),
        ]


class AuditDay(Bookkeeping):
    """How many entries of an action a day has; of the platform where no tenant is named. Kept up by a trigger."""

    privacy = Privacy.NULLABLE
    rls = Direct("tenant_id", writable=False)
    retention = "as long as the entries"

    pk = models.CompositePrimaryKey("tenant_id", "day", "action")
    tenant_id = Text("tenant")
    day = Text()  # empty where an entry has no time
    action = Text()
    entries = Int()
    refused = Int()

    class Meta:
        db_table = "nds_audit_days"
        # Days of all tenants, with all that is summed up.
        indexes = [Index(fields=["day", "tenant_id", "action", "entries", "refused"], name="nds_audit_days_by_day")]


class AuditView(Bookkeeping):
    """A query of the trail under a name: one person's, or shared with all who read the same trail."""

    privacy = Privacy.TENANT
    rls = Direct("tenant_id", unchecked=("user_id",))
    retention = "until it is deleted"

    view_id = Text("id", primary_key=True, default=new_key)
    tenant = models.ForeignKey("tenants.Tenant", models.CASCADE, db_index=False)
    user = models.ForeignKey("tenants.User", models.CASCADE, db_index=False)
    name = Text()
    query = Text()
    is_shared = Bool(default=False)
    created_at = Time("created", default=now, db_default=CurrentTimestamp())

    class Meta:
        db_table = "nds_audit_views"
        constraints = [models.UniqueConstraint(fields=["tenant", "user", "name"], name="nds_audit_views_name")]


class AuditReview(Bookkeeping):
    """An auditor has looked through the entries of a period, of one tenant or (without a tenant) of all."""

    privacy = Privacy.PLATFORM
    rls = Closed()
    retention = "as long as the entries"

    review_id = Text("id", primary_key=True, default=new_key)
    tenant_id = Text("tenant")  # empty: all, and the platform
    first_day = Date("from")
    last_day = Date("to")
    entries = Int()
    note = LongText()
    reviewer_id = Text("reviewer")
    reviewed_at = Time("reviewed", default=now, db_default=CurrentTimestamp())

    class Meta:
        db_table = "nds_audit_reviews"
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "first_day", "last_day"], name="nds_audit_reviews_period")
        ]

    def covers(self, day: dt.date) -> bool:
        return bool(self.first_day <= day <= self.last_day)


class AuditFinding(Bookkeeping):
    """What became of a sensitive entry: acknowledged, or a case."""

    privacy = Privacy.PLATFORM
    rls = Closed()
    retention = "as long as the entries"

    log_id = Text("entry", primary_key=True)
    outcome = Text(choices=Outcome.choices)
    note = LongText()
    case_id = Text("case", null=True)
    reviewer_id = Text("reviewer")
    reviewed_at = Time("reviewed", default=now, db_default=CurrentTimestamp())

    class Meta:
        db_table = "nds_audit_findings"


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
