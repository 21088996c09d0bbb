import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from ndsadmin.management.progress import ProgressBar
from ndsadmin.pipeline.exceptions import ImportRefused
from ndsadmin.pipeline.loading import import_pipeline
from ndsadmin.pipeline.report import Report
from security.crypto.keyring import FILE_NAME, Keyring, open_keyring, pipeline_keys, write_private
from security.exceptions import KeyringInvalid
from security.scope import Scope, acting


class Command(BaseCommand):
    help = "Load a `wrangler d1 export` dump or an SQLite file into a database without tenants, all or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--keys", type=Path, metavar="FILE", help="the pipeline's keys: JSON, key id to base64")
        parser.add_argument(
            "--skip-foreign-regions", action="store_true", help="leave tenants of another region out with all they have"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"{path}: expected a file.")
        try:
            with acting(Scope.of_command("import_d1")):
                report = import_pipeline(
                    path,
                    keys=_keyring(options["keys"]),
                    skip_foreign_regions=options["skip_foreign_regions"],
                    progress=ProgressBar(),
                )
        except (ImportRefused, KeyringInvalid) as refusal:
            raise CommandError(f"{path.name}: {refusal} Nothing was changed.") from None
        self.stdout.write("\n".join(report.lines()))
        for written in _write(report):
            self.stdout.write(f"Written: {written}")


def _keyring(path: Path | None) -> Keyring | None:
    if path is None:
        return None
    keyring = open_keyring(settings.NDS.data_dir / FILE_NAME)
    keyring.add_pipeline_keys(pipeline_keys(path))
    return keyring


def _write(report: Report) -> list[Path]:
    """Keep the whole report, and beside it the rows that were left out."""
    name = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{report.source}"
    folder = settings.NDS.data_dir / "imports"
    written = [folder / f"{name}.report.txt"]
    write_private(written[0], "\n".join([*report.lines(shown=None), ""]))
    if report.left_out:
        written.append(folder / f"{name}.left-out.json")
        write_private(written[1], json.dumps(report.left_out, ensure_ascii=False, indent=1) + "\n")
    return written
