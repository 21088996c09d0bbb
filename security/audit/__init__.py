"""What is recorded: one entry a change, in the transaction that makes it."""

from security.actions import Action
from security.audit.recorder import record, record_once

__all__ = ["Action", "record", "record_once"]
