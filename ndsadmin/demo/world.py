"""What all parts of the demo share: chance that repeats itself, keys, days, and the rows made so far."""

import datetime as dt
import math
import random
import uuid
from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ndsadmin.demo.companies import Company
from security.contract import ContractTable, column_of
from security.crypto.envelope import KEY, SALT, Place, seal
from security.crypto.fields import Encrypted, EncryptedTextField
from tenants.enums import UserRole
from tenants.models import Tenant, User

T = TypeVar("T", bound=ContractTable)
RHYTHM = (1.0, 1.15, 1.2, 1.1, 0.9, 0.25, 0.15)  # how much is done on Mondays … Sundays
HOURS = (7, 8, 9, 9, 10, 11, 12, 12, 13, 14, 15, 16, 17, 18)


@dataclass(slots=True)
class House:
    """A company with its tenant and its people."""

    company: Company
    tenant: Tenant
    since: dt.datetime  # when the tenant was made
    people: list[User] = field(default_factory=list)

    @property
    def owner(self) -> User:
        return self.people[0]

    @property
    def authors(self) -> list[User]:
        """Who may publish: no viewers, and nobody who is suspended."""
        return [person for person in self.people if person.role != UserRole.VIEWER and person.status == "active"]


@dataclass(slots=True)
class World:
    """Everything made so far. ``now`` is the present moment, ``days`` the days of content, today the last."""

    now: dt.datetime
    days: list[dt.date]
    chance: random.Random
    keys: dict[str, bytes] = field(default_factory=dict)  # wrapping keys by id: a pipeline's own, version 1 of its data
    data_keys: dict[str, bytes] = field(default_factory=dict)  # version 2, by tenant
    secrets: random.Random = field(default_factory=lambda: random.Random("secrets"))  # noqa: S311  # of a demo
    houses: list[House] = field(default_factory=list)
    rows: dict[type[ContractTable], list[Any]] = field(default_factory=lambda: defaultdict(list))

    def add(self, row: T) -> T:
        self.rows[type(row)].append(row)
        return row

    def of(self, model: type[T]) -> list[T]:
        return self.rows[model]

    def key(self) -> str:
        return str(uuid.UUID(int=self.chance.getrandbits(128), version=4))

    def ago(self, *, days: float = 0, hours: float = 0) -> dt.datetime:
        return self.now - dt.timedelta(days=days, hours=hours)

    def moment(self, day: dt.date) -> dt.datetime:
        """A working hour of ``day``; of today one that has passed."""
        time = dt.time(self.chance.choice(HOURS), self.chance.randrange(60), self.chance.randrange(60))
        moment = dt.datetime.combine(day, time, dt.UTC)
        if moment <= self.now:
            return moment
        midnight = dt.datetime.combine(day, dt.time(), dt.UTC)
        return (midnight + (self.now - midnight) * self.chance.random()).replace(microsecond=0)

    def times(self, mean: float) -> int:
        """How often something happens that happens ``mean`` times on average (Knuth, TAOCP 3.4.1)."""
        limit, number, product = math.exp(-mean), 0, self.chance.random()
        while product > limit:
            number += 1
            product *= self.chance.random()
        return number

    def working_days(self) -> Iterator[tuple[int, dt.date, float]]:
        """Each day with its place and how busy it is: weeks have a rhythm, and the quarter grows."""
        for place, day in enumerate(self.days):
            growth = 0.75 + 0.5 * place / max(1, len(self.days) - 1)
            passed = sum(hour <= self.now.hour for hour in HOURS) / len(HOURS) if day == self.days[-1] else 1.0
            yield place, day, RHYTHM[day.weekday()] * growth * passed

    def vector(self, dimensions: int) -> bytes:
        """A direction of length 1 as float32."""
        values = [self.chance.gauss(0, 1) for _ in range(dimensions)]
        length = math.sqrt(sum(value * value for value in values))
        return array("f", (value / length for value in values)).tobytes()

    def sealed(self, place: Place, kms_key_id: str, plain: bytes, *, is_old: bool = False) -> bytes:
        """``plain`` under version 2, or as a pipeline seals it (domain.md, Secrets)."""
        if is_old:
            iv = self.secrets.randbytes(12)
            return iv + AESGCM(self.keys[kms_key_id]).encrypt(iv, plain, None)
        return seal(self.data_key(place.tenant), 2, plain, place, salt=self.secrets.randbytes(SALT))

    def data_key(self, tenant_id: str) -> bytes:
        if tenant_id not in self.data_keys:
            self.data_keys[tenant_id] = self.secrets.randbytes(KEY)
        return self.data_keys[tenant_id]

    def fill(self, row: T, **plain: bytes) -> T:
        """``row`` with sealed columns; those of every fourth tenant are still as the pipeline sealed them."""
        tenant: Tenant = row.tenant  # type: ignore[attr-defined]
        for name, value in plain.items():
            field = column_of(type(row), name)
            assert isinstance(field, Encrypted)
            is_old = self.is_old(tenant) and not isinstance(field, EncryptedTextField)
            blob = self.sealed(field.place(row), tenant.kms_key_id, value, is_old=is_old)
            setattr(row, name, field.storable(blob))
        return row

    def is_old(self, tenant: Tenant) -> bool:
        return tenant.pk in {house.tenant.pk for house in self.houses[1::4]}

    def pick(self, values: Sequence[Any], weights: Sequence[float] | None = None) -> Any:
        return self.chance.choices(values, weights)[0]
