"""Where mail goes, out of one variable: smtp://, smtp+tls://, smtp+ssl://, file:// or console."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True, slots=True)
class Mail:
    """Where mail goes, in Django's terms."""

    backend: str
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = field(default="", repr=False)
    is_ssl: bool = False  # from the first byte
    is_tls: bool = False  # STARTTLS
    folder: str | None = None


_PORTS = {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}


def mail(text: str, base: Path) -> Mail:
    """Where ``text`` says; a folder that is relative lies below ``base``.

    Raises:
        ValueError: it is none of the forms.
    """
    backends = "django.core.mail.backends."
    if text in {"", "console"}:
        return Mail(f"{backends}console.EmailBackend" if text else f"{backends}dummy.EmailBackend")
    scheme, found, rest = text.partition("://")
    if scheme == "file" and rest:
        return Mail(f"{backends}filebased.EmailBackend", folder=str(base / rest))
    parts = urlsplit(text)
    if not found or scheme not in _PORTS or not parts.hostname or parts.path.strip("/"):
        raise ValueError
    return Mail(
        f"{backends}smtp.EmailBackend", parts.hostname, parts.port or _PORTS[scheme], unquote(parts.username or ""),
        unquote(parts.password or ""), is_ssl=scheme == "smtp+ssl", is_tls=scheme == "smtp+tls",
    )  # fmt: skip
