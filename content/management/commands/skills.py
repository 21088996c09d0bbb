from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from content.services.periods import publish_skills
from content.services.promotion import review_skills
from content.services.skills import retire_at_once
from security.columns import now
from security.scope import platform_scope


class Command(BaseCommand):
    help = "The clock's work on skills. Run both daily, behind roll_up; what is done already is left alone."

    def add_arguments(self, parser: CommandParser) -> None:
        does = parser.add_subparsers(dest="do", required=True)
        does.add_parser("publish", help="publish the numbers of complete weeks and months")
        does.add_parser("review", help="propose what meets every rule of promotion, retire what is mostly defects")

    def handle(self, *args: Any, **options: Any) -> None:
        told = self._publish() if options["do"] == "publish" else self._review()
        for line in told or ["There is nothing to do."]:
            self.stdout.write(line)

    @platform_scope(reason="Publish the numbers of complete periods", command="skills")
    def _publish(self) -> list[str]:
        return [
            f"{period.kind} of {period.first}: {period.shown} skills shown, {period.hidden} hidden"
            for period in publish_skills(now().date())
        ]

    @platform_scope(reason="The daily review of skills", command="skills")
    def _review(self) -> list[str]:
        today = now().date()
        proposed = [f"{promotion.skill.name}: proposed for everybody" for promotion in review_skills(today)]
        return [*proposed, *(f"{one.skill.name}: retired, {one.why}" for one in retire_at_once(today))]
