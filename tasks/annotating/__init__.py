"""What the annotated copy of a workbook touches, a module per thing: parts, looks, notes, list."""
