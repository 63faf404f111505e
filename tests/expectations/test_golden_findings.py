"""What the five real documents are asked about: no STOPP, and exactly the findings of the table.

The table was read against the documents by hand. Run as a script, this file prints it anew; every
changed row has to be looked up in its document first.
"""

import csv
import sys
from datetime import date
from pathlib import Path

from expectations.judging import judge
from expectations.register_files import load_city
from tasks.read import read_original

TABLE = Path(__file__).with_name("golden_findings.csv")
RUNS = (("goteborg", "2024-08", date(2024, 9, 25)), ("malmo", None, date(2026, 4, 1)))


def found_in(documents):
    rows = []
    for city_id, round_id, today in RUNS:
        city = load_city(city_id)
        readings = [
            read_original(path.read_bytes(), name=path.name, city=city)
            for path in sorted(documents.glob(f"{city_id}-*.txt"))
        ]
        round_ = city.round(round_id) if round_id else None
        for verdict in judge(readings, city=city, round=round_, today=today):
            rows += [
                (
                    f.document_name,
                    f.severity,
                    f.rule,
                    str(f.place.line if f.place else ""),
                    f.message,
                )
                for f in verdict.findings
                if not f.hidden
            ]
    return sorted(rows)


def golden():
    with TABLE.open(encoding="utf-8", newline="") as file:
        return sorted(tuple(row) for row in list(csv.reader(file))[1:])


def test_the_real_documents_give_exactly_the_findings_of_the_table(documents):
    assert found_in(documents) == golden()


def test_no_real_document_is_stopped_and_none_is_asked_more_than_ten_questions():
    rows = golden()

    assert {severity for _, severity, *_ in rows} <= {"FRÅGA", "TIPS"}
    for name in {name for name, *_ in rows}:
        assert sum(n == name and severity == "FRÅGA" for n, severity, *_ in rows) <= 10


if __name__ == "__main__":
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(("document", "severity", "rule", "line", "message"))
    out.writerows(found_in(Path(__file__).parents[3] / "shared" / "documents"))
