"""Settings: what counts when nothing is set, what is refused, and that secrets stay secret."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from datetime import time
from pathlib import Path

import pytest

from jobs.running.settings import (
    Settings,
    SettingsError,
    kept_secret_key,
    redis_socket,
    settings_table,
)


def test_everything_has_a_default_that_works() -> None:
    settings = Settings.from_environment({})
    assert settings.database_url == f"sqlite:///{Path('var').absolute()}/banli.db"
    assert settings.starts_its_own_redis()
    assert settings.nightly_at == time(0, 30)


def test_an_empty_variable_counts_as_unset() -> None:
    assert Settings.from_environment({"PORT": "", "DATABASE_URL": " "}).port == 8000


def test_a_child_process_reads_the_same_settings() -> None:
    given = {"DATA_DIR": "/srv/办理 data", "PORT": "9000", "NIGHTLY_AT": "02:05", "HTTPS_ONLY": "1"}
    settings = Settings.from_environment(given)
    assert Settings.from_environment(settings.as_environment()) == settings


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PORT", "web", "PORT：“web”不对，请写成正整数，如 8000。"),
        ("PORT", "-1", "PORT：“-1”不对，请写成正整数，如 8000。"),
        ("WORKERS", "0", "WORKERS：“0”不对，请写成正整数，如 2。"),
        ("NIGHTLY_AT", "half past", "NIGHTLY_AT：“half past”不是时间，请写成 00:30。"),
        (
            "REDIS_URL",
            "queue:6379",
            "REDIS_URL：“queue:6379”不对，请写成 redis://:口令@主机:6379/0。",
        ),
        ("HTTPS_ONLY", "on", "HTTPS_ONLY：“on”不对，请写成 1（是）或 0（否）。"),
    ],
)
def test_a_wrong_value_is_named_with_the_way_out(name: str, value: str, sentence: str) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment({name: value})
    assert str(refused.value) == sentence


def test_no_proxy_is_trusted_unless_told() -> None:
    assert Settings.from_environment({}).trusted_proxies == 0
    assert Settings.from_environment({"TRUSTED_PROXIES": "0"}).trusted_proxies == 0


def test_the_secret_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    settings = Settings.from_environment({"DATA_DIR": str(tmp_path / "new")})
    with ThreadPoolExecutor(8) as processes:
        keys = set(processes.map(lambda _: kept_secret_key(settings), range(32)))
    assert len(keys) == 1
    assert len(keys.pop()) >= 64
    kept = tmp_path / "new" / "secret_key"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [path.name for path in kept.parent.iterdir()] == ["secret_key"]


def test_a_secret_key_that_is_set_is_not_written_down(tmp_path: Path) -> None:
    settings = Settings.from_environment({"DATA_DIR": str(tmp_path), "SECRET_KEY": "given"})
    assert kept_secret_key(settings) == "given"
    assert list(tmp_path.iterdir()) == []


def test_settings_in_a_log_show_no_password() -> None:
    settings = Settings.from_environment(
        {
            "DATABASE_URL": "postgresql://office:pass-one@db/banli",
            "REDIS_URL": "redis://:pass-two@queue",
            "SMTP_URL": "smtp://office:pass-three@mail",
            "SECRET_KEY": "pass-four",
        }
    )
    assert "pass-" not in repr(settings)


def test_a_deep_data_folder_still_gets_a_socket_that_the_system_takes() -> None:
    deep = Path("/srv") / ("办理" * 40)
    assert len(os.fsencode(redis_socket(deep))) <= 100
    assert redis_socket(deep) != redis_socket(deep / "another")


def test_the_table_of_settings_names_every_setting() -> None:
    table = settings_table()
    assert all(f"`{each.name.upper()}`" in table for each in fields(Settings))
