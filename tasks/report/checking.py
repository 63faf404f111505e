"""What was checked of one figure: tried on it, on its row, further out, asked about, not tried.

A rule counts only where it was really tried (expectations.verdicts.Looked): one that had nothing
to compare with, or that stands behind a gate where the check stopped, is named with the reason.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from expectations.catalogue import GATES, Rule, catalogue, rule
from expectations.registers import City, Round
from expectations.staging import GROUP_OF
from expectations.verdicts import Finding, Looked, Verdict
from tasks.report.blocks import Check, Source
from tasks.report.material import Material, say
from warehouse.snapshot import Snapshot, StoredRow

FRAMES_BESIDE = {"staff": ("staff_set",), "finance": ("sum",)}
"""Frames of rules that look at a section without bearing its name."""
ANY = ("cell", "row")
"""Frames that look at every section."""
OF_VALUES = ("cell", "sum")
"""Frames that look at one value; what they say of another in the same row is no matter here."""
NEAR_TO_FAR = ("value", "row", "section", "document", "boards")


def checked(material: Material) -> tuple[tuple[Source, ...], tuple[Check, ...]]:
    """Return the sources that the chapters have used, with what was checked of each."""
    checking = Checking(material.snapshot, material.city, material.round)
    sources = tuple(
        replace(material.used[key], check=checking.of(*material.slots[key]))
        if key in material.slots  # what the city's own systems say goes through no rules
        else material.used[key]
        for key in sorted(material.used)
    )
    return sources, tuple(checking.given[key] for key in sorted(checking.given))


class Checking:
    """Answers what was checked of a figure in a snapshot; equal answers are one check."""

    def __init__(self, snapshot: Snapshot, city: City, round_: Round | None) -> None:
        """Begin with no answers given."""
        self.snapshot = snapshot
        self.given: dict[str, Check] = {}
        self.changed = city.rules_changed(round_)
        self.day = round_.period_to if round_ else snapshot.on
        self.forms = {
            d.document.sha256: d.document.template_version is not None for d in snapshot.documents
        }

    def of(self, stored: StoredRow, field: str) -> str:
        """Return the id of what was checked of a value; empty where no check is known."""
        verdict = self._verdicts.get(stored.document)
        if verdict is None:
            return ""
        found = self._answer(verdict, stored, field)
        return self.given.setdefault(found.check_id, found).check_id

    @cached_property
    def _verdicts(self) -> dict[str, Verdict]:
        return {v.document: v for v in self.snapshot.checks if v.document}

    @cached_property
    def _city(self) -> Verdict | None:
        return next((v for v in self.snapshot.checks if v.is_citys), None)

    @cached_property
    def _looked(self) -> dict[tuple[str, str | None, str | None], list[Looked]]:
        """What was tried, by document, section and row."""
        found: dict[tuple[str, str | None, str | None], list[Looked]] = defaultdict(list)
        for verdict in self._verdicts.values():
            for looked in verdict.looked:
                for key in looked.keys or (None,):
                    found[verdict.document, looked.section, key].append(looked)
        return found

    @cached_property
    def _asked(self) -> dict[str, list[Finding]]:
        found: dict[str, list[Finding]] = defaultdict(list)
        for finding in self.snapshot.findings:
            found[finding.document].append(finding)
        return found

    def _answer(self, verdict: Verdict, stored: StoredRow, field: str) -> Check:
        tried = self._tried(verdict.document, stored, field)
        asked = self._found(verdict.document, stored, field)
        tried["boards"], asked["boards"] = self._together(stored)
        kept, seen = {}, {one for rules in asked.values() for one in rules}
        for level in NEAR_TO_FAR:
            kept[level] = tuple(sorted({one for one in tried[level] if one not in seen}))
            seen |= set(tried[level])
        return _check(kept, asked, tuple(self._not_tried(verdict, stored.section, seen)))

    def _tried(self, document: str, stored: StoredRow, field: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {level: [] for level in NEAR_TO_FAR}
        for looked in self._looked.get((document, stored.section, stored.key), ()):
            if looked.field == field:
                found["value"] += looked.rules
            elif looked.field is None:
                found["row"] += looked.rules
            else:
                found["row"] += [r for r in looked.rules if rule(r).frame not in OF_VALUES]
        for looked in self._looked.get((document, stored.section, None), ()):
            found["section"] += looked.rules
        for looked in self._looked.get((document, None, None), ()):
            found["document"] += looked.rules
        return found

    def _found(self, document: str, stored: StoredRow, field: str) -> dict[str, list[str]]:
        """Return the rules with a finding that touches the value, by how near it stands."""
        found: dict[str, list[str]] = {level: [] for level in NEAR_TO_FAR}
        for finding in self._asked.get(document, ()):
            level = _nearness(finding, stored, field)
            if level and finding.rule not in found[level]:
                found[level].append(finding.rule)
        return found

    def _together(self, stored: StoredRow) -> tuple[list[str], list[str]]:
        """Return what boards held against each other were tried for, and asked of this board."""
        if self._city is None:
            return [], []
        group = GROUP_OF[stored.section]
        about = {r.id for r in catalogue() if r.frame == "city" and r.group in (None, group)}
        tried = [r for looked in self._city.looked for r in looked.rules if r in about]
        asked = {
            f.rule
            for f in self._asked.get("", ())
            if stored.board in f.boards and f.group in (None, group)
        }
        return tried, sorted(asked)

    def _not_tried(
        self, verdict: Verdict, section: str, seen: set[str]
    ) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield (why, rules) of the rules that look at the section but were not tried here."""
        why: dict[str, list[str]] = defaultdict(list)
        for one in catalogue():
            is_behind = one.frame == "document" and one.gate not in verdict.gates_passed
            if one.id not in seen and (is_behind or _looks_at(one, section)):
                why[self._reason(one, verdict)].append(one.id)
        yield from ((reason, tuple(rules)) for reason, rules in sorted(why.items()))
        group = GROUP_OF[section]
        for note in self._city.not_checked if self._city else ():
            if note.group == group:
                yield note.reason, ()

    def _reason(self, known: Rule, verdict: Verdict) -> str:
        changed = self.changed.get(known.id)
        if changed is not None and changed.severity == "off":
            return say("checking.off", reason=changed.reason)
        if not known.valid_on(self.day):
            return say("checking.not_valid")
        is_form = self.forms.get(verdict.document, False)
        is_other = not known.applies_to(is_form=is_form) or (known.frame == "cell" and not is_form)
        if known.frame != "city" and is_other:
            return say("checking.only_free" if is_form else "checking.only_form")
        if known.frame != "city" and known.gate not in verdict.gates_passed:
            return next(n.reason for n in verdict.not_checked if n.rule in GATES)
        lacking = {note.rule: note.reason for note in verdict.not_checked}
        return lacking.get(known.needs_history) or say("checking.nothing")


