from django.db import models

from security.columns import CurrentTimestamp, Json, LongText, Text, Time, new_key, now
from security.columns.places import Moment, Place
from security.contract import ContractTable, Index, Privacy, Stage, Writer
from security.enums import SharingAction
from security.orders import orders
from security.rls.policies import Direct


class SharingEvent(ContractTable):
    """A skill crossed a border: promoted, forked or retired. The tenant is the source."""

    stage = Stage.SECURITY
    privacy = Privacy.NULLABLE
    rls = Direct("tenant_id", writable=False)
    writer = Writer.LOG
    named_by = "event_id"

    event_id = Text("id", primary_key=True, default=new_key)
    action = Text(choices=SharingAction.choices)
    actor = Text()  # system_auto or admin:{user_id}
    tenant = models.ForeignKey(
        "tenants.Tenant", models.PROTECT, db_index=False, db_constraint=False, null=True, blank=True
    )
    skill = models.ForeignKey("content.Skill", models.PROTECT, db_index=False)
    reason = LongText()
    metadata = Json("details", null=True, blank=True)
    timestamp = Time("time", default=now, db_default=CurrentTimestamp(), null=True)

    class Meta:
        db_table = "sharing_events"
        indexes = [
            Index(fields=["skill", "-timestamp"], name="idx_sharing_events_skill"),
            Index(fields=["action", "-timestamp"], name="idx_sharing_events_action"),
            *orders("sharing_events", Place(Moment("timestamp"), "event_id"), ("tenant",), ("skill",)),
        ]
