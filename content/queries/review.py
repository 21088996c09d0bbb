"""Whether a private skill may become everybody's: each rule of domain.md (Skills) with its number.

Consent, K and the leak scan can never be set aside; the other rules can, by two people.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from content.enums import PromotionState, Rule, SkillStatus
from content.kanon import K
from content.leaks import Hit, Terms, Text, TooLong, scan
from content.models import GeneratedContent, Promotion, Skill, SkillEmbedding, SkillVersion
from content.queries.brands import BrandUnreadable, terms_of_tenant
from content.queries.days import of_days
from content.queries.documents import DEEPEST
from content.queries.lineage import Kin, kinship, line_of, owners_above
from content.queries.numbers import numbers
from content.queries.skills import MAX_DEFECTS, MIN_AGE, MIN_USES, WINDOW
from security.columns import BrokenJson
from security.enums import SharingAction
from security.models import SharingEvent
from security.roles import PLATFORM_TENANT
from security.services.rows import tenant_of
from tenants.enums import AccountStatus
from tenants.models import Tenant
from tenants.queries.tenants import agreeing_tenants

ITS_NAME, TOGETHER = " (its name)", " (together)"
PARTS = 20  # members of a document that say something together
DOCUMENTS = {
    "prompt_fragments_json": "prompt fragments",
    "constraints_json": "constraints",
    "toolchain_json": "toolchain",
    "guards_json": "guards",
}


FIRM = frozenset({Rule.STATUS, Rule.CONSENT, Rule.TENANTS, Rule.SCAN})
"""Rules that nobody sets aside."""


@dataclass(frozen=True, slots=True)
class Check:
    """A rule with what was found, what it asks for, and where the number is from."""

    rule: Rule
    is_met: bool
    found: str
    wanted: str
    evidence: str

    @property
    def title(self) -> str:
        return str(self.rule.label)

    @property
    def is_firm(self) -> bool:
        return self.rule in FIRM


@dataclass(frozen=True, slots=True)
class Review:
    """A private skill with its active version, as the rules see it. ``seen`` is the hash of what the version says,
    ``digest`` of that and of what each rule found: what somebody decides about."""

    skill: Skill
    version: SkillVersion | None
    source: Tenant
    checks: list[Check]
    texts: list[Text] = field(default_factory=list)
    hits: list[Hit] = field(default_factory=list)
    reach: int = 0  # tenants that would see it besides its own
    owners: list[str] = field(default_factory=list)  # tenants whose brand was searched: its own, and its ancestors'

    @property
    def unmet(self) -> list[Check]:
        return [check for check in self.checks if not check.is_met]

    @property
    def seen(self) -> str:
        return hash_of([[text.place, text.text] for text in self.texts])

    @property
    def digest(self) -> str:
        found = [[check.rule, check.is_met, check.found] for check in self.checks]
        return hash_of([self.version.pk if self.version else None, self.seen, found])


def hash_of(value: Any) -> str:
    """The SHA-256 of a document."""
    return hashlib.sha256(json.dumps(value, ensure_ascii=True, sort_keys=True).encode()).hexdigest()


def review_of(skill: Skill, today: dt.date, kin: Kin | None = None) -> Review:
    """The rules about ``skill`` now. Thirteen queries, which with ``kin`` do not depend on each other; of a fork of
    somebody else's, five more for each of them.

    Where there is no such tenant any more it does not agree.
    """
    kin = kin or kinship()
    source = _tenant(tenant_of(skill) or "")
    version = active_version(skill)
    of_version = Q(skill_version=version) | Q(skill_version=None)  # tags of old versions stay with its tenant
    tags = list(SkillEmbedding.objects.filter(of_version, skill=skill).values_list("tags", flat=True))
    ancestors = [_tenant(key) for key in owners_above(skill, kin) if key != source.pk]
    problem, texts, hits = "" if version else "It has no active version.", list[Text](), list[Hit]()
    try:
        texts = list(texts_of(skill, version, tags)) if version else []
        hits = leaks_in(texts, map(terms_of_tenant, (source, *ancestors)))
    except (BrandUnreadable, TooLong) as error:
        problem = str(error)
    if broken := [label for name, label in DOCUMENTS.items() if isinstance(getattr(version, name, None), BrokenJson)]:
        problem = f"Its {broken[0]} are no document."
    others = Tenant.objects.filter(status=AccountStatus.ACTIVE).exclude(pk__in=[source.pk, PLATFORM_TENANT])
    people = _by_people(skill, (source, *ancestors), users_of(line_of(skill, kin), today), kin)
    checks = [*_by_numbers(skill, today), *people, _by_scan(hits, texts, problem)]
    owners = [source.pk, *(ancestor.pk for ancestor in ancestors)]
    return Review(skill, version, source, checks, texts, hits, others.count(), owners)


def _tenant(key: str) -> Tenant:
    return Tenant.objects.filter(pk=key).first() or Tenant(pk=key, name=key, status=AccountStatus.DELETED)


def leaks_of(skill: Skill, texts: Iterable[Text]) -> list[Hit]:
    """What ``texts``, which whoever reads ``skill`` would read, tell of the brands behind it.

    Raises:
        BrandUnreadable, TooLong: nobody can say.
    """
    return leaks_in(list(texts), brands_behind(skill))


def leaks_in(texts: Sequence[Text], brands: Iterable[Terms]) -> list[Hit]:
    """What ``texts`` tell of any of ``brands``, each once, brand by brand."""
    return list(dict.fromkeys(hit for terms in brands for hit in scan(texts, terms)))


def brands_behind(skill: Skill) -> list[Terms]:
    """What ``skill`` must not tell of: the brand of its tenant; of one that was promoted, that of its source and of the
    tenants that its source had it from; of any other nobody's, which is prices and addresses alone. Four queries a
    tenant, and two.

    Raises:
        BrandUnreadable: see `terms_of_tenant`.
    """
    own = tenant_of(skill)
    if own is not None:
        return [terms_of_tenant(_tenant(own))]
    approved = Promotion.objects.filter(skill=skill, state=PromotionState.APPROVED).values_list("evidence", flat=True)
    known = {str(key) for rules in approved for rule in rules for key in rule.get("searched", ())}
    promoted = SharingEvent.objects.filter(skill=skill, action=SharingAction.PROMOTE, tenant_id__isnull=False)
    known |= set(promoted.values_list("tenant_id", flat=True))
    return [terms_of_tenant(_tenant(key)) for key in sorted(known)] or [Terms((), ())]


def active_version(skill: Skill) -> SkillVersion | None:
    return SkillVersion.objects.filter(skill=skill, is_active=True).order_by("-version_number").first()


def texts_of(skill: Skill, version: SkillVersion, tags: Iterable[Any] = ()) -> Iterator[Text]:
    """Everything that others would read of a skill and one version of it."""
    for name in ("name", "task", "platform", "modality", "skill_id"):
        yield Text("key" if name == "skill_id" else name, _plain(getattr(skill, name)))
    for name, label in DOCUMENTS.items():
        yield from _texts(label, getattr(version, name))
    yield Text("notes", _plain(version.version_notes))
    for document in tags:
        yield from _texts("tags", document)


def _plain(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value or "")


def _texts(place: str, document: Any, depth: int = 0) -> Iterator[Text]:
    if depth > DEEPEST:
        raise BrandUnreadable(f"{place[:60]}: is nested too deep to be searched.")
    yield from (Text(f"{place}{TOGETHER}", text, is_name=True) for text in _together(document))
    if isinstance(document, dict):
        for key, member in document.items():
            yield Text(f"{place}: {key}{ITS_NAME}", str(key), is_name=True)
            yield from _texts(f"{place}: {key}", member, depth + 1)
    elif isinstance(document, list):
        for number, member in enumerate(document, 1):
            yield from _texts(f"{place} {number}", member, depth + 1)
    elif document is not None:
        yield Text(place, str(document))


def _together(document: Any) -> Iterator[str]:
    """What numbers say that are members of one document: a colour's parts, an amount of a currency."""
    members = list(document.values()) if isinstance(document, dict) else document
    if not isinstance(members, list) or len(members) > PARTS:
        return
    numbers = [member for member in members if type(member) in (int, float)]
    named = [str(name).lower()[:1] for name in document] if isinstance(document, dict) else list("rgb")
    if len(numbers) == len(members) in (3, 4) and named[:3] == list("rgb"):
        yield ", ".join(str(number) for number in numbers[:3])
    if isinstance(document, dict):
        currency = next((str(value) for name, value in document.items() if "currency" in str(name).lower()), "")
        yield from (f"{number} {currency}" for number in numbers if currency)


