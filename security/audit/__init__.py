"""What is recorded: one entry a change, in the transaction that makes it."""

from security.audit.actions import Action
from security.audit.recorder import record

__all__ = ["Action", "record"]
