"""The backend for D1 without row-level security: Django's tests know no scopes."""

from typing import Any

from ndsadmin.db.confining import shaped
from ndsadmin.db.d1 import base, features
from security.rls.engine import Confined
from tests.conformance.expected import FAILURES, SKIPS


class DatabaseFeatures(features.DatabaseFeatures):
    @property
    def django_test_expected_failures(self) -> set[str]:
        return {*super().django_test_expected_failures, *(name for names in FAILURES.values() for name in names)}

    @property
    def django_test_skips(self) -> dict[str, set[str]]:
        return {**super().django_test_skips, **SKIPS}


class DatabaseWrapper(base.DatabaseWrapper):
    features_class = DatabaseFeatures

    def confined(self, query: str, params: Any) -> Confined:
        return Confined(*shaped(query, params))

    def _permits(self, changes: bool) -> bool:
        return True