def _looks_at(known: Rule, section: str) -> bool:
    if known.frame == "city":
        return known.group in (None, GROUP_OF[section])
    return known.frame in (section, *FRAMES_BESIDE.get(section, ()), *ANY)


def _nearness(finding: Finding, stored: StoredRow, field: str) -> str:
    """Say how near a finding stands to a value; empty where it is about something else."""
    if finding.section is None:
        return "document" if finding.group in (None, GROUP_OF[stored.section]) else ""
    if finding.section != stored.section:
        return ""
    if finding.row_key is None:
        return "section"
    if finding.row_key != stored.key:
        return ""
    return "value" if finding.field in (field, field.removeprefix("columns.")) else "row"


def _check(
    kept: dict[str, tuple[str, ...]],
    asked: dict[str, list[str]],
    not_tried: tuple[tuple[str, tuple[str, ...]], ...],
) -> Check:
    here = tuple(sorted({*asked["value"], *asked["row"]}))
    near = tuple(
        sorted({one for level in ("section", "document", "boards") for one in asked[level]})
    )
    parts: Sequence[object] = (*kept.values(), here, near, not_tried)
    digest = hashlib.sha256(repr(parts).encode()).hexdigest()[:8]
    return Check(
        f"K-{digest}",
        on_value=kept["value"],
        on_row=kept["row"],
        on_section=kept["section"],
        on_document=kept["document"],
        on_boards=kept["boards"],
        asked_here=here,
        asked_near=near,
        not_tried=not_tried,
    )
