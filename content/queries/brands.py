"""What names a tenant: read for the leak scan."""

from content.leaks import Material, Terms, terms_of
from content.models import BrandKnowledgeEntry
from security.columns import BrokenJson
from tenants.models import BrandProfile, Tenant, User

DOCUMENTS = ("palette", "typography", "lexicon", "messaging")
EVERYBODYS = frozenset({
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "icloud.com", "me.com",
    "aol.com", "gmx.de", "gmx.net", "web.de", "proton.me", "protonmail.com", "t-online.de", "mail.com", "orange.fr",
})  # fmt: skip
"""Domains of mail that name nobody."""
TELLING = 6  # letters from which the first part of a domain names its tenant alone


class BrandUnreadable(Exception):
    """A document of the brand that does not parse: nobody can say what would be searched."""


def terms_of_tenant(tenant: Tenant) -> Terms:
    """Everything that is searched of a tenant's brand. Four queries.

    Raises:
        BrandUnreadable: names the document.
    """
    profile = BrandProfile.objects.filter(pk=tenant.pk).values(*DOCUMENTS).first() or {}
    if broken := [name for name, document in profile.items() if isinstance(document, BrokenJson)]:
        raise BrandUnreadable(f"{broken[0]} of the brand of {tenant.name} is no document: it has to be mended first.")
    titles = BrandKnowledgeEntry.objects.filter(tenant=tenant).values_list("title", flat=True)
    accounts = list(tenant.socialaccount_set.values_list("account_handle", "account_name"))
    emails = User.objects.filter(tenant=tenant).values_list("email", flat=True)
    domains = {str(email).rpartition("@")[2].lower() for email in emails} - EVERYBODYS
    firsts = sorted(domain.partition(".")[0] for domain in domains)
    return terms_of(
        Material(
            names=[tenant.name, tenant.pk, *(str(name) for _, name in accounts if name)],
            documents=profile,
            titles=[str(title) for title in titles],
            handles=[str(handle) for handle, _ in accounts if handle],
            domains=[*sorted(domains), *(first for first in firsts if len(first) >= TELLING)],
        )
    )
