"""Passwords: plain bcrypt, which the pipeline's workers check too (domain.md)."""

from django.contrib.auth.hashers import BCryptPasswordHasher

MAX_BYTES = 72  # bcrypt reads no further, and the library raises beyond (https://pypi.org/project/bcrypt/5.0.0/)


class PlainBcrypt(BCryptPasswordHasher):
    """Django's bcrypt, which answers "wrong" to a password that bcrypt cannot hold instead of failing."""

    def verify(self, password: str, encoded: str) -> bool:
        if len(password.encode()) > MAX_BYTES:
            super().verify("", encoded)  # takes as long as any wrong password
            return False
        return bool(super().verify(password, encoded))

    def must_update(self, encoded: str) -> bool:
        # The workers set hashes of another cost; a page view is no reason to rewrite them.
        return False
