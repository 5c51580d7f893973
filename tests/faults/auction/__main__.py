"""`make faults`: `python -m tests.faults.auction [--short] [words of a fault …]`; ends with 1 on any violation."""

import argparse
import sys
from datetime import date


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--short", action="store_true", help="the cheap cases, and one more that changes by the day")
    asked.add_argument("words", nargs="*", help="only faults whose names hold one of these")
    options = asked.parse_args()
    from tests.crowd.house import house

    with house() as ours:
        return run(ours, short=options.short, words=options.words)


def run(ours, *, short: bool, words: list[str]) -> int:
    from tests.faults.auction import cases, report
    from tests.faults.auction.scene import Stage, play

    stage, found = Stage(ours), []
    wanted = cases.of_the_day(date.today()) if short else cases.named(words)  # noqa: DTZ011  # a turn, not a time
    try:
        for case in wanted:
            found.append(play(stage, case))
            print(report.row(found[-1]), flush=True)
            for problem in found[-1].verdict.problems[:10]:
                print(f"  {problem}", flush=True)
    finally:
        stage.leave()
    text = "\n".join(report.lines(found))
    path = report.PATH_OF_SOME if short or words else report.PATH
    path.write_text(text + "\n", encoding="utf-8")
    print(f"\n{text}", flush=True)
    return 0 if report.is_clean(found) else 1


if __name__ == "__main__":
    sys.exit(main())
