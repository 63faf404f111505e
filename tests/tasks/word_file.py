"""What a board does to the Word file, and what programs do to it when they save it."""

import io

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn


def changed(data, change):
    """Return the file after a change to its document."""
    document = docx.Document(io.BytesIO(data))
    change(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def controls(document):
    """Return the content controls by their tags."""
    found = {}
    for control in document.element.body.iter(qn("w:sdt")):
        tag = control.find(qn("w:sdtPr")).find(qn("w:tag"))
        if tag is not None:
            found[tag.get(qn("w:val"))] = control
    return found


def inside(node, path):
    """Return what an XPath finds in a control; python-docx knows only the names of its own."""
    return node.xpath(path, namespaces={"w": qn("w:t")[1:].partition("}")[0]})


def filled(data, texts):
    """Return the file with texts written in the boxes with these tags, as Word writes them."""

    def change(document):
        boxes = controls(document)
        for tag, text in texts.items():
            write(boxes[f"samlad/{tag}"], text)

    return changed(data, change)


def write(control, text):
    """Write paragraphs (divided by newlines) in one box and take away its help text."""
    properties = control.find(qn("w:sdtPr"))
    for hint in properties.findall(qn("w:showingPlcHdr")):
        properties.remove(hint)
    content = control.find(qn("w:sdtContent"))
    is_inline = control.getparent().tag == qn("w:p")
    for old in list(content):
        content.remove(old)
    for part in text.split("\n"):
        run = OxmlElement("w:r")
        word = OxmlElement("w:t")
        word.text = part
        run.append(word)
        if is_inline:
            content.append(run)
        else:
            paragraph = OxmlElement("w:p")
            paragraph.append(run)
            content.append(paragraph)


def unboxed(document):
    """Take away every control and leave what stood in it, as Google Docs and Pages do."""
    body = document.element.body
    while (control := next(body.iter(qn("w:sdt")), None)) is not None:
        for inner in list(control.find(qn("w:sdtContent"))):
            control.addprevious(inner)
        control.getparent().remove(control)


def untagged(document):
    """Keep the controls' titles only, as LibreOffice does; a list loses that as well."""
    for control in document.element.body.iter(qn("w:sdt")):
        properties = control.find(qn("w:sdtPr"))
        gone = ["w:tag", "w:lock", "w:showingPlcHdr"]
        if properties.find(qn("w:dropDownList")) is not None:
            gone += ["w:alias", "w:id"]
        for name in gone:
            for node in properties.findall(qn(name)):
                properties.remove(node)
