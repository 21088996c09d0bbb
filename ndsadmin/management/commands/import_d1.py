from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ndsadmin.management.progress import ProgressBar
from ndsadmin.pipeline.exceptions import ImportRefused
from ndsadmin.pipeline.loading import import_pipeline
from security.crypto.keyring import pipeline_keys
from security.exceptions import KeyringInvalid
from security.scope import maintenance_scope


class Command(BaseCommand):
    help = "Load a `wrangler d1 export` dump or an SQLite file into a database without tenants, all or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--keys", type=Path, metavar="FILE", help="the pipeline's keys: JSON, key id to base64")
        parser.add_argument(
            "--skip-foreign-regions", action="store_true", help="leave tenants of another region out with all they have"
        )

    @maintenance_scope("import_d1")
    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"{path}: expected a file.")
        try:
            report, written = import_pipeline(
                path,
                keys=pipeline_keys(options["keys"]) if options["keys"] else {},
                skip_foreign_regions=options["skip_foreign_regions"],
                progress=ProgressBar(),
            )
        except (ImportRefused, KeyringInvalid) as refusal:
            raise CommandError(f"{path.name}: {refusal} Nothing was changed.") from None
        self.stdout.write("\n".join(report.lines()))
        for kept in written:
            self.stdout.write(f"Written: {kept}")
