"""Write the specimens of the reading corpus and the key of what they say.

`python -m examples.make_reading` writes every source in every format it names into
`examples/reading/documents/`, and `examples/reading/answers.json`: the facts of each source, as
its author wrote them. What LibreOffice and poppler make is written only with `--others`: their
bytes differ from one version to the next, and a machine may lack them.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

from examples.reading.render import FORMATS
from examples.reading.source import Source, read_source

FOLDER = Path(__file__).parent / "reading"
BY_OTHERS = ("office", "layout", "stream")


def sources() -> list[Source]:
    """Return every source, by name."""
    return [read_source(path) for path in sorted((FOLDER / "sources").glob("*.txt"))]


def answers(found: list[Source]) -> dict[str, object]:
    """Return the key: by source what it is and its facts, in the order of the text."""
    return {source.name: {"told": source.told, "facts": _facts(source)} for source in found}


def _facts(source: Source) -> list[dict[str, str]]:
    return [
        {name: str(value) for name, value in asdict(fact).items() if value is not None}
        for fact in source.facts
    ]


def main(others: bool) -> None:  # noqa: FBT001 - the one switch of a script
    """Write documents and key; specimens whose source is gone are removed."""
    folder = FOLDER / "documents"
    folder.mkdir(exist_ok=True)
    wanted = set()
    for source in sources():
        for name in source.told["formats"].split():
            ending, write = FORMATS[name]
            path = folder / f"{source.name}.{name}.{ending}"
            wanted.add(path)
            if name not in BY_OTHERS or others:
                path.write_bytes(write(source))
    for path in set(folder.iterdir()) - wanted:
        path.unlink()
    text = json.dumps(answers(sources()), ensure_ascii=False, indent=1)
    (FOLDER / "answers.json").write_text(text + "\n", encoding="utf-8")
    print(f"{len(wanted)} handlingar i {folder}")


if __name__ == "__main__":
    main(others="--others" in sys.argv)
