"""Passwords: plain bcrypt, which the pipeline's workers check too (domain.md)."""

import re
import string
from collections.abc import Iterator
from functools import cache
from typing import Any

from django.contrib.auth.hashers import BCryptPasswordHasher
from django.contrib.auth.password_validation import CommonPasswordValidator, validate_password
from django.core.exceptions import ValidationError

from tenants.exceptions import PasswordUnfit

MIN_CHARACTERS = 12
DIFFERENT = 5  # characters that a password has at least
PRODUCT = ("ndsadmin", "nextdaysocial", "admin", "dashboard")
LEGAL_FORMS = frozenset({
    "ag", "and", "bv", "co", "corp", "gmbh", "inc", "limited", "llc", "ltd", "nv", "oy", "plc", "pty", "sa", "sarl",
    "se", "srl", "the", "und",
})  # fmt: skip
_AROUND = string.digits + string.punctuation + string.whitespace
_RUNS = "0123456789012345678901234567890 abcdefghijklmnopqrstuvwxyz qwertyuiopasdfghjklzxcvbnm 1q2w3e4r5t6y7u8i9o0p"

MAX_BYTES = 72  # bcrypt reads no further, and the library raises beyond (https://pypi.org/project/bcrypt/5.0.0/)
MAX_COST = 14  # a second on this decade's machines; a hash of a higher cost would be a way to keep a process busy


class PlainBcrypt(BCryptPasswordHasher):
    """Django's bcrypt, with an answer for everything that a row or a visitor may bring.

    - A password that bcrypt cannot hold is wrong, not an error.
    - A hash that is none fits no password; it is not an error either.
    - A wrong password takes as long for a cheap hash of the workers' as for one of ours: Django makes up the rounds
      (`harden_runtime`) where a hash must be updated. It is never updated: nobody passes a setter.
    """

    def verify(self, password: str, encoded: str) -> bool:
        is_held = len(password.encode()) <= MAX_BYTES  # else an empty one is looked at: it takes as long as any
        try:
            if int(self.decode(encoded)["work_factor"]) <= MAX_COST:
                return bool(super().verify(password if is_held else "", encoded)) and is_held
        except ValueError:
            pass  # no hash: answered below
        self.encode("", self.salt())
        return False

    def must_update(self, encoded: str) -> bool:
        try:
            return bool(super().must_update(encoded))
        except ValueError:
            return False

    def harden_runtime(self, password: str, encoded: str) -> None:
        try:
            super().harden_runtime(password if len(password.encode()) <= MAX_BYTES else "", encoded)
        except ValueError:
            return  # a hash that is none: `verify` has taken its time already


class Length:
    """12 characters at least (OWASP ASVS 5.0, 6.2.1 asks for 8), 72 bytes at most: refused, never cut (6.2.8)."""

    def validate(self, password: str, user: Any = None) -> None:
        if len(password) < MIN_CHARACTERS:
            raise ValidationError(f"password: expected at least {MIN_CHARACTERS} characters, got {len(password)}.")
        if "\0" in password:
            raise ValidationError("password: expected no NUL character, which no door takes.")
        if len(password.encode()) > MAX_BYTES:
            raise ValidationError(f"password: expected at most {MAX_BYTES} bytes, got {len(password.encode())}.")

    def get_help_text(self) -> str:
        return f"At least {MIN_CHARACTERS} characters, at most {MAX_BYTES} bytes. Any characters; a sentence is good."


class Unguessable:
    """No password that many people have, and none that says who or where somebody is (ASVS 5.0, 6.2.4, 6.2.11, 6.2.12).

    The list is Django's own: 20,000 passwords out of breaches. Few of them have 12 characters, so one that is repeated,
    or has digits and signs before or behind, is looked up without them.
    """

    def validate(self, password: str, user: Any = None) -> None:
        plain = password.strip().lower()
        if any(core in _common() for core in _cores(plain)):
            raise ValidationError(
                "password: expected one that is in no list of stolen passwords; this one is too common."
            )
        if word := next((word for word in _context(user) if _is_mostly(plain, word)), None):
            raise ValidationError(f"password: expected one that does not rest on {word!r}, which others can guess.")
        if len(set(plain)) < DIFFERENT or plain in _RUNS or plain[::-1] in _RUNS:
            raise ValidationError("password: expected something that is no plain row of characters.")

    def get_help_text(self) -> str:
        return "No common password, and not the name of the product, the tenant or yours."


@cache
def _common() -> frozenset[str]:
    return frozenset(CommonPasswordValidator().passwords)


def _cores(plain: str) -> set[str]:
    """``plain``, and what is left of it without what people put around a word."""
    bare = plain.strip(_AROUND)
    found = {plain, bare, plain.rstrip(_AROUND), plain.lstrip(_AROUND)}
    for text in (plain, bare):
        found |= {
            text[:size] for size in range(3, len(text) // 2 + 1) if text == (text[:size] * len(text))[: len(text)]
        }
    words = set(re.findall(r"[^\W\d_]+", plain))  # one word again and again, with something in between
    return {core for core in found | (words if len(words) == 1 else set()) if len(core) >= 4}


def _context(user: Any) -> Iterator[str]:
    """Words that stand for the product, the tenant and the person."""
    yield from PRODUCT
    if user is None:
        return
    texts = [getattr(user.tenant, "name", "")] if user.tenant_id else []
    for text in (*texts, user.full_name or "", *re.split("[@.]", user.email or "")):
        words = [word for word in re.split(r"[\W_]+", text.lower()) if word]
        named = [word for word in words if word not in LEGAL_FORMS]
        yield from (word for word in ["".join(words), "".join(named), *words] if len(word) >= 4)


def _is_mostly(plain: str, word: str) -> bool:
    """Whether less than half of MIN_CHARACTERS is left of ``plain`` without ``word`` and what surrounds it."""
    squeezed = re.sub(r"[\W_]+", "", plain)
    return word in squeezed and len(squeezed.replace(word, "").strip(_AROUND)) < MIN_CHARACTERS // 2


def check_new_password(password: str, person: Any = None) -> None:
    """Raise `PasswordUnfit` where ``password`` may not be set for ``person``."""
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise PasswordUnfit(" ".join(error.messages)) from None
