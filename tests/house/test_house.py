"""The house rules that no other tool checks."""

import importlib.metadata
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from expectations import catalogue
from flows.cli import command_names, main
from warehouse import dictionary

ROOT = Path(__file__).parents[2]
ROOMS = {"desk", "flows", "tasks", "warehouse", "expectations", "templates"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return zipfile.ZipFile(next(folder.glob("*.whl")))


def test_the_wheel_ships_the_six_rooms_and_nothing_else(wheel):
    tops = {name.split("/")[0] for name in wheel.namelist()}

    assert {top for top in tops if not top.endswith(".dist-info")} == ROOMS


def test_the_wheel_carries_data_templates_and_fonts(wheel):
    names = wheel.namelist()

    for wanted in (
        r"cities/goteborg/boards\.csv",
        r"forms/.+\.toml",
        r"report/.+\.j2",
        r"fonts/.+",
    ):
        assert any(re.search(wanted, name) for name in names), wanted


def test_no_other_distribution_claims_the_names_of_our_rooms():
    claims = importlib.metadata.packages_distributions()

    assert {owner for room in ROOMS for owner in claims.get(room, [])} <= {"samlad"}


def test_every_locked_package_has_an_exact_version_and_a_hash_and_no_host_is_named():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    packages = re.split(r"\n(?=[a-z0-9])", lock.strip())

    assert len(packages) > 100
    assert all(re.match(r"[a-z0-9._\[\], -]+==\S+", package) for package in packages)
    assert all("--hash=sha256:" in package for package in packages)
    assert "://" not in lock
    assert "--index" not in lock
    assert "--find" not in lock


def test_the_committed_schema_is_valid_json_that_names_its_version():
    schema = json.loads((ROOT / "docs" / "submission.schema.json").read_text(encoding="utf-8"))

    assert schema["$id"] == "urn:samlad:reading:1"


def test_every_command_is_told_of_in_the_readme_or_the_handbook_and_has_help_with_an_example(
    capsys,
):
    told = (ROOT / "README.md").read_text("utf-8") + (ROOT / "docs/handbok.md").read_text("utf-8")
    for name in command_names():
        assert f"samlad {name}" in told, name
        with pytest.raises(SystemExit) as ended:
            main([name, "--help"])
        assert ended.value.code == 0, name
        shown = capsys.readouterr().out
        assert "Exempel" in shown, name
        assert "usage" not in shown


def test_only_flows_knows_prefect_and_only_flows_reads_the_clock_or_the_environment():
    offenders = [
        f"{path.relative_to(ROOT)}: {pattern}"
        for room in ("tasks", "warehouse", "expectations", "desk")
        for path in (ROOT / room).rglob("*.py")
        for pattern in (
            r"^\s*(from|import) prefect",
            r"datetime\.now\(|date\.today\(|time\.time\(\)|utcnow\(",
            r"os\.getenv\(",
        )
        if re.search(pattern, path.read_text(encoding="utf-8"), re.MULTILINE)
    ]

    assert offenders == []


@pytest.mark.parametrize(
    ("paper", "printed"),
    [("docs/rules.md", catalogue.as_paper), ("docs/data-dictionary.md", dictionary.as_paper)],
    ids=["rules", "data dictionary"],
)
def test_a_printed_paper_is_fresh(paper, printed):
    assert (ROOT / paper).read_text(encoding="utf-8") == printed(), "run make papers"
