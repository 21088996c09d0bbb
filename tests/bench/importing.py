"""The import of the sample."""

import lzma
import os
from collections.abc import Iterator
from pathlib import Path

from tests.bench.clock import Result, result, timed

DATA = Path(__file__).parents[1] / "data"


def measure(folder: Path) -> Iterator[Result]:
    from django.core.management import call_command

    export = folder / "export.sql"
    export.write_bytes(lzma.decompress((DATA / "pipeline-export.sql.xz").read_bytes()))
    with open(os.devnull, "w") as nowhere, timed() as seconds:
        call_command("import_d1", str(export), stdout=nowhere)
    yield result("import of the sample, 7,662 rows", round(seconds[0], 2), "s", "< 3 s")
