"""What an import did, and everything that was odd."""

from collections import Counter
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

SHOWN = 5  # keys of one kind that are printed; the report's file has all


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One odd thing: where it is, what it is, and what was done about it."""

    table: str
    what: str
    done: str
    key: str


@dataclass(slots=True)
class Report:
    source: str
    rows: dict[str, int] = field(default_factory=dict)  # stored, by table
    findings: list[Finding] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)  # statements or tables that are not the contract's
    left_out: dict[str, list[dict[str, Any]]] = field(default_factory=dict)  # orphans, by table

    def note(self, table: str, what: str, done: str, key: str) -> None:
        self.findings.append(Finding(table, what, done, key))

    def lines(self, *, shown: int | None = SHOWN) -> list[str]:
        """The report for people; ``shown`` bounds the keys of each kind of finding."""
        width = max(map(len, self.rows), default=0)
        told = [f"Imported {self.source}", "", "Rows stored"]
        told += [f"  {table:<{width}}  {count:>9,}" for table, count in self.rows.items()]
        told += [f"  {'in all':<{width}}  {sum(self.rows.values()):>9,}", ""]
        told += ["Odd" if self.findings else "Nothing was odd."]
        for (table, what, done), group in groupby(sorted(self.findings), key=lambda f: (f.table, f.what, f.done)):
            keys = [finding.key for finding in group]
            told.append(f"  {table}: {what}: {len(keys):,}; {done}")
            told += [f"      {key}" for key in keys[:shown]]
            told += [f"      … and {len(keys) - shown:,} more"] if shown is not None and len(keys) > shown else []
        if self.passed_over:
            told += ["", "Passed over, not of the contract"]
            told += [f"  {name}: {number:,}" for name, number in sorted(self.passed_over.items())]
        return told