def _by_numbers(skill: Skill, today: dt.date) -> Iterator[Check]:
    known = numbers(today, [skill.pk]).get(skill.pk)
    uses, defects = (known.uses, known.defect_rate) if known else (0, None)
    days = f"the {WINDOW} days up to {today:%-d %b %Y}, weighted by uses"
    yield Check(Rule.USES, uses >= MIN_USES, f"{uses:,}", f"at least {MIN_USES:,} uses", days)
    found = "unknown" if defects is None else f"{defects:.2%}"
    is_sound = defects is not None and defects < MAX_DEFECTS
    yield Check(Rule.DEFECTS, is_sound, found, f"under {MAX_DEFECTS:.0%}", days)
    created = skill.created_at
    age = (today - created.date()).days if isinstance(created, dt.datetime) else None
    since = f"made {created:%-d %b %Y}" if isinstance(created, dt.datetime) else "when it was made is not known"
    yield Check(
        Rule.AGE, age is not None and age >= MIN_AGE, "unknown" if age is None else f"{age:,} days",
        f"at least {MIN_AGE} days", since,
    )  # fmt: skip


def _by_people(skill: Skill, owners: Sequence[Tenant], tenants: int, kin: Kin) -> Iterator[Check]:
    in_use = skill.status not in {SkillStatus.RETIRED, SkillStatus.FAILING}
    yield Check(Rule.STATUS, in_use, str(skill.status), "neither retired nor failing", "the status of the skill")
    agreeing = set(agreeing_tenants().filter(pk__in=[owner.pk for owner in owners]).values_list("pk", flat=True))
    refusing = [owner.name for owner in owners if owner.pk not in agreeing]
    yield Check(
        Rule.CONSENT, not refusing, "no" if refusing else "yes", "consent to sharing skills",
        f"the settings of {', '.join(refusing or [owner.name for owner in owners])}",
    )  # fmt: skip
    number = len(line_of(skill, kin)) - 1
    relatives = f"{number} relatives" if number != 1 else "one relative"
    yield Check(
        Rule.TENANTS, tenants >= K, f"{tenants}", f"at least {K} tenants",
        f"who used it or {relatives} in {WINDOW} days",
    )  # fmt: skip


def users_of(skills: list[str], today: dt.date) -> int:
    """How many tenants used one of ``skills`` within `WINDOW` days. One query, by the index over time."""
    rows = of_days(GeneratedContent, today - dt.timedelta(days=WINDOW - 1), today).filter(skill__in=skills)
    return rows.exclude(tenant=PLATFORM_TENANT).order_by().values("tenant").distinct().count()


def _by_scan(hits: list[Hit], texts: list[Text], problem: str) -> Check:
    letters = sum(len(text.text) for text in texts)
    return Check(
        Rule.SCAN, not hits and not problem, problem or f"{len(hits)} hits", "no hit",
        f"{letters:,} characters in {len(texts)} places were searched",
    )  # fmt: skip
