"""Sending a list as a file: recorded before its first row, and once more when it has ended."""

from typing import Any

from django.http import StreamingHttpResponse

from ndsadmin.tables.export import FORMATS, Export
from security.columns import now
from security.scope import acting, current_scope
from security.services.exports import begin_export, end_export


def file_response(file: Export, noted: dict[str, Any]) -> StreamingHttpResponse:
    """``file`` as a download; ``noted`` is what the trail says of it. One query for the tenants that it names."""
    table = file.asked.table.model._meta.db_table
    recorded = RecordedFile(file, file.asked.narrowing.named_tenants, noted)
    response = StreamingHttpResponse(recorded, content_type=FORMATS[file.format].content_type)
    response["Content-Disposition"] = f'attachment; filename="{table}-{now():%Y-%m-%d}.{file.format}"'
    return response


class RecordedFile:
    """A file that is recorded before its first piece is sent, and once more when it has ended, however it did.

    An iterator of its own: the server sends it after the request's scope is closed, so it carries that on; and a
    generator that was never started never ends.
    """

    def __init__(self, file: Export, tenants: list[str], noted: dict[str, Any]) -> None:
        self.file, self.pieces, self.scope = file, file.stream(), current_scope()
        self.trails: list[str | None] = [*tenants] or [None]
        self.table, self.noted, self.is_open = file.asked.table.model._meta.db_table, noted, True
        begin_export(self.table, tenants=self.trails, asked=noted)

    def __iter__(self) -> "RecordedFile":
        return self

    def __next__(self) -> bytes:
        try:
            with acting(self.scope):
                return next(self.pieces)
        except StopIteration:
            self._end(is_whole=True)
            raise

    def close(self) -> None:
        self.pieces.close()
        self._end(is_whole=False)

    def _end(self, *, is_whole: bool) -> None:
        if self.is_open:
            self.is_open = False
            with acting(self.scope):
                end_export(self.table, tenants=self.trails, asked=self.noted, rows=self.file.rows, is_whole=is_whole)
