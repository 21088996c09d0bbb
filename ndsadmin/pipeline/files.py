"""The files that an import leaves: the keyring, the whole report, and the rows that were left out.

They are written inside the transaction and taken back where it fails, so that files and rows tell the same.
"""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from ndsadmin.pipeline.report import Report
from security.crypto.keyring import write_private

NAME_LENGTH = 80  # characters of the file's own name that are kept in the report's


@dataclass(slots=True)
class Files:
    """Files that were written, and what stood there before (None: nothing)."""

    before: dict[Path, str | None] = field(default_factory=dict)

    def keep(self, path: Path) -> None:
        """Remember what stands there, however often it is written."""
        self.before.setdefault(path, path.read_text(encoding="utf-8") if path.exists() else None)

    def replace(self, path: Path, text: str) -> None:
        self.keep(path)
        write_private(path, text)

    def add_report(self, report: Report) -> list[Path]:
        """Write the whole report, and beside it the rows that were left out; their paths."""
        name = f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}-{report.source[:NAME_LENGTH]}"
        folder = settings.NDS.data_dir / "imports"
        texts = {folder / f"{name}.report.txt": "\n".join([*report.lines(shown=None), ""])}
        if report.left_out:
            rows = json.dumps(report.left_out, ensure_ascii=False, indent=1, allow_nan=False)
            texts[folder / f"{name}.left-out.json"] = f"{rows}\n"
        for path, text in texts.items():
            self.replace(path, text)
        return list(texts)

    def take_back(self) -> None:
        for path, text in self.before.items():
            if text is None:
                path.unlink(missing_ok=True)
            else:
                write_private(path, text)
