"""Write a message as Outlook saves it: an OLE2 compound file with MAPI properties ([MS-OXMSG]).

Written from the formats' own descriptions ([MS-CFB], [MS-OXMSG]), so that the reader is tried on
the real thing: FAT, mini stream, directory, properties, Unicode names, recipients, attachments.
"""

import struct

SECTOR, MINI, CUTOFF = 512, 64, 4096
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
UNICODE, BINARY, LONG, OBJECT = 0x001F, 0x0102, 0x0003, 0x000D
STORAGE, STREAM, ROOT = 1, 2, 5
NONE = 0xFFFFFFFF


def message(subject, body, attachments, embedded=()):
    """Bytes of a .msg: `attachments` are (name, data, content id), `embedded` (name, tree)."""
    return compound(tree(subject, body, attachments, embedded, top=True))


def tree(subject, body, attachments, embedded=(), *, top=False):
    """The storages of a message: by name a dict for a storage, bytes for a stream."""
    told = {0x001A: "IPM.Note", 0x0037: subject, 0x1000: body, 0x0C1A: "Karin Öberg"}
    found = _strings(told)
    count = len(attachments) + len(embedded)
    found["__properties_version1.0"] = (
        struct.pack("<8xIIII", 1, count, 1, count)
        + (b"\0" * 8 if top else b"")
        + b"".join(_fixed(number, UNICODE, 2 * len(text) + 2) for number, text in told.items())
    )
    found["__recip_version1.0_#00000000"] = _strings({0x3001: "Stadskontoret"}) | {
        "__properties_version1.0": b"\0" * 8 + _fixed(0x0C15, LONG, 1)
    }
    if top:
        empty = {
            "__substg1.0_00020102": b"",
            "__substg1.0_00030102": b"",
            "__substg1.0_00040102": b"",
        }
        found["__nameid_version1.0"] = empty
    for number, (name, data, content_id) in enumerate(attachments):
        words = {0x3707: name, 0x3704: name[:8]} | ({0x3712: content_id} if content_id else {})
        found[f"__attach_version1.0_#{number:08X}"] = (
            _strings(words)
            | {"__substg1.0_37010102": data}
            | {"__properties_version1.0": _attached(words, number, 1, BINARY, len(data))}
        )
    for number, (name, inner) in enumerate(embedded, start=len(attachments)):
        found[f"__attach_version1.0_#{number:08X}"] = (
            _strings({0x3001: name})
            | {"__substg1.0_3701000D": inner}
            | {"__properties_version1.0": _attached({0x3001: name}, number, 5, OBJECT, NONE)}
        )
    return found


def _strings(words):
    return {f"__substg1.0_{n:04X}001F": text.encode("utf-16-le") for n, text in words.items()}


def _fixed(number, kind, value):
    return struct.pack("<HHIII", kind, number, 6, value, 0)


def _attached(words, number, method, kind, size):
    fixed = [_fixed(n, UNICODE, 2 * len(text) + 2) for n, text in words.items()]
    fixed += [
        _fixed(0x0E21, LONG, number),
        _fixed(0x3705, LONG, method),
        _fixed(0x3701, kind, size),
    ]
    return b"\0" * 8 + b"".join(fixed)


def compound(root):
    """Bytes of an OLE2 compound file, version 3, of a tree of storages and streams."""
    entries = [["Root Entry", ROOT, NONE, NONE, b""]]  # name, kind, right sibling, child, data
    _add(entries, 0, root)
    mini, chains, sectors = b"", [], []
    places = {}
    for number, (_, kind, _, _, data) in enumerate(entries):
        if kind == STREAM and 0 < len(data) < CUTOFF:
            places[number] = len(mini) // MINI
            pieces = -(-len(data) // MINI)
            chains += [len(chains) + i + 1 for i in range(pieces - 1)] + [END]
            mini += data.ljust(pieces * MINI, b"\0")
    table = []

    def put(data):
        if not data:
            return END
        start, pieces = len(sectors), -(-len(data) // SECTOR)
        sectors.extend(
            data[i * SECTOR : (i + 1) * SECTOR].ljust(SECTOR, b"\0") for i in range(pieces)
        )
        table.extend([start + i + 1 for i in range(pieces - 1)] + [END])
        return start

    for number, (_, kind, _, _, data) in enumerate(entries):
        if kind == STREAM and len(data) >= CUTOFF:
            places[number] = put(data)
    places[0] = put(mini)
    mini_fat = put(b"".join(struct.pack("<I", one) for one in chains))
    mini_count = -(-4 * len(chains) // SECTOR)
    rows = b"".join(
        _row(entry, places.get(number, END if entry[1] == ROOT else 0), len(mini))
        for number, entry in enumerate(entries)
    )
    blank = struct.pack("<64xHBBIII36xIQ", 0, 0, 1, NONE, NONE, NONE, 0, 0)
    directory = put(rows + blank * (-len(entries) % 4))
    fats = 1
    while -(-4 * (len(sectors) + fats) // SECTOR) > fats:
        fats += 1
    first = len(sectors)
    table += [FAT] * fats
    whole = b"".join(struct.pack("<I", one) for one in table).ljust(fats * SECTOR, b"\xff")
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        0x3E, 3, 0xFFFE, 9, 6, 0, fats, directory, 0, CUTOFF, mini_fat, mini_count, END, 0,
    )  # fmt: skip
    header += b"".join(struct.pack("<I", first + i if i < fats else FREE) for i in range(109))
    return header + b"".join(sectors) + whole


def _add(entries, parent, children):
    """Add a storage's children as a row of siblings, in the order that the format asks for."""
    before = None
    for name, content in sorted(children.items(), key=lambda one: (len(one[0]), one[0].upper())):
        number = len(entries)
        is_storage = isinstance(content, dict)
        entries.append(
            [name, STORAGE if is_storage else STREAM, NONE, NONE, b"" if is_storage else content]
        )
        if before is None:
            entries[parent][3] = number
        else:
            entries[before][2] = number
        before = number
        if is_storage:
            _add(entries, number, content)


def _row(entry, start, mini_size):
    name, kind, right, child, data = entry
    text = (name + "\0").encode("utf-16-le")
    size = mini_size if kind == ROOT else len(data)
    return struct.pack(
        "<64sHBBIII16sIQQIQ",
        text, len(text), kind, 1, NONE, right, child, b"", 0, 0, 0, start, size,
    )  # fmt: skip
