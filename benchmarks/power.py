"""What a study decides that a former one did not: every claim with its interval then and now, and what it took.

    python benchmarks/power.py FORMER/claims.json REPORT/claims.json

Reads `claims.json` of two reports; the former may be from before snapshots, runs and hours were told in it. Prints a
row for each claim and model: the number with its 95 % interval in both, the fewest snapshots that any term of it has,
the fewest runs of any of them (0: no propensity), and hours of one core for all that it rests on, which claims share.
"""

from __future__ import annotations

import argparse
import json
import math
import re
from pathlib import Path
from typing import Any

SIGNS = {"holds": "✓", "does not hold": "✗", "undecided": "?"}


def read(path: Path) -> list[dict[str, Any]]:
    """The claims of a report, in their order."""
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return found


def interval(claim: dict[str, Any] | None, model: str) -> str:
    """What a claim says of a model, up to the first remark, with its verdict."""
    if claim is None or model not in claim["numbers"]:
        return "–"
    number = re.split(r"; (?:raw|$)", claim["numbers"][model])[0]
    sign = SIGNS[claim["verdicts"][model]] if model in claim["verdicts"] else ""
    return f"{number} {sign}".strip()


def took(claim: dict[str, Any], model: str) -> list[str]:
    """Snapshots, runs and hours of the numbers of a model."""
    mine = [one for one in claim["evidence"] if model in re.split(r" less |[ ,]", one["name"])]
    if not mine:
        return ["–"] * 3
    hours = [one["hours"] for one in mine if one["hours"] is not None and math.isfinite(one["hours"])]
    return [
        str(min(one["snapshots"] for one in mine)),
        str(min(one["runs"] for one in mine)),
        f"{max(hours):.2g}" if hours else "–",
    ]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("former", type=Path)
    parser.add_argument("now", type=Path)
    given = parser.parse_args()
    former, now = read(given.former), read(given.now)
    print("| | claim | model | then | now | snapshots | runs | hours |")
    print("|---" * 8 + "|")
    for number, claim in enumerate(now, 1):
        before = next((one for one in former if one["text"] == claim["text"]), None)
        for model in claim["numbers"]:
            cells = [interval(before, model), interval(claim, model), *took(claim, model)]
            print(f"| {number} | {claim['text']} | {model} | {' | '.join(cells)} |")
    for name, claims in (("then", former), ("now", now)):
        verdicts = [one["verdict"] for one in claims]
        print(f"\n{name}: " + ", ".join(f"{verdicts.count(one)} {one}" for one in SIGNS))


if __name__ == "__main__":
    main()
