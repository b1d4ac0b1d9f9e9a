"""As whom the servers run: PostgreSQL refuses to run as root."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import msgspec

from deploy.problem import Problem

NOBODY = 65534


class Identity(msgspec.Struct, frozen=True):
    """How to start a server: a command in front of its own, or a user and group to become (None: stay as we are)."""

    prefix: tuple[str, ...] = ()
    uid: int | None = None
    gid: int | None = None

    def own(self, path: Path) -> None:
        """Give `path` and all in it to this identity, unless it has it already."""
        uid = os.geteuid() if self.uid is None else self.uid
        gid = os.getegid() if self.gid is None else self.gid
        if os.geteuid() != 0 or path.stat().st_uid == uid:
            return
        os.chown(path, uid, gid)
        for folder, folders, files in os.walk(path):
            for name in (*folders, *files):
                os.chown(os.path.join(folder, name), uid, gid, follow_symlinks=False)


def choose(folder: Path, programs: Sequence[Path]) -> Identity:
    """Who can run `programs` on data below `folder`.

    An ordinary user: himself. Root: `nobody`, and where he cannot reach the programs or the folder (below a
    0700 folder such as /root), root in a user namespace that calls him nobody. Raises Problem if neither works.
    """
    if os.geteuid() != 0:
        return Identity()
    nobody = _nobody()
    if _reaches(nobody, folder, programs):
        return nobody
    mapped = Identity(prefix=("unshare", "-U", f"--map-user={NOBODY}", f"--map-group={NOBODY}", "--"))
    if shutil.which("unshare") and _reaches(mapped, folder, programs):
        return mapped
    raise Problem(
        "当前以 root 身份运行，而 PostgreSQL 不允许这样运行，普通用户又无法进入数据目录或程序目录"
        f"（{folder}、{programs[0].parent}）。"
        "请改用普通用户启动，或把程序和数据移到所有用户都能进入的目录。"
    )


def _nobody() -> Identity:
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return Identity(uid=NOBODY, gid=NOBODY)
    return Identity(uid=entry.pw_uid, gid=entry.pw_gid)


def _reaches(identity: Identity, folder: Path, programs: Sequence[Path]) -> bool:
    script = 'cd "$0" && for program; do "$program" --version >/dev/null || exit 1; done'
    found = subprocess.run(
        [*identity.prefix, "/bin/sh", "-c", script, str(folder), *map(str, programs)],
        user=identity.uid,
        group=identity.gid,
        extra_groups=None if identity.uid is None else [],
        cwd="/",
        capture_output=True,
        check=False,
    )
    return found.returncode == 0
