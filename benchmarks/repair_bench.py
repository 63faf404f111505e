"""Damage Swedish on purpose, mend it, and count the words: right before, right after, made worse.

The texts are the real documents (where they are here) and our own handbook; each is damaged by
every model below with a seed. The report-back that came damaged has no right answer: there the
words that Swedish does not have are counted before and after. Run by `make repair-bench`.
"""

from __future__ import annotations

import random
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from expectations.register_files import load_city
from tasks.readers.lexicon import swedish
from tasks.readers.normalising import normalised, whole
from tasks.readers.pages import Line, Pages
from tasks.readers.repairing import Repairs, is_damaged

ROOT = Path(__file__).parents[1]
DOCUMENTS = ROOT.parent / "shared" / "documents"
REPORT_BACK = "malmo-kommunstyrelsen-aterrapportering-uppdrag-2026.txt"
_WORD = re.compile(r"[^ \n\t\r\f]+")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
SEED = 2026
SHOW = "--show" in sys.argv
MISTAKES: Counter[str] = Counter()


def _letterwise(odds: dict[str, list[tuple[str, float]]]) -> Callable[[str, random.Random], str]:
    def damage(text: str, dice: random.Random) -> str:
        out = []
        for sign in text:
            ways = odds.get(sign.lower())
            if ways is None:
                out.append(sign)
                continue
            kept = 1 - sum(share for _, share in ways)
            letters, shares = [*(w for w, _ in ways), sign], [*(s for _, s in ways), kept]
            chosen = dice.choices(letters, shares)[0]
            out.append(chosen.upper() if sign.isupper() else chosen)
        return "".join(out)

    return damage


def _without(*pieces: str) -> Callable[[str, random.Random], str]:
    def damage(text: str, _: random.Random) -> str:
        for piece in pieces:
            text = text.replace(piece, "")
        return text

    return damage


def _hyphened(text: str, dice: random.Random) -> str:
    within = r"(?<=[a-zåäö]{3})(?=[a-zåäö]{3})"
    return re.sub(within, lambda _: "\xad" if dice.randrange(5) == 0 else "", text)


SCAN = {
    "å": [("a", 0.80), ("é", 0.06), ("i", 0.08), ("4", 0.03), ("d", 0.03)],
    "ä": [("i", 0.55), ("a", 0.30), ("é", 0.06), ("d", 0.06), ("4", 0.03)],
    "ö": [("o", 0.55), ("6", 0.20), ("é", 0.20), ("d", 0.05)],
}
MODELS: dict[str, Callable[[str, random.Random], str]] = {
    "oskadad text": lambda text, _: text,
    "prickar borta": _letterwise({"å": [("a", 1)], "ä": [("a", 1)], "ö": [("o", 1)]}),
    "inskannad": _letterwise(SCAN),
    "inskannad, halva": _letterwise({k: [(w, s / 2) for w, s in v] for k, v in SCAN.items()}),
    "tappade tecken": _letterwise({c: [("", 0.9)] for c in "åäö"}),
    "namnlösa tecken": _letterwise({c: [("\ufffd", 1)] for c in "åäö"}),
    "ligaturer borta": _without("fi", "fl", "ff"),
    "UTF-8 som 1252": lambda text, _: text.encode().decode("cp1252", errors="ignore"),
    "NFD": lambda text, _: unicodedata.normalize("NFD", text),
    "mjuka bindestreck": _hyphened,
}


def texts() -> Iterator[tuple[str, str, str | None]]:
    """Yield (name, text, city) of the clean texts."""
    for path in sorted(DOCUMENTS.glob("*.txt")):
        if path.name != REPORT_BACK:
            yield path.stem[:34], path.read_text(encoding="utf-8"), path.name.split("-")[0]
    yield "handboken", (ROOT / "docs" / "handbok.md").read_text(encoding="utf-8"), None


def mended(text: str, city: str | None) -> str:
    """Return a text as the reader proposes that it was: normalised, then repaired if damaged."""
    lines = tuple(Line(line, n) for n, line in enumerate(text.split("\n"), 1))
    pages, _ = normalised(Pages(lines))
    text = "\n".join(line.text for line in pages.lines)
    if not is_damaged(text):
        return text
    return Repairs(text, load_city(city) if city else None).repaired(text) or text


def _damaged(text: str, damage: Callable[[str, random.Random], str], dice: random.Random) -> str:
    """Return a text damaged word by word; a word that would be nothing stays."""
    return _WORD.sub(lambda found: damage(found[0], dice) or found[0], text)


def measure(clean: str, damaged: str, after: str) -> Counter[str]:
    """Count words by what became of them; the three texts have the same words in order."""
    found: Counter[str] = Counter()
    rows = zip(_WORD.findall(clean), _WORD.findall(damaged), _WORD.findall(after), strict=True)
    for right, before, now in rows:
        if not _LETTERS.search(right):
            found["siffror ändrade"] += now != before and before == right
            continue
        found["ord"] += 1
        found["rätt före"] += before == right
        found["rätt efter"] += now == right
        found["försämrade"] += before == right and now != right
        found["fel förslag"] += now not in (right, before)
        if SHOW and now not in (right, before):
            MISTAKES[f"{right}: {before} → {now}"] += 1
    return found


def main() -> int:
    """Print the table; return 1 where a clean text was made worse."""
    print(
        f"{'skada':<20}{'ord':>8}{'rätt före':>11}{'efter':>9}{'fel förslag':>13}{'försämrade':>12}"
    )
    worse = 0
    for model, damage in MODELS.items():
        total: Counter[str] = Counter()
        for name, text, city in texts():
            clean = whole(text)
            damaged = _damaged(clean, damage, random.Random(f"{SEED}{model}{name}"))
            total += measure(clean, damaged, mended(damaged, city))
        n = total["ord"]
        shares = [f"{100 * total[key] / n:.1f} %" for key in ("rätt före", "rätt efter")]
        print(
            f"{model:<20}{n:>8}{shares[0]:>11}{shares[1]:>9}"
            f"{total['fel förslag']:>13}{total['försämrade']:>12}"
        )
        worse += total["försämrade"] if model == "oskadad text" else 0
        if total["siffror ändrade"]:
            print(f"  FIGURER ÄNDRADE: {total['siffror ändrade']}")
            worse += 1
    for mistake, times in MISTAKES.most_common(80):
        print(f"  {times:>4}  {mistake}")
    _report_back()
    return 1 if worse else 0


def _report_back() -> None:
    path = DOCUMENTS / REPORT_BACK
    if not path.is_file():
        print("Återrapporteringen finns inte här.")
        return
    text = path.read_text(encoding="utf-8")
    repairs = Repairs(text, load_city("malmo"))
    after = repairs.repaired(text) or text
    words = swedish()
    counts = []
    for told in (text, after):
        tokens = [word.lower() for word in re.findall(r"[\w£¢]+", told) if _LETTERS.search(word)]
        counts.append((sum(word in words for word in tokens), len(tokens)))
    (before, n), (now, _) = counts
    changed = sum(a != b for a, b in zip(_WORD.findall(text), _WORD.findall(after), strict=True))
    print(
        f"Malmös återrapportering: {n} ord, svenska före {before}, efter {now}, ändrade {changed}"
    )


if __name__ == "__main__":
    sys.exit(main())
