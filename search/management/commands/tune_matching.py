"""manage.py tune_matching: learn the weights of matches from answers, and take them only if they win."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from marketplace.core.refusals import Refused
from marketplace.organisations.models import User
from search import judging, tuning, weights
from search.tuning import Judged, Verdict, Weighting

FEWEST = 12  # needs with both answers; half of them judge, and six of six is the least that wins


class Command(BaseCommand):
    help = (
        "Learns weights on half of the judged needs by coordinate ascent and compares them with those in force on the "
        "other half. Nothing is stored without --write, and nothing that does not win."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--pairs", type=Path, help="judged pairs, one JSON object a line, beside the answers")
        parser.add_argument("--write", action="store_true", help="put the weights in force if they win")
        parser.add_argument("--revert", action="store_true", help="take the weights in force back")
        parser.add_argument("--by", help="user name of whoever answers for it, for --write and --revert")

    def handle(self, *args: Any, **options: Any) -> None:
        by = self._answering(options) if options["write"] or options["revert"] else None
        try:
            if by is not None and options["revert"]:
                taken = weights.revert(by=by)
                self.stdout.write(f"{taken.version} is taken back; in force: {weights.current().version}")
                return
            self._tune(self._pairs(options["pairs"]), by)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal

    def _answering(self, options: dict[str, Any]) -> User:
        user = User.objects.filter(username=options["by"] or "", is_active=True).first()
        if user is None or not user.reads_everything or user.changes_nothing:
            raise CommandError("Say with --by which officer answers for it.")
        return user

    def _pairs(self, path: Path | None) -> list[Judged]:
        pairs = judging.answered()
        if path is not None:
            try:
                pairs += judging.read(path)
            except (OSError, UnicodeDecodeError, judging.BadLines) as error:
                raise CommandError(str(error)) from error
        return pairs

    def _tune(self, pairs: list[Judged], by: User | None) -> None:
        needs = tuning.by_need(pairs)
        self.stdout.write(f"{len(pairs)} judged pairs; {len(needs)} needs with both answers")
        if len(needs) < FEWEST:
            raise CommandError(f"Too few to learn from: at least {FEWEST} needs with both answers.")
        learnt, held = tuning.split(needs)
        now = weights.current()
        measured = {feature for pair in pairs for feature in pair.values}
        old = {**dict.fromkeys(sorted(measured - now.by_feature.keys()), 0.0), **now.by_feature}
        new = tuning.ascend(learnt, old)
        verdict = tuning.compare(held, old, new)
        self._tell(now.version, old, new, verdict)
        if not verdict.wins:
            raise CommandError("The new weights do not win; those in force stay.")
        if by is None:
            self.stdout.write("They win. Nothing is stored without --write.")
            return
        self.stdout.write(f"In force: {weights.put_in_force(new, verdict, by=by).version}")

    def _tell(self, version: str, old: Weighting, new: Weighting, verdict: Verdict) -> None:
        self.stdout.write(f"weights, from {version}:")
        for feature, weight in new.items():
            self.stdout.write(f"  {feature.value:<10} {old[feature]:.3f} → {weight:.3f}")
        self.stdout.write(
            f"on {verdict.needs} needs not learnt from: {verdict.won} won, {verdict.lost} lost, {verdict.tied} tied; "
            f"nDCG@10 {verdict.before:.4f} → {verdict.after:.4f}; sign test p = {verdict.chance:.4f}"
        )
