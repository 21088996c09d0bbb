from django.db import models

from security.columns import CurrentTimestamp, Json, Text, Time, now
from security.contract import Bookkeeping, Privacy
from security.rls.policies import Via
from tenants.models.user import User


class Preference(Bookkeeping):
    """How a person likes a page: the columns of a list, how dense rows are."""

    privacy = Privacy.PERSON
    rls = Via("user_id", "users", "user_id")
    retention = "as long as the person"

    pk = models.CompositePrimaryKey("user_id", "name")
    user = models.ForeignKey(User, models.CASCADE, db_index=False)
    name = Text()
    value = Json()
    updated_at = Time("updated", default=now, db_default=CurrentTimestamp())

    class Meta:
        db_table = "nds_preferences"
