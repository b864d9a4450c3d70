"""Where the servers' data lies and which system user they run as. The scheme: docs/operations.md.

A plain user: everything under <var>/embedded, run by that user. Root: PostgreSQL refuses to run as
root, so both servers run as a system user of their own, under <var>/embedded when that user can get
there, else under /var/lib/jidan with a link in <var>. No folder that we did not make is changed.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pwd
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from config.embedded.errors import EmbeddedError
from config.embedded.processes import Account

SYSTEM_USER = "jidan-postgres"
SHARED_ROOT = Path("/var/lib/jidan")

Say = Callable[[str], None]


@dataclass(frozen=True)
class Home:
    """`folder` is a real path; `account` is None when the servers run as the person who started."""

    folder: Path
    account: Account | None

    @property
    def run_file(self) -> Path:
        return self.folder / "run.json"

    def make_data_folder(self, name: str) -> Path:
        """An empty or existing folder that only the servers' account can enter."""
        folder = self.folder / name
        folder.mkdir(mode=0o700, exist_ok=True)
        self.give(folder)
        return folder

    def give(self, path: Path) -> None:
        """Hand a file or folder that we made to the servers' account."""
        if self.account:
            os.chown(path, self.account.uid, self.account.gid)


def open_home(var_dir: Path, *, say: Say) -> Home:
    """Find or make the home of this var folder. Raises EmbeddedError with instructions."""
    entry = var_dir / "embedded"
    if entry.is_symlink() and not entry.exists():
        raise EmbeddedError(
            f"{entry} points to {entry.readlink()}, which is missing. Bring that folder back, "
            f"or delete the link to begin with an empty database."
        )
    try:
        var_dir.mkdir(parents=True, exist_ok=True)
        account = _account_for(entry, say=say) if os.geteuid() == 0 else None
        if not entry.exists():
            _place(entry, account, say=say)
    except PermissionError as error:
        raise EmbeddedError(f"{var_dir} cannot be written: {error}. Set VAR_DIR.") from error
    folder = entry.resolve()
    _refuse_foreign(folder, account)
    return Home(folder, account)


def reaches(account: Account, folder: Path) -> bool:
    """Ask the kernel, as that user, whether the folder can be entered (modes, ACLs, mounts)."""
    return run_as(account, ["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)])


def run_as(account: Account, command: list[str]) -> bool:
    """Whether a short command, run as `account`, ends well."""
    try:
        ended = subprocess.run(
            command,
            cwd="/",
            env={"LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=account.uid,
            group=account.gid,
            extra_groups=[],
            check=False,
        )
    except PermissionError:
        return False
    return ended.returncode == 0


def make_folder(folder: Path, mode: int) -> None:
    """Make a folder with exactly this mode, whatever the umask; leave an existing one as it is."""
    with contextlib.suppress(FileExistsError):
        folder.mkdir()
        folder.chmod(mode)


def _place(entry: Path, account: Account | None, *, say: Say) -> None:
    if account is None:
        make_folder(entry, 0o700)
    elif reaches(account, entry.parent):
        make_folder(entry, 0o711)
    else:
        name = hashlib.sha256(os.fsencode(entry.parent.resolve())).hexdigest()[:12]
        target = SHARED_ROOT / name
        kept = "kept from an earlier folder of the same path" if target.exists() else "new"
        make_folder(SHARED_ROOT, 0o755)
        make_folder(target, 0o711)
        with contextlib.suppress(FileExistsError):
            entry.symlink_to(target)
        say(f"{account.name} cannot enter {entry.parent}; the data lies in {target} ({kept}).")


def _refuse_foreign(folder: Path, account: Account | None) -> None:
    if account and not reaches(account, folder):
        raise EmbeddedError(
            f"The system user {account.name} can no longer enter {folder}. Let it pass through "
            f"the folders above, or move the data to a place it can reach (docs/operations.md)."
        )
    if not account and folder.stat().st_uid != os.geteuid():
        owner = folder.stat().st_uid
        raise EmbeddedError(
            f"{folder} belongs to {_name_of(owner)}. Start as that user, or give the folder and "
            f"all in it to yourself with chown -R while nothing runs."
        )


def _account_for(entry: Path, *, say: Say) -> Account:
    """The owner of existing data, else the system user of our own, else nobody."""
    with contextlib.suppress(FileNotFoundError, KeyError):
        owner = (entry / "postgres").stat()
        if owner.st_uid != 0:
            return Account(_name_of(owner.st_uid), owner.st_uid, owner.st_gid)
    found = _find_account(SYSTEM_USER)
    if found is None and _make_system_user():
        found = _find_account(SYSTEM_USER)
        say(f"PostgreSQL refuses to run as root: made the system user {SYSTEM_USER} for it.")
    found = found or _find_account("nobody")
    if found is None:
        raise EmbeddedError(
            f"PostgreSQL refuses to run as root. Make a system user named {SYSTEM_USER}, "
            f"or start as a plain user."
        )
    return found


def _find_account(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _make_system_user() -> bool:
    command = ["useradd", "--system", "--user-group", "--no-create-home"]
    command += ["--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
    try:
        ended = subprocess.run(command, capture_output=True, check=False)
    except FileNotFoundError:
        return False
    return ended.returncode == 0


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
