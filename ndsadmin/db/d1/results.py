"""What a statement gave."""

from collections.abc import Sequence
from typing import Any

from ndsadmin.db.d1.unit import Entry, Unit

Row = tuple[Any, ...]


class Result:
    """What a statement gave. ``changed`` and ``inserted`` may cost a round trip inside of a transaction."""

    def __init__(
        self,
        columns: Sequence[str] = (),
        rows: Sequence[Row] = (),
        *,
        changed: int = -1,
        inserted: int | None = None,
        queued: "tuple[Unit, Entry] | None" = None,
    ) -> None:
        self.columns, self.rows = columns, rows
        self._changed, self._inserted, self._queued = changed, inserted, queued

    @property
    def changed(self) -> int:
        return self._queued[0].feedback(self._queued[1]).changed if self._queued else self._changed

    @property
    def may_have_changed(self) -> bool:
        """Whether it is not known that nothing was changed. Never a round trip."""
        if self._queued is None:
            return self._changed != 0
        feedback = self._queued[1].feedback
        return feedback is None or feedback.changed != 0

    @property
    def inserted(self) -> int | None:
        if self._queued is None:
            return self._inserted
        unit, entry = self._queued
        feedback = unit.feedback(entry)
        entry.uses_key = entry.inserts and feedback.changed > 0  # an INSERT that was ignored gives no key
        return feedback.inserted
