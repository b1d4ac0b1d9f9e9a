"""What something will change is shown before it is done: once, and just that."""

from __future__ import annotations

import hashlib

import msgspec

from web.kit.forms import Form


def was_shown(form: Form, *what: object) -> bool:
    """Whether the page that was sent back has shown just this; else it is marked to be shown now."""
    mark = hashlib.sha256(msgspec.json.encode(what)).hexdigest()
    if form.value("shown") == mark:
        return True
    form.put("shown", mark)
    return False
