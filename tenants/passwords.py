"""Passwords: plain bcrypt, which the pipeline's workers check too (domain.md)."""

from django.contrib.auth.hashers import BCryptPasswordHasher

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
        if len(password.encode()) > MAX_BYTES:
            super().verify("", encoded)  # takes as long as any wrong password
            return False
        try:
            return int(self.decode(encoded)["work_factor"]) <= MAX_COST and bool(super().verify(password, encoded))
        except ValueError:
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
