class ImportRefused(Exception):
    """The file was not taken in, and nothing was changed; the message says why and where."""

    def __init__(self, message: str, *, line: int | None = None) -> None:
        super().__init__(message if line is None else f"line {line}: {message}")
