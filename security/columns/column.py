"""What all columns of the contract have in common."""

from typing import Any, ClassVar

from django.db.backends.base.base import BaseDatabaseWrapper


class Column:
    """Mixin before a Django field: the contract's type name, and no ``RETURNING``.

    ``secret`` marks columns whose value is never shown, searched, exported or written to the audit log.
    """

    sql_type: ClassVar[str]
    secret: ClassVar[bool] = False
    db_returning = False
    # Our own readers see what the driver delivers, so that they can answer for what is unreadable
    # (ndsadmin.db.sqlite.operations leaves the backend's converters out).
    reads_raw: ClassVar[bool] = False

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return self.sql_type

    def rel_db_type(self, connection: BaseDatabaseWrapper) -> str:
        return self.sql_type

    def cast_db_type(self, connection: BaseDatabaseWrapper) -> str:
        return self.sql_type

    def db_check(self, connection: BaseDatabaseWrapper) -> Any:
        # The contract has no CHECK: Django's JSON_VALID would refuse what the workers may write.
        return None
