"""Every setting, with its default and its help, and the one place that reads the environment.

Not the office's own choices (area name, letterhead …): those are rows of the table `settings`.
`python -m jobs.running.settings` prints the table that the README shows.
"""

import hashlib
import os
import re
import secrets
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from datetime import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

LONGEST_SOCKET_PATH = 100  # bytes; Linux takes 107, macOS 103
SECRET_KEY_FILE = "secret_key"
OWN_DATABASE = "banli.db"


class SettingsError(ValueError):
    """A setting that cannot be used; the text says which, and what it should be."""


@dataclass(frozen=True)
class Settings:
    """The settings of one installation. The name in the environment is the field's in capitals."""

    data_dir: Path = field(
        default=Path("var"),
        metadata={"help": "folder of the database, the uploads, the exports and the backups"},
    )
    database_url: str = field(
        default="",
        repr=False,
        metadata={
            "help": "SQLAlchemy URL of a SQLite file or a PostgreSQL database",
            "shown": "the SQLite file `banli.db` in `DATA_DIR`",
        },
    )
    redis_url: str = field(
        default="",
        repr=False,
        metadata={"help": "the queue", "shown": "the Redis that `make run` starts, a Unix socket"},
    )
    secret_key: str = field(
        default="",
        repr=False,
        metadata={
            "help": "signs the cookies",
            "shown": "made on the first start and kept in `DATA_DIR`",
        },
    )
    host: str = field(
        default="127.0.0.1",
        metadata={"help": "address to listen on; `0.0.0.0` lets the office in"},
    )
    port: int = field(default=8000, metadata={"help": "port to listen on"})
    web_processes: int = field(default=2, metadata={"help": "web server processes"})
    web_threads: int = field(default=16, metadata={"help": "threads of each web server process"})
    workers: int = field(default=2, metadata={"help": "background workers that `make run` starts"})
    trusted_proxies: int = field(
        default=0, metadata={"help": "reverse proxies in front whose X-Forwarded headers count"}
    )
    trusted_hosts: str = field(
        default="",
        metadata={
            "help": "names or addresses under which the panel is reached, with commas; others are refused",
            "shown": "any",
        },
    )
    https_only: bool = field(
        default=False,
        metadata={"help": "`1` when people come over HTTPS: cookies then travel over HTTPS only"},
    )
    nightly_at: time = field(
        default=time(0, 30), metadata={"help": "when the nightly check runs, Shanghai time"}
    )
    smtp_url: str = field(
        default="",
        repr=False,
        metadata={
            "help": "`smtp://user:password@host:25` or `smtps://…`: reminders and messages also go out by e-mail",
            "shown": "none",
        },
    )
    mail_from: str = field(
        default="", metadata={"help": "the sender of those e-mails", "shown": "none"}
    )

    robot_url: str = field(
        default="",
        repr=False,
        metadata={
            "help": "the whole address of a group's robot (企业微信, 钉钉 with the key word `办理`): the overdue"
            " list goes there once a working day; keep it secret, whoever knows it can write to the group",
            "shown": "none",
        },
    )
    robot_hosts: str = field(
        default="qyapi.weixin.qq.com,oapi.dingtalk.com",
        metadata={"help": "the only hosts that a robot's address may name, with commas"},
    )
    robot_in_own_network: bool = field(
        default=False,
        metadata={"help": "`1` lets the robot's address lie in the own network, and be plain HTTP"},
    )

    def __post_init__(self) -> None:
        """Fill in what depends on DATA_DIR."""
        folder = Path(self.data_dir).absolute()
        object.__setattr__(self, "data_dir", folder)
        if not self.database_url:
            object.__setattr__(self, "database_url", own_database_url(folder))
        if not self.redis_url:
            object.__setattr__(self, "redis_url", own_redis_url(folder))

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Settings from the environment; an empty variable counts as unset.

        Raises SettingsError, with a sentence for the person who set it, on a value of the wrong kind.
        """
        environ = os.environ if environ is None else environ
        given = {f.name: environ.get(f.name.upper(), "").strip() for f in fields(cls)}
        read: dict[str, Any] = {
            name: _READERS[name](name, text) for name, text in given.items() if text
        }
        return cls(**read)

    @property
    def uploads(self) -> Path:
        """The folder of the files that people sent in; backed up with the database."""
        return self.data_dir / "uploads"

    @property
    def exports(self) -> Path:
        """The folder of files made for download; can be made again, not backed up."""
        return self.data_dir / "exports"

    @property
    def backups(self) -> Path:
        """The folder where backups go that nobody named a place for."""
        return self.data_dir / "backups"

    def as_environment(self) -> dict[str, str]:
        """The variables from which a child process reads the same settings."""
        values = {f.name.upper(): getattr(self, f.name) for f in fields(self)}
        return {name: _written(value) for name, value in values.items()}

    def process_environment(self) -> dict[str, str]:
        """The environment of every process that works with these settings: ours, with theirs in it."""
        return {**os.environ, **self.as_environment(), "PYTHONUNBUFFERED": "1"}

    def hosts(self) -> list[str] | None:
        """The names that requests may come under, the machine's own among them; None for any."""
        named = [host.strip() for host in self.trusted_hosts.split(",") if host.strip()]
        return [*named, "127.0.0.1", "localhost"] if named else None

    def has_its_own_database(self) -> bool:
        """Whether DATABASE_URL was left to the program."""
        return self.database_url == own_database_url(self.data_dir)

    def starts_its_own_redis(self) -> bool:
        """Whether REDIS_URL was left to `make run`."""
        return self.redis_url == own_redis_url(self.data_dir)


