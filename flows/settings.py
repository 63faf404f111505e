"""Where things live: the only module that reads the environment.

`SAMLAD_WAREHOUSE` (database URL), `SAMLAD_STORE` (originals and journal), `SAMLAD_INBOX` and
`SAMLAD_CITIES` (folders with further cities, separated as PATH is) have defaults under
`./samlad-data`, so that nothing has to be set on a fresh machine. `SAMLAD_SCAN` is the command of
a virus scanner, as `clamdscan --no-summary -`; without it nothing is scanned. `SAMLAD_PG` is the
folder of PostgreSQL's own programs, where they are not on the path.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """Addresses of warehouse, store, inbox and cities; `{city}` in them is the city's id."""

    warehouse: str
    store: str
    inbox: str
    city_folders: tuple[Path, ...] = ()
    registers: Path = Path("samlad-data/registers")
    """Where registers that have been read in from a workbook are kept; looked in first."""
    scan: str | None = None
    """The virus scanner's command, which gets each file on its standard input; None is no scan."""
    postgres_programs: str | None = None
    """The folder of pg_dump and pg_restore; None is wherever programs are."""
    settle_seconds: float = 2.0
    """A file changed more recently than this is still being written and waits for the next run."""

    def for_city(self, city_id: str) -> Settings:
        """Return the settings with the city's id put in."""
        return replace(
            self,
            warehouse=self.warehouse.replace("{city}", city_id),
            store=self.store.replace("{city}", city_id),
            inbox=self.inbox.replace("{city}", city_id),
        )


def settings_in(folder: Path) -> Settings:
    """Return settings that keep everything under one folder."""
    return Settings(
        warehouse=f"sqlite:///{folder}/{{city}}/warehouse.db",
        store=f"{folder}/{{city}}/store",
        inbox=f"{folder}/inbox/{{city}}",
        city_folders=(folder / "registers",),
        registers=folder / "registers",
    )


def settings_from(environment: Mapping[str, str]) -> Settings:
    """Return the settings that environment variables give, with defaults for the rest."""
    defaults = settings_in(Path("samlad-data"))
    folders = environment.get("SAMLAD_CITIES", "")
    return Settings(
        warehouse=environment.get("SAMLAD_WAREHOUSE", defaults.warehouse),
        store=environment.get("SAMLAD_STORE", defaults.store),
        inbox=environment.get("SAMLAD_INBOX", defaults.inbox),
        city_folders=(
            defaults.registers,
            *(Path(part) for part in folders.split(os.pathsep) if part),
        ),
        scan=environment.get("SAMLAD_SCAN") or None,
        postgres_programs=environment.get("SAMLAD_PG") or None,
        settle_seconds=float(environment.get("SAMLAD_SETTLE_SECONDS", defaults.settle_seconds)),
    )
