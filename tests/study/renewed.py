"""A run folder that was edited by someone who renews its checksums."""

import json
from pathlib import Path

from pilotage.case.run_folder import MANIFEST
from pilotage.domain.checksums import sha256_of


def renew(folder: Path, **changed: object) -> None:
    """Make the checksums of a run folder those of its files as they are, and change keys of its manifest."""
    stated = json.loads((folder / MANIFEST).read_text(encoding="utf-8")) | changed
    stated["files"] = {name: sha256_of(folder / name) for name in stated["files"]}
    (folder / MANIFEST).write_text(json.dumps(stated), encoding="utf-8")
