"""LibreOffice, if whoever runs the platform has it: what makes PDF of papers."""

from __future__ import annotations

import os
import shutil


def office() -> str | None:
    """Its program: DANGWU_OFFICE, else `soffice` where programs are looked for; None where there is none."""
    return shutil.which(os.environ.get("DANGWU_OFFICE") or "soffice")
