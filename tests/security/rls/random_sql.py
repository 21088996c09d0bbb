"""Random statements over the contract's tables, from a seed: joins of all kinds, sub-queries, common table expressions,
set operations, windows, aggregates, ways of quoting, comments; and updates and deletes."""

from random import Random

COLUMNS = {
    "tenants": ("tenant_id", "name", "tier", "status"),
    "users": ("user_id", "tenant_id", "role", "email"),
    "skills": ("skill_id", "visibility", "tier", "parent_skill_id"),
    "skill_versions": ("skill_version_id", "skill_id", "status"),
    "generated_content": ("content_id", "tenant_id", "content_type", "guards_failed"),
    "guard_results": ("result_id", "content_id", "guard_id"),
    "published_posts": ("post_id", "tenant_id", "platform", "content_id", "status"),
    "post_analytics": ("analytics_id", "post_id", "tenant_id", "likes", "impressions"),
    "social_accounts": ("account_id", "tenant_id", "platform", "status"),
    "analytics_sync_errors": ("error_id", "post_id", "error_type"),
    "conversions": ("conversion_id", "post_id", "tenant_id", "value"),
    "audit_logs": ("log_id", "tenant_id", "action"),
    "skill_metrics_daily": ("date", "skill_id", "uses"),
    "django_content_type": ("id", "app_label", "model"),
}
LITERALS = (
    "1",
    "5",
    "'linkedin'",
    "'tenant_001'",
    "'tenant_002'",
    "NULL",
    "'global'",
    "-3",
    "2.5",
    "''",
    "x'61'",
    "'owner'",
)
WRITTEN = {
    "tenants": "name",
    "users": "full_name",
    "guard_results": "guard_id",
    "published_posts": "text",
    "post_analytics": "likes",
    "social_accounts": "status",
    "conversions": "value",
    "analytics_sync_errors": "error_message",
}

Columns = list[tuple[str, str]]
"""Alias and column of what a FROM offers."""


