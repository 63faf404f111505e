"""The marked copy of what a board handed in, or the reason why it gets none."""

from __future__ import annotations

from collections.abc import Sequence

from desk.boards import Copy
from expectations.catalogue import GATES
from expectations.contract import Document, GivenAnswer
from expectations.verdicts import Verdict
from tasks.annotate import CannotAnnotateError, annotated
from tasks.readers.file_checks import WORKBOOK, kind_of
from tasks.receive import shown


def marked_copy(
    data: bytes,
    document: Document,
    verdict: Verdict,
    *,
    name: str,
    answers: Sequence[GivenAnswer] = (),
) -> tuple[Copy | None, bytes]:
    """Return the marked copy of a document and its bytes; None where nothing is to mend.

    The copy is called `name`. Where there can be none it has a reason instead, and no bytes.
    """
    called = shown(document.name)
    is_open = any(f.severity != "TIPS" and not f.is_settled for f in verdict.findings)
    is_form = document.kind == "form"
    if not is_open and not (is_form and answers):
        return None, b""
    if verdict.gates_passed != GATES:
        return Copy(called, reason="foreign"), b""
    if not is_form or kind_of(data, called) != WORKBOOK:
        is_json = called.lower().endswith(".json")
        return Copy(called, reason="data" if is_json else "other"), b""
    try:
        return Copy(called, name), annotated(data, verdict.findings, answers)
    except CannotAnnotateError as refused:
        return Copy(called, reason=refused.reason), b""
