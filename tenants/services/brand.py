"""Saving a brand profile.

Workers write the same row: what the person saw is compared with what the row holds, inside the transaction. What they
keep in its documents beside the parts that people edit stays as it is.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from django.conf import settings

from security.crypto.envelope import LEGACY_VERSION
from security.exceptions import RowChanged
from security.services.repeating import repeatable
from security.services.rows import create_row, update_row
from security.services.vault import active_key
from tenants.exceptions import BrandRefused
from tenants.models import BrandProfile, Tenant
from tenants.models.brand import EMBEDDING

DOCUMENTS = ("palette", "typography", "logo_rules", "lexicon", "messaging")

Documents = Mapping[str, Any]


def documents_of(brand: BrandProfile) -> dict[str, Any]:
    """What people edit of a brand, by column."""
    return {name: getattr(brand, name) for name in DOCUMENTS}


@repeatable
def change_brand(tenant_id: str, *, seen: Documents, documents: Documents, reason: str) -> frozenset[str]:
    """Write the documents that differ from those that the person ``seen``; the names of those that did.

    Raises:
        RowChanged: somebody else changed one of them meanwhile, or the profile is gone.
        Unreadable: a sealed part of the row cannot be read: nothing is saved over it.
        BrandRefused: there is no reason.
    """
    if not reason.strip():
        raise BrandRefused("reason: expected a few words that say why.")
    brand = BrandProfile.objects.filter(pk=tenant_id).first()
    if brand is None:
        raise RowChanged("The brand profile is gone.")
    before = documents_of(brand)
    wanted = {name: value for name, value in documents.items() if value != seen[name]}
    if taken := [name for name in wanted if before[name] != seen[name]]:
        raise RowChanged(f"{taken[0]}: somebody changed it meanwhile. Look at it, and change it again.")
    for name, value in wanted.items():
        setattr(brand, name, value)
    return update_row(brand, before={name: before[name] for name in wanted}, reason=reason)


@repeatable
def create_brand(tenant: Tenant, documents: Documents, reason: str) -> BrandProfile:
    """The first profile of a tenant. Its vector is zero until the pipeline has computed one (domain.md).

    Raises:
        RowChanged: there is one by now.
        NoDataKey: the tenant has no data key.
    """
    if BrandProfile.objects.filter(pk=tenant.pk).exists():
        raise RowChanged("There is a brand profile by now.")
    key = active_key(tenant.pk)
    brand = BrandProfile(
        tenant=tenant, embeddings=np.zeros(EMBEDDING, dtype="<f4"), kms_key_id=key.kek_ref,
        encryption_version=LEGACY_VERSION if settings.NDS.envelope == "legacy" else key.version, **documents,
    )  # fmt: skip
    create_row(brand, reason=reason)
    return brand