class Writer:
    """Writes statements; the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.names = 0

    def statement(self) -> str:
        return self.write() if self.chance(0.3) else self.select(2)

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def name(self) -> str:
        self.names += 1
        return f"a{self.names}"

    def table(self, table: str) -> str:
        ways = (table, table, table, f'"{table}"', f"[{table}]", f"`{table.upper()}`", table.title())
        return self.random.choice(ways)

    def space(self) -> str:
        return self.random.choice((" ", " ", " ", " ", "/**/", " /* main.users */ ", " -- users ) '\n"))

    def source(self, depth: int, taken: Columns, known: dict[str, list[str]]) -> tuple[str, Columns]:
        alias = self.name()
        if depth > 0 and self.chance(0.12):
            inner, columns = self.core(depth - 1, known)
            return f"({inner}){self.space()}AS {alias}", [(alias, column) for column in columns]
        if known and self.chance(0.15):
            name = self.random.choice(sorted(known))
            return f"{name} AS {alias}", [(alias, column) for column in known[name]]
        table = self.random.choice(sorted(COLUMNS))
        if self.chance(0.35) and table not in {used for used, _ in taken}:
            return self.table(table), [(table, column) for column in COLUMNS[table]]
        return f"{self.table(table)}{self.random.choice((' AS ', ' '))}{alias}", [(alias, c) for c in COLUMNS[table]]

    def column(self, columns: Columns) -> str:
        alias, column = self.random.choice(columns)
        return f"{alias}.{self.random.choice((column, f'{chr(34)}{column}{chr(34)}'))}"

    def expression(self, depth: int, columns: Columns, known: dict[str, list[str]]) -> str:
        kind = self.random.random()
        if depth <= 0 or kind < 0.45:
            return self.column(columns)
        if kind < 0.55:
            return self.random.choice(LITERALS)
        if kind < 0.65:
            sign = self.random.choice(("+", "-", "*", "||", "%"))
            return f"({self.expression(depth - 1, columns, known)} {sign} {self.expression(depth - 1, columns, known)})"
        if kind < 0.75:
            test = self.condition(depth - 1, columns, known)
            return f"CASE WHEN {test} THEN {self.expression(depth - 1, columns, known)} ELSE {self.column(columns)} END"
        if kind < 0.88:
            return f"({self.aggregate(depth - 1, columns, known)})"
        return self.random.choice(("length({})", "upper({})", "typeof({})", "ifnull({}, 0)")).format(
            self.column(columns)
        )

    def aggregate(self, depth: int, outer: Columns, known: dict[str, list[str]]) -> str:
        source, columns = self.source(0, [], known)
        function = self.random.choice(("count", "max", "min", "sum"))
        seen = columns + (outer if self.chance(0.5) else [])
        where = self.condition(min(depth, 1), seen, known)
        return f"SELECT {function}({self.column(columns)}) FROM {source} WHERE {where}"

    def condition(self, depth: int, columns: Columns, known: dict[str, list[str]]) -> str:
        kind = self.random.random()
        if depth <= 0 or kind < 0.4:
            sign = self.random.choice(("=", "<", ">", "<>", "IS NOT", "IS", "<="))
            other = self.random.choice((self.random.choice(LITERALS), self.column(columns)))
            return f"{self.column(columns)} {sign} {other}"
        if kind < 0.55:
            word = self.random.choice(("AND", "OR"))
            return f"({self.condition(depth - 1, columns, known)} {word} {self.condition(depth - 1, columns, known)})"
        if kind < 0.6:
            return f"NOT ({self.condition(depth - 1, columns, known)})"
        negated = self.random.choice(("", "NOT "))
        source, inner = self.source(0, [], known)
        if kind < 0.75:
            return f"{self.column(columns)} {negated}IN (SELECT {self.column(inner)} FROM {source})"
        if kind < 0.9:
            return f"{negated}EXISTS (SELECT 1 FROM {source} WHERE {self.condition(depth - 1, inner + columns, known)})"
        return f"{self.column(columns)} {self.random.choice(('IS NULL', chr(76) + 'IKE ' + chr(39) + '%1%' + chr(39)))}"

    def joined(self, depth: int, known: dict[str, list[str]]) -> tuple[str, Columns]:
        text, columns = self.source(depth, [], known)
        for _ in range(self.random.choice((0, 0, 1, 1, 2))):
            more, new = self.source(depth - 1, columns, known)
            if {alias for alias, _ in new} & {alias for alias, _ in columns}:
                continue
            on = f"{self.column(columns)} = {self.column(new)}"
            words = ("JOIN", "LEFT JOIN", "INNER JOIN", "RIGHT JOIN", "FULL JOIN")
            text += self.random.choice((f" {self.random.choice(words)} {more} ON {on}", f" , {more}"))
            columns = columns + new
        return text, columns

    def core(self, depth: int, known: dict[str, list[str]], width: int = 0) -> tuple[str, list[str]]:
        source, columns = self.joined(depth, known)
        where = f"{self.space()}WHERE {self.condition(depth, columns, known)}" if self.chance(0.7) else ""
        width = width or self.random.choice((1, 2, 3))
        tail = ""
        if self.chance(0.2):
            key = self.column(columns)
            results = [key, *(f"count({self.column(columns)})" for _ in range(width - 1))]
            tail = f" GROUP BY {key}" + (" HAVING count(*) > 1" if self.chance(0.3) else "")
        elif self.chance(0.12):
            results = [f"count(*) OVER (PARTITION BY {self.column(columns)})" for _ in range(width)]
        else:
            results = [self.expression(depth, columns, known) for _ in range(width)]
        listed = ", ".join(f"{result} AS c{number}" for number, result in enumerate(results))
        distinct = self.random.choice(("", "", "", "DISTINCT "))
        return f"SELECT {distinct}{listed}{self.space()}FROM {source}{where}{tail}", [f"c{n}" for n in range(width)]

    def select(self, depth: int) -> str:
        known: dict[str, list[str]] = {}
        lead = []
        if self.chance(0.2):
            for _ in range(self.random.choice((1, 2))):
                text, columns = self.core(depth - 1, known)
                name = f"w{self.name()}"
                hint = self.random.choice(("", "MATERIALIZED ", "NOT MATERIALIZED "))
                lead.append(f"{name} AS {hint}({text})")
                known[name] = columns
        text, columns = self.core(depth, known)
        while self.chance(0.15):
            word = self.random.choice(("UNION", "UNION ALL", "INTERSECT", "EXCEPT"))
            text += f" {word} {self.core(1, known, len(columns))[0]}"
        return (f"WITH {self.random.choice(('', 'RECURSIVE '))}{', '.join(lead)} " if lead else "") + text

    def write(self) -> str:
        table = self.random.choice(sorted(WRITTEN))
        columns = [(table, column) for column in COLUMNS[table]]
        where = f"{self.space()}WHERE {self.condition(2, columns, {})}" if self.chance(0.7) else ""
        if self.chance(0.55):
            value = f"coalesce({self.expression(2, columns, {})}, 'z')"
            return f"UPDATE {self.table(table)} SET {WRITTEN[table]} = {value}{where}"
        return f"DELETE FROM {self.table(table)}{where}"
