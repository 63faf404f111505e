"""What we remember: originals, journal, tables, merging, snapshots and migrations."""
