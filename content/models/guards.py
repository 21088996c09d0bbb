from django.db import models
from django.db.models import Q

from content.enums import Guard
from content.models.generation import GeneratedContent
from security.columns import Bool, CurrentTimestamp, Json, Text, Time, new_key, now
from security.columns.places import Moment, Place
from security.contract import ContractTable, Index, Privacy, Stage, Writer
from security.orders import orders
from security.rls.policies import Via


class GuardResult(ContractTable):
    """One guard's verdict on one piece of content, whose tenant is this row's too."""

    stage = Stage.CONTENT
    privacy = Privacy.PARENT
    rls = Via("content_id", "generated_content", "content_id")
    writer = Writer.WORKERS
    named_by = "result_id"

    result_id = Text("id", primary_key=True, default=new_key)
    request_id = Text("request")
    content = models.ForeignKey(GeneratedContent, models.PROTECT, db_index=False, db_constraint=False)
    guard_id = Text("guard", choices=Guard.choices)
    passed = Bool(db_column="pass")
    metrics_json = Json("measured", null=True, blank=True)
    auto_fixed = Bool("mended by itself", default=False, db_default=False, null=True)
    action_taken = Text("action", null=True, blank=True)
    created_at = Time("created", default=now, db_default=CurrentTimestamp(), null=True)

    class Meta:
        db_table = "guard_results"
        indexes = [
            Index(fields=["request_id"], name="idx_guard_results_request"),
            Index(fields=["guard_id", "passed"], name="idx_guard_results_guard"),
            Index(fields=["content"], name="idx_guard_results_content"),
            *orders(
                "guard_results",
                Place(Moment("created_at"), "result_id"),
                ("content",),
                ("request_id",),
                ("guard_id",),
                where={"failed": Q(passed=False)},
            ),
        ]