def own_database_url(data_dir: Path) -> str:
    """The URL of the SQLite file that is used when nothing else is set."""
    return f"sqlite:///{data_dir / OWN_DATABASE}"


def redis_socket(data_dir: Path) -> Path:
    """Where the Redis of `make run` listens: in DATA_DIR, or, if that is too long for a socket, in
    the temporary folder under a name made from DATA_DIR."""
    socket = data_dir / "run" / "redis.sock"
    if len(os.fsencode(socket)) <= LONGEST_SOCKET_PATH:
        return socket
    name = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"banli-{os.getuid()}-{name}" / "redis.sock"


def own_redis_url(data_dir: Path) -> str:
    """The URL of the Redis that `make run` starts for this DATA_DIR."""
    return f"unix://{quote(str(redis_socket(data_dir)))}?db=0"


def kept_secret_key(settings: Settings) -> str:
    """SECRET_KEY if set, else the key kept in DATA_DIR, made on the first call; readable to us only."""
    if settings.secret_key:
        return settings.secret_key
    kept = settings.data_dir / SECRET_KEY_FILE
    if not kept.exists():
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        made = settings.data_dir / f"{SECRET_KEY_FILE}.{secrets.token_hex(8)}"
        with open(made, "x", opener=lambda path, flags: os.open(path, flags, 0o600)) as new:
            new.write(secrets.token_urlsafe(48))
        with suppress(FileExistsError):  # another process was first: its key counts
            os.link(made, kept)
        made.unlink()
    return kept.read_text()


def settings_table() -> str:
    """The Markdown table of all settings."""
    return "\n".join(["| setting | default | what |", "| --- | --- | --- |", *_table_rows()])


def _table_rows() -> Iterator[str]:
    for each in fields(Settings):
        shown = each.metadata.get("shown", f"`{_written(each.default)}`")
        yield f"| `{each.name.upper()}` | {shown} | {each.metadata['help']} |"


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return value.strftime("%H:%M") if isinstance(value, time) else str(value)


def _number(name: str, text: str) -> int:
    if not re.fullmatch(r"\d{1,5}", text) or (name != "trusted_proxies" and int(text) == 0):
        raise SettingsError(f"{name.upper()}：“{text}”不对，请写成正整数，如 {_default(name)}。")
    return int(text)


def _time(name: str, text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise SettingsError(f"{name.upper()}：“{text}”不是时间，请写成 00:30。") from None


def _yes_or_no(name: str, text: str) -> bool:
    if text not in ("0", "1"):
        raise SettingsError(f"{name.upper()}：“{text}”不对，请写成 1（是）或 0（否）。")
    return text == "1"


def _redis_url(name: str, text: str) -> str:
    if not text.startswith(("redis://", "rediss://", "unix://")):
        raise SettingsError(f"{name.upper()}：“{text}”不对，请写成 redis://:口令@主机:6379/0。")
    return text


def _robot_url(name: str, text: str) -> str:
    if not text.startswith(("https://", "http://")):  # the address is not repeated: it is a secret
        raise SettingsError(f"{name.upper()}：要写机器人的完整地址，以 https:// 开头。")
    return text


def _text(_name: str, text: str) -> str:
    return text


def _default(name: str) -> str:
    return _written(next(f.default for f in fields(Settings) if f.name == name))


_BY_TYPE = {int: _number, time: _time, bool: _yes_or_no, str: _text}
_READERS = {f.name: _BY_TYPE.get(type(f.default), _text) for f in fields(Settings)}
_READERS["redis_url"] = _redis_url
_READERS["robot_url"] = _robot_url

if __name__ == "__main__":
    print(settings_table())  # noqa: T201
