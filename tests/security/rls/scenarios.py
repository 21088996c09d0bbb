"""What the ORM and people write, as functions of a database's alias: each gives something to compare."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import connections
from django.db.models import (
    Avg,
    Case,
    Count,
    Exists,
    F,
    FilteredRelation,
    Max,
    Min,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    Sum,
    TextField,
    Value,
    When,
    Window,
)  # fmt: skip
from django.db.models.functions import Coalesce, Concat, Length, Rank, RowNumber, Upper

from analytics.models import AnalyticsSyncError, Conversion, PostAnalytics, TenantMetricsDaily
from content.models import (
    BrandKnowledgeEntry,
    ContentTemplate,
    GeneratedContent,
    GuardResult,
    RevisionEvent,
    Skill,
    SkillMetricsDaily,
    SkillVersion,
)  # fmt: skip
from publishing.models import PublishedPost, SocialAccount
from security.contract import contract_tables
from security.models import AuditLog, SharingEvent, TenantKey
from tenants.models import BrandProfile, Preference, Tenant, User
from tests.security.rls.world import CLOSED

Scenario = Callable[[str], Any]
MODELS = [model for model in contract_tables() if model._meta.db_table not in CLOSED]


def keys(model: Any) -> list[str]:
    return [field.attname for field in getattr(model._meta, "pk_fields", None) or [model._meta.pk]]


def text_column(model: Any) -> str:
    """A column that neither a key nor a policy stands on."""
    fixed = {"visibility", "role", *keys(model)}
    names = [f for f in model._meta.concrete_fields if not f.is_relation and f.name not in fixed]
    return names[-1].name


def generic() -> dict[str, Scenario]:
    """Five reads of each table."""
    found: dict[str, Scenario] = {}
    for model in MODELS:
        table, key = model._meta.db_table, keys(model)
        relations = [f.name for f in model._meta.concrete_fields if f.is_relation and f.name != "pk"]

        def of(db: str, model: Any = model) -> Any:
            return model._base_manager.using(db)

        found[f"all {table}"] = lambda db, of=of, key=key: list(of(db).order_by(*key).values_list(*key))
        found[f"columns {table}"] = lambda db, of=of, key=key: [
            [f.value_from_object(row) for f in row._meta.concrete_fields if f.attname != "pk"]
            for row in of(db).order_by(*key)
        ]
        found[f"count {table}"] = lambda db, of=of: [of(db).count(), of(db).exists()]
        found[f"ends {table}"] = lambda db, of=of, key=key: of(db).aggregate(
            a=Min(key[0]), b=Max(key[-1]), n=Count("*")
        )
        found[f"joined {table}"] = lambda db, of=of, key=key, relations=relations: [
            [str(getattr(row, name)) if getattr(row, f"{name}_id") else None for name in relations]
            for row in of(db).select_related(*relations).order_by(*key)[:80]
        ]
    return found


def sql(db: str, text: str, params: Any = None) -> Any:
    """Rows, or how many were changed."""
    with connections[db].cursor() as cursor:
        cursor.execute(text, params)
        return [list(row) for row in cursor.fetchall()] if cursor.description else cursor.rowcount


def objects(model: Any) -> Callable[[str], Any]:
    return lambda db: model._base_manager.using(db)


content, guard, post, numbers = map(objects, (GeneratedContent, GuardResult, PublishedPost, PostAnalytics))
skill, version, daily, person = map(objects, (Skill, SkillVersion, SkillMetricsDaily, User))
tenant, account, entry, brand = map(objects, (Tenant, SocialAccount, AuditLog, BrandProfile))
template, sync_error, key_of, event = map(objects, (ContentTemplate, AnalyticsSyncError, TenantKey, SharingEvent))

ORM: dict[str, Scenario] = {
    "filter and order": lambda db: list(content(db).filter(content_type="text+image").order_by("-created_at", "pk").values_list("pk")),
    "exclude": lambda db: list(content(db).exclude(content_type="text+image").order_by("pk").values_list("pk")),
    "q": lambda db: list(post(db).filter(Q(platform="linkedin") | ~Q(status="published") & Q(account__isnull=False)).order_by("pk").values_list("pk")),
    "exclude over a join": lambda db: list(post(db).exclude(postanalytics__impressions__gt=100).order_by("pk").values_list("pk")),
    "deep select_related": lambda db: [(p.pk, p.content and p.content.skill and p.content.skill.name, p.account and p.account.status, p.tenant.name) for p in post(db).select_related("content__skill", "account", "tenant").order_by("pk")],
    "prefetch": lambda db: [(p.pk, sorted(n.pk for n in p.postanalytics_set.all())) for p in post(db).prefetch_related("postanalytics_set").order_by("pk")],
    "prefetch to a list": lambda db: [(p.pk, sorted(n.pk for n in p.some)) for p in post(db).prefetch_related(Prefetch("postanalytics_set", numbers(db).filter(likes__gt=5), to_attr="some")).order_by("pk")],
    "prefetch over a long list": lambda db: sum(len(p.conversion_set.all()) for p in post(db).prefetch_related("conversion_set")),
    "annotate": lambda db: list(post(db).annotate(n=Count("postanalytics"), few=Count("postanalytics", filter=Q(postanalytics__likes__lt=3))).order_by("pk").values_list("pk", "n", "few")),
    "aggregate": lambda db: numbers(db).aggregate(a=Sum("likes"), b=Avg("impressions"), c=Count("*"), d=Max("post__pk"), e=Count("platform", distinct=True)),
    "group": lambda db: list(content(db).values("content_type").annotate(n=Count("*")).order_by("content_type").values_list("content_type", "n")),
    "having": lambda db: list(person(db).values("role").annotate(n=Count("pk")).filter(n__gt=0).order_by("role").values_list("role", "n")),
    "subquery": lambda db: list(post(db).annotate(last=Subquery(numbers(db).filter(post=OuterRef("pk")).order_by("-synced_at", "-pk").values("likes")[:1])).order_by("pk").values_list("pk", "last")),
    "exists": lambda db: list(content(db).filter(Exists(guard(db).filter(content=OuterRef("pk"), passed=False))).order_by("pk").values_list("pk")),
    "not exists": lambda db: list(content(db).filter(~Exists(post(db).filter(content=OuterRef("pk")))).order_by("pk").values_list("pk")),
    "in a subquery": lambda db: guard(db).filter(content__in=content(db).filter(guards_failed__gt=0)).count(),
    "in a long list": lambda db: content(db).filter(pk__in=list(content(db).values_list("pk", flat=True)) * 2).count(),
    "union": lambda db: sorted(post(db).filter(platform="linkedin").values_list("pk").union(post(db).filter(status="failed").values_list("pk"))),
    "union of tables": lambda db: len(list(content(db).values_list("pk").union(post(db).values_list("pk"), all=True))),
    "intersection": lambda db: sorted(post(db).values_list("content_id").intersection(content(db).values_list("pk"))),
    "difference": lambda db: sorted(content(db).values_list("pk").difference(post(db).values_list("content_id"))),
    "distinct": lambda db: sorted(post(db).values_list("platform", flat=True).distinct()),
    "distinct over a join": lambda db: sorted(p.pk for p in post(db).filter(postanalytics__impressions__gt=10).distinct()),
    "distinct and outer join": lambda db: sorted(map(str, post(db).values_list("account__status", "content__content_type").distinct())),
    "window": lambda db: list(post(db).annotate(r=Window(RowNumber(), partition_by=[F("platform")], order_by=[F("published_at").desc(), F("pk").asc()])).order_by("pk").values_list("pk", "r")),
    "window and filter": lambda db: list(post(db).annotate(r=Window(Rank(), partition_by=[F("platform")], order_by=[F("pk").asc()])).filter(r__lte=2).order_by("pk").values_list("pk", "r")),
    "running sum": lambda db: list(numbers(db).annotate(s=Window(Sum("likes"), order_by=[F("synced_at").asc(), F("pk").asc()])).order_by("pk").values_list("pk", "s")),
    "in_bulk": lambda db: sorted(content(db).in_bulk(list(content(db).values_list("pk", flat=True)))),
    "iterator": lambda db: sum(1 for _ in guard(db).order_by("pk").iterator(chunk_size=7)),
    "first and last": lambda db: [getattr(post(db).order_by("published_at", "pk").first(), "pk", None), getattr(post(db).order_by("pk").last(), "pk", None)],
    "a page": lambda db: list(entry(db).order_by("-timestamp", "-pk")[5:15].values_list("pk")),
    "by day": lambda db: list(content(db).values("created_at__date").annotate(n=Count("*")).order_by("created_at__date").values_list("created_at__date", "n")),
    "case": lambda db: list(numbers(db).annotate(k=Case(When(likes__gt=5, then=Value("many")), default=Value("few"))).order_by("pk").values_list("pk", "k")),
    "self join": lambda db: list(skill(db).filter(parent_skill__isnull=False).order_by("pk").values_list("pk", "parent_skill__name", "parent_skill__visibility")),
    "reverse null": lambda db: list(content(db).filter(publishedpost__isnull=True).order_by("pk").values_list("pk")),
    "skills and versions": lambda db: list(version(db).select_related("skill").order_by("pk").values_list("pk", "skill__name", "skill__visibility")),
    "days of private skills": lambda db: list(daily(db).order_by("date", "skill_id", "context_hash").values_list("skill__name", "uses")),
    "audit without tenant": lambda db: entry(db).filter(tenant__isnull=True).count(),
    "filtered relation": lambda db: list(post(db).annotate(n=FilteredRelation("postanalytics", condition=Q(postanalytics__likes__gt=3))).filter(n__impressions__gt=1).order_by("n__pk").values_list("pk", "n__likes")),
    "raw manager": lambda db: [p.pk for p in PublishedPost.objects.db_manager(db).raw("SELECT * FROM published_posts WHERE platform = %s ORDER BY post_id", ["linkedin"])],
    "raw manager, named": lambda db: [p.pk for p in PublishedPost.objects.db_manager(db).raw("SELECT * FROM published_posts WHERE platform = %(p)s OR status = %(p)s ORDER BY post_id", {"p": "linkedin"})],
    "functions": lambda db: list(person(db).annotate(u=Upper("full_name"), n=Length("email"), c=Concat("email", Value("!"))).order_by("pk").values_list("u", "n", "c")),
    "icontains": lambda db: list(content(db).filter(pk__icontains="a").order_by("pk").values_list("pk")),
    "a long pattern": lambda db: tenant(db).filter(name__icontains="Next Day Steel, and a name that is longer than fifty bytes").count(),
    "a long pattern that is there": lambda db: post(db).annotate(t=Concat(Value("x" * 60), "platform", output_field=TextField())).filter(t__icontains="X" * 60 + "link").count(),
    "explain": lambda db: bool(post(db).filter(platform="linkedin").explain()),
    "shared content types": lambda db: bool(sql(db, "SELECT COUNT(*) FROM django_content_type")),
    "many ors": lambda db: content(db).filter(Q(*[("content_type", s) for s in ("a", "b", "text+image")], _connector="OR")).count(),
    "over a hundred parameters": lambda db: sql(db, "SELECT " + " || ".join(["%s"] * 20) + " FROM users WHERE email NOT IN (" + ", ".join(["%s"] * 150) + ") ORDER BY 1", [*"abcdefghijklmnopqrst", *map(str, range(150))]),
    "coalesce": lambda db: list(account(db).annotate(x=Coalesce("status", Value("none"))).order_by("pk").values_list("x")),
    "brand": lambda db: [b.tenant.name for b in brand(db).select_related("tenant")],
    "dates": lambda db: list(content(db).values_list("created_at__date").distinct().order_by("created_at__date")),
}  # fmt: skip

RAW: dict[str, str] = {
    "sums": "SELECT COUNT(*), SUM(likes) FROM post_analytics",
    "ways of quoting": "SELECT [post_id] FROM `Published_Posts` AS \"P\" WHERE \"P\".[platform] = 'linkedin' ORDER BY 1",
    "comments": "SELECT /* main.users */ user_id FROM/**/users--c\n ORDER BY user_id",
    "with": "WITH x AS (SELECT * FROM published_posts), y(k) AS (SELECT post_id FROM post_analytics) SELECT COUNT(*) FROM x JOIN y ON y.k = x.post_id",
    "recursion": "WITH RECURSIVE m(id, d) AS (SELECT skill_id, 0 FROM skills WHERE parent_skill_id IS NULL UNION ALL SELECT s.skill_id, d + 1 FROM skills s JOIN m ON s.parent_skill_id = m.id WHERE d < 5) SELECT id, MIN(d) FROM m GROUP BY id ORDER BY 1",
    "recursion over numbers": "WITH RECURSIVE c(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM c WHERE n < 5) SELECT n, (SELECT COUNT(*) FROM post_analytics WHERE likes = n) FROM c",
    "self join": "SELECT a.user_id, b.user_id FROM users a, users b WHERE a.user_id < b.user_id AND a.role = b.role ORDER BY 1, 2",
    "left joins": "SELECT c.content_id, COUNT(g.result_id), p.platform FROM generated_content c LEFT JOIN guard_results g ON g.content_id = c.content_id LEFT JOIN published_posts p ON p.content_id = c.content_id GROUP BY 1, 3 ORDER BY 1, 3",
    "full join": "SELECT c.content_id, p.post_id FROM generated_content c FULL JOIN published_posts p ON p.content_id = c.content_id ORDER BY 1, 2",
    "right join": "SELECT c.content_id, p.post_id FROM generated_content c RIGHT JOIN published_posts p ON p.content_id = c.content_id ORDER BY 1, 2",
    "a string for a name": "SELECT COUNT(*) FROM 'generated_content'",
    "natural join": "SELECT COUNT(*) FROM generated_content NATURAL JOIN published_posts",
    "using": "SELECT COUNT(*) FROM post_analytics JOIN published_posts USING (post_id)",
    "having with a subquery": "SELECT platform, COUNT(*) FROM post_analytics GROUP BY 1 HAVING MAX(likes) > (SELECT AVG(likes) FROM post_analytics) ORDER BY 1",
    "values": "VALUES (1, (SELECT COUNT(*) FROM users)), (2, (SELECT MAX(skill_id) FROM skills))",
    "json": "SELECT json_group_array(skill_id) FROM (SELECT skill_id FROM skills ORDER BY skill_id)",
    "json_each": "SELECT u.role FROM json_each('[\"owner\",\"admin\"]') j JOIN users u ON u.role = j.value ORDER BY 1",
    "the table's name before a column": "SELECT users.user_id, users.tenant_id FROM users ORDER BY users.user_id LIMIT 3",
    "a tenant of one's own making": "SELECT COUNT(*) FROM (SELECT 'zz' AS tenant_id, user_id FROM users) WHERE tenant_id = 'zz'",
    "explain": "EXPLAIN QUERY PLAN SELECT 1",
    "a named window": "SELECT user_id, ROW_NUMBER() OVER w FROM users WINDOW w AS (ORDER BY user_id) ORDER BY 1",
    "except": "SELECT COUNT(*) FROM (SELECT DISTINCT content_type FROM generated_content EXCEPT SELECT 'text+image')",
    "nested": "SELECT COUNT(*) FROM guard_results r WHERE EXISTS (SELECT 1 FROM generated_content h WHERE h.content_id = r.content_id AND EXISTS (SELECT 1 FROM published_posts p WHERE p.content_id = h.content_id))",
    "in a table": "SELECT 'tenant_001' IN (SELECT tenant_id FROM tenants)",
    "row values": "SELECT COUNT(*) FROM users WHERE (tenant_id, role) = (SELECT tenant_id, 'owner' FROM tenants)",
    "rate limits": "SELECT tenant_id, platform, window_start FROM rate_limits ORDER BY 1, 2, 3",
    "filter clause": "SELECT COUNT(*) FILTER (WHERE status = 'active') FROM social_accounts",
    "case": "SELECT CASE WHEN EXISTS (SELECT 1 FROM conversions) THEN 1 ELSE 0 END",
    "limit by a query": "SELECT user_id FROM users ORDER BY 1 LIMIT (SELECT COUNT(*) / 2 FROM users)",
    "cross join": "SELECT COUNT(*) FROM tenants CROSS JOIN brand_profiles",
    "indexed by": "SELECT COUNT(*) FROM (SELECT * FROM post_analytics ORDER BY likes)",
    "group_concat": "SELECT group_concat(role) FROM (SELECT role FROM users ORDER BY role)",
    "materialized": "WITH x AS MATERIALIZED (SELECT tenant_id FROM users) SELECT COUNT(*) FROM x JOIN tenants USING (tenant_id)",
    "union of everything": "SELECT tenant_id FROM users UNION SELECT tenant_id FROM tenants UNION SELECT tenant_id FROM audit_logs ORDER BY 1",
    "audit": "SELECT action, COUNT(*) FROM audit_logs GROUP BY 1 ORDER BY 1",
}  # fmt: skip


def own(db: str) -> str:
    found = tenant(db).values_list("pk", flat=True)
    return str(found[0])


def saved(db: str) -> Any:
    row = template(db).order_by("pk").first()
    row.name = "saved"
    row.save()
    row.refresh_from_db()
    return row.pk, row.name


def bulk_updated(db: str) -> Any:
    rows = list(post(db).order_by("pk")[:40])
    for number, row in enumerate(rows):
        row.text = f"text {number}"
    return post(db).bulk_update(rows, ["text"], batch_size=7)


def bulk_created(db: str) -> Any:
    to = post(db).order_by("pk").first()
    rows = [
        Conversion(conversion_id=f"new {n}", post=to, tenant_id=own(db), event_type="lead", value=n) for n in range(150)
    ]
    return len(Conversion.objects.using(db).bulk_create(rows))


def upserted(db: str) -> Any:
    rows = [
        TenantMetricsDaily(tenant_id=own(db), date=dt.date(2026, 1, day), platform="linkedin", posts=day)
        for day in (1, 2)
    ]
    for _ in range(2):
        TenantMetricsDaily.objects.using(db).bulk_create(
            rows, update_conflicts=True, unique_fields=["tenant", "date", "platform"], update_fields=["posts"]
        )
    return TenantMetricsDaily.objects.using(db).filter(date__lt=dt.date(2026, 1, 5)).count()


WRITES: dict[str, Scenario] = {
    "create": lambda db: BrandKnowledgeEntry.objects.using(db).create(entry_id="k", tenant_id=own(db), title="t", content="c", category="faq").pk,
    "create a child": lambda db: GuardResult.objects.using(db).create(result_id="r", content=content(db).order_by("pk").first(), guard_id="contrast", passed=True, created_at=dt.datetime(2026, 11, 22, tzinfo=dt.UTC)).pk,
    "create a private skill": lambda db: Skill.objects.using(db).create(skill_id="s", name="mine", visibility=f"tenant:{own(db)}", version=1, layout={}, prompt_fragments={}, constraints={}, toolchain={}, guards=[]).pk,
    "save": saved,
    "save one column": lambda db: template(db).order_by("pk").first().save(update_fields=["name"]),
    "bulk_update": bulk_updated,
    "bulk_create": bulk_created,
    "upsert": upserted,
    "upsert, ignoring": lambda db: len(BrandProfile.objects.using(db).bulk_create([brand(db).first()], ignore_conflicts=True)),
    "update by itself": lambda db: numbers(db).update(likes=F("likes") * 2 + 1),
    "update with filter": lambda db: post(db).filter(platform="linkedin").update(text="k"),
    "update over a join": lambda db: numbers(db).filter(post__platform="linkedin").update(likes=0),
    "update by a subquery": lambda db: post(db).filter(pk__in=numbers(db).values("post")).update(text=Coalesce(Subquery(numbers(db).filter(post=OuterRef("pk")).order_by("pk").values("platform")[:1]), Value("none"))),
    "update by a case": lambda db: account(db).update(status=Case(When(platform="linkedin", then=Value("error")), default=F("status"), output_field=TextField())),
    "update the tenant": lambda db: tenant(db).update(name="x"),
    "update_or_create": lambda db: [TenantMetricsDaily.objects.using(db).update_or_create(tenant_id=own(db), date=dt.date(2026, 1, 9), platform="twitter", defaults={"posts": n})[1] for n in (1, 2)],
    "get_or_create": lambda db: [Preference.objects.using(db).get_or_create(user=person(db).order_by("pk").first(), name="x", defaults={"value": 1, "updated_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)})[1] for _ in range(2)],
    "delete one": lambda db: RevisionEvent.objects.using(db).order_by("pk").first().delete()[0],
    "delete some": lambda db: RevisionEvent.objects.using(db).all().delete()[0],
    "delete over a join": lambda db: guard(db).filter(content__content_type="text+image").delete()[0],
    "delete preferences": lambda db: Preference.objects.using(db).filter(user__role="owner").delete()[0],
    "raw update": lambda db: sql(db, "UPDATE published_posts SET text = 'r' WHERE platform = %s", ["linkedin"]),
    "raw update of all": lambda db: sql(db, "UPDATE published_posts SET text = 'r'"),
    "raw update with or": lambda db: sql(db, "UPDATE published_posts SET text = 'r' WHERE 1 = 1 OR tenant_id <> 'x'"),
    "raw update with alias": lambda db: sql(db, "UPDATE published_posts AS p SET text = p.platform || '!' WHERE p.platform = 'linkedin' RETURNING platform"),
    "raw update from": lambda db: sql(db, "UPDATE post_analytics SET likes = length(p.platform) FROM published_posts p WHERE p.post_id = post_analytics.post_id"),
    "raw update from itself": lambda db: sql(db, "UPDATE post_analytics SET likes = x.s FROM (SELECT platform AS a, SUM(likes) AS s FROM post_analytics GROUP BY 1) x WHERE x.a = platform"),
    "raw update behind with": lambda db: sql(db, "WITH top AS (SELECT post_id FROM published_posts ORDER BY post_id LIMIT 3) UPDATE published_posts SET text = 'top' WHERE post_id IN top RETURNING text"),
    "raw update of a row": lambda db: sql(db, "UPDATE published_posts SET (text, hashtags) = (SELECT name, '[]' FROM tenants LIMIT 1) WHERE content_id IN (SELECT content_id FROM guard_results)"),
    "raw update of the tenant to itself": lambda db: sql(db, "UPDATE published_posts SET tenant_id = %s, text = 'w'", [own(db)]),
    "raw delete": lambda db: sql(db, "DELETE FROM guard_results"),
    "raw delete returning": lambda db: len(sql(db, "DELETE FROM guard_results WHERE pass OR 1 RETURNING result_id")),
    "raw delete with alias": lambda db: sql(db, "DELETE FROM guard_results AS z WHERE z.content_id IN (SELECT content_id FROM generated_content WHERE content_type = 'text+image')"),
    "raw insert": lambda db: sql(db, "INSERT INTO users (user_id, tenant_id, email, password_hash) VALUES ('a', %s, 'a@x', '$'), ('b', %s, 'b@x', '$')", [own(db)] * 2),
    "raw insert, named": lambda db: sql(db, "INSERT INTO users (user_id, tenant_id, email, password_hash) VALUES (%(a)s, %(t)s, %(a)s, '$') RETURNING email, (SELECT COUNT(*) FROM tenants)", {"a": "x", "t": own(db)}),
    "raw insert from a query": lambda db: sql(db, "INSERT INTO guard_results (result_id, content_id, guard_id, pass) SELECT 'new ' || content_id, content_id, 'contrast', 1 FROM generated_content ORDER BY content_id LIMIT 7"),
    "raw insert behind with": lambda db: sql(db, "WITH x AS (SELECT * FROM generated_content) INSERT INTO guard_results (result_id, content_id, guard_id, pass) SELECT 'new ' || content_id, content_id, 'contrast', 1 FROM x RETURNING guard_id"),
    "raw insert with inside": lambda db: sql(db, "INSERT INTO guard_results (result_id, content_id, guard_id, pass) WITH x AS (SELECT * FROM generated_content) SELECT 'new ' || content_id, content_id, 'contrast', 1 FROM x"),
    "raw upsert": lambda db: sql(db, "INSERT INTO tenants (tenant_id, name, region, kms_key_id) VALUES (%s, 'up', 'eu-west', 'k') ON CONFLICT (tenant_id) DO UPDATE SET name = excluded.name || tenants.name WHERE tenants.name <> '' RETURNING name", [own(db)]),
    "raw upsert of the tenant": lambda db: sql(db, "INSERT INTO tenants (tenant_id, name, region, kms_key_id) VALUES (%s, 'up', 'eu-west', 'k') ON CONFLICT (tenant_id) DO UPDATE SET name = 'n', tenant_id = excluded.tenant_id", [own(db)]),
    "raw insert or ignore": lambda db: sql(db, "INSERT OR IGNORE INTO tenants (tenant_id, name, region, kms_key_id) VALUES (%s, 'q', 'eu-west', 'k')", [own(db)]),
    "executemany": lambda db: many(db, "UPDATE users SET full_name = %s WHERE email LIKE %s", [("a", "owner%"), ("b", "member%")]),
}  # fmt: skip


def many(db: str, text: str, rows: list[Any]) -> int:
    with connections[db].cursor() as cursor:
        cursor.executemany(text, rows)
        return int(cursor.rowcount)


def generic_writes() -> dict[str, Scenario]:
    """Every column of every row set to itself, and every row deleted."""
    found: dict[str, Scenario] = {}
    for model in MODELS:
        if model._meta.db_table in {"audit_logs", "sharing_events"}:
            continue  # append-only in a tenant's scope: tested by themselves
        if model._meta.db_table in {"skills", "skill_versions", "skill_embeddings"}:
            continue  # a tenant reads the global ones and writes its own: tested by themselves
        name = text_column(model)
        found[f"touch {model._meta.db_table}"] = lambda db, m=model, name=name: m._base_manager.using(db).update(
            **{name: F(name)}
        )
        found[f"empty {model._meta.db_table}"] = lambda db, m=model: m._base_manager.using(db).all()._raw_delete(db)
    return found
