from django.db import models

from security.columns import CurrentTimestamp, Json, Text, Time, new_key, now
from security.columns.places import Moment, Place
from security.contract import ContractTable, Privacy, Stage, Writer
from security.crypto.fields import EncryptedBinaryField
from security.enums import CaseKind
from security.orders import orders
from security.rls.policies import Direct


class ComplianceCase(ContractTable):
    """A request under data protection law, a legal hold or a breach, with its clocks."""

    stage = Stage.DASHBOARD
    privacy = Privacy.NULLABLE
    rls = Direct("tenant_id")
    writer = Writer.DASHBOARD
    named_by = "case_id"

    case_id = Text("id", primary_key=True, default=new_key)
    tenant = models.ForeignKey(
        "tenants.Tenant", models.PROTECT, db_index=False, db_constraint=False, null=True, blank=True
    )
    kind = Text(choices=CaseKind.choices)
    subject_ref = Text("subject", null=True, blank=True)
    state = Text()
    reason_code = Text("reason", null=True, blank=True)
    opened_at = Time("opened", default=now, db_default=CurrentTimestamp())
    aware_at = Time("known since", null=True, blank=True)
    due_at = Time("due", null=True, blank=True)
    extended_to = Time(null=True, blank=True)
    grace_until = Time(null=True, blank=True)
    requested_by = Text(null=True, blank=True)
    decided_by = Text(null=True, blank=True)
    approved_by = Text(null=True, blank=True)
    notes_encrypted = EncryptedBinaryField("notes", null=True, blank=True)
    outcome = Json(null=True, blank=True)
    closed_at = Time("closed", null=True, blank=True)

    class Meta:
        db_table = "compliance_cases"
        indexes = [
            *orders("compliance_cases", Place(Moment("opened_at"), "case_id"), ("tenant",)),
            *orders("compliance_cases", Place(Moment("due_at"), "case_id"), ("tenant",)),
        ]
