"""Settings: read from the environment, complete or refused in words; and what the README says of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from deploy.problem import Problem
from deploy.settings import Settings, variable

README = Path(__file__).parents[2] / "deploy" / "settings.md"
SECRET = "A" * 43 + "="
HOSTED = {"DANGWU_DATABASE_URL": "postgresql://x", "DANGWU_REDIS_URL": "redis://x", "DANGWU_SECRET": SECRET}


MAIL = {
    "DANGWU_SMTP": "smtps://u:p%40@mail.example.gov.cn", "DANGWU_MAIL_FROM": "dangwu@example.gov.cn",
    "DANGWU_HOME": "https://dangwu.example.gov.cn:8443/",
}  # fmt: skip


def test_what_is_right_is_taken_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    given = MAIL | {
        "DANGWU_TRUSTED_PROXIES": " 127.0.0.1,10.0.0.0/8,, ::1 ", "DANGWU_CLAMD": "tcp://clamd:3310",
        "DANGWU_LOG_DAYS": "184", "DANGWU_PORT": "65535", "DANGWU_DATA": "~/data", "DANGWU_LOG_FORMAT": "json",
        "DANGWU_CRYPTO": "sm", "DANGWU_OFFICE": "sh", "DANGWU_SECRET": SECRET,
    }  # fmt: skip
    settings = Settings.read(given)
    assert (settings.data, settings.log_days, settings.port) == (tmp_path / "data", 184, 65535)
    assert Settings.read(given | {"DANGWU_CLAMD": "unix:///run/clamd.sock", "DANGWU_HOME": "http://10.0.0.1"})


def test_nothing_set_means_embedded() -> None:
    settings = Settings.read({})
    assert settings.embedded
    assert (settings.host, settings.port, settings.data) == ("127.0.0.1", 8000, Path(".dangwu"))


def test_an_empty_variable_counts_as_not_set() -> None:
    assert Settings.read({"DANGWU_DATABASE_URL": "", "DANGWU_PORT": ""}) == Settings()


def test_variables_of_others_are_none_of_ours() -> None:
    own = ("PULSES", "SEEDS", "SHOTS", "BROWSER", "SERVICE_HOST", "PORT_8000_TCP_ADDR")
    assert Settings.read({f"DANGWU_{name}": "x" for name in own}) == Settings()


def test_settings_survive_the_way_to_another_process(tmp_path: Path) -> None:
    given = HOSTED | {"DANGWU_PORT": "8123", "DANGWU_DATA": "/data", "DANGWU_PLUGINS": str(tmp_path)}
    settings = Settings.read(given)
    assert not settings.embedded
    assert Settings.read(settings.environment()) == settings
    assert settings.environment().items() >= given.items()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"DANGWU_PORT": "acht"}, "环境变量 DANGWU_PORT 的值“acht”不正确。"),
        ({"DANGWU_LOG_DAYS": "183"}, "DANGWU_LOG_DAYS=183 不正确。日志至少留存六个月"),
        ({"DANGWU_CLAMD": "localhost"}, "DANGWU_CLAMD=localhost 不正确。"),
        ({"DANGWU_OFFICE": "/no/soffice"}, "DANGWU_OFFICE=/no/soffice 不是可以运行的程序。"),
        (
            {"DANGWU_TRUSTED_PROXY": "127.0.0.1"},
            "没有 DANGWU_TRUSTED_PROXY 这个设置，最接近的是 DANGWU_TRUSTED_PROXIES。",
        ),
        ({"DANGWU_PORT": "70000"}, "端口 DANGWU_PORT=70000 不正确。请填写 1 到 65535 之间的数。"),
        ({"DANGWU_SECRET": "short"}, "DANGWU_SECRET 不正确：应为 32 字节随机数的 base64 编码"),
        ({"DANGWU_SECRET": "c2hvcnQ="}, "DANGWU_SECRET 不正确：应为 32 字节随机数的 base64 编码"),
        (
            {"DANGWU_TRUSTED_PROXIES": "127.0.0.1, proxy"},
            "DANGWU_TRUSTED_PROXIES 中的“proxy”不是 IP 地址或网段。",
        ),
        ({"DANGWU_TRUSTED_PROXIES": "*"}, "中的“*”不是 IP 地址或网段。"),
        ({"DANGWU_TRUSTED_PROXIES": "10.0.0.1/8"}, "中的“10.0.0.1/8”不是 IP 地址或网段。"),
        ({"DANGWU_PLUGINS": "/no/such/folder"}, "插件目录 /no/such/folder 不存在。"),
        ({"DANGWU_DATABASE_URL": "postgresql://x"}, "还须同时设置 DANGWU_REDIS_URL、DANGWU_SECRET。"),
        ({**HOSTED, "DANGWU_SECRET": ""}, "还须同时设置 DANGWU_SECRET。"),
        *(
            ({"DANGWU_SMTP": url}, "DANGWU_SMTP 不正确。请写成 smtp://用户名:密码@主机:587")
            for url in (
                "mail.example.gov.cn",
                "http://mail.example.gov.cn",
                "smtp://",
                "smtp://mail:x",
                "smtps://mail:99999",
            )
        ),
        ({"DANGWU_SMTP": "smtp://mail"}, "还须设 DANGWU_MAIL_FROM（发件地址）和 DANGWU_HOME"),
        ({**MAIL, "DANGWU_HOME": ""}, "还须设 DANGWU_MAIL_FROM（发件地址）和 DANGWU_HOME"),
        ({**MAIL, "DANGWU_MAIL_FROM": ""}, "还须设 DANGWU_MAIL_FROM（发件地址）和 DANGWU_HOME"),
        ({"DANGWU_MAIL_FROM": "党务 <a@b.cn>"}, "DANGWU_MAIL_FROM=党务 <a@b.cn> 不是一个邮箱地址。"),
        *(
            (
                {"DANGWU_HOME": home},
                f"DANGWU_HOME={home} 不正确。请写成 https://dangwu.example.gov.cn，不带路径。",
            )
            for home in (
                "dangwu.example.gov.cn",
                "ftp://dangwu.cn",
                "https://dangwu.cn/people",
                "https://dangwu .cn",
                "https:///",
            )
        ),
        ({"DANGWU_PORT": "0"}, "端口 DANGWU_PORT=0 不正确"),
        ({"DANGWU_LOG_FORMAT": "xml"}, "环境变量 DANGWU_LOG_FORMAT 的值“xml”不正确。"),
        ({"DANGWU_CRYPTO": "des"}, "环境变量 DANGWU_CRYPTO 的值“des”不正确。"),
        ({"DANGWU_LOG_DAYS": "很久"}, "环境变量 DANGWU_LOG_DAYS 的值“很久”不正确。"),
        ({"DANGWU_INTRANET": "10.0.0.0/8, 内网"}, "DANGWU_INTRANET 中的“内网”不是 IP 地址或网段。"),
        *(
            ({f"DANGWU_{name}": "短"}, f"DANGWU_{name} 不正确：应为 32 字节随机数")
            for name in ("NEW_SECRET", "LEDGER_KEY", "NEW_LEDGER_KEY")
        ),
        *(
            ({"DANGWU_CLAMD": where}, f"DANGWU_CLAMD={where} 不正确。")
            for where in ("unix://", "tcp://clamd", "tcp://:3310", "tcp://clamd:331000", "tcp://clamd:x")
        ),
    ],
)
def test_a_wrong_setting_is_named(given: dict[str, str], sentence: str) -> None:
    with pytest.raises(Problem) as refused:
        Settings.read(given)
    assert sentence in refused.value.sentence


def test_the_readme_lists_exactly_these_settings_with_their_defaults() -> None:
    rows = re.findall(r"^\| `(DANGWU_\w+)` \| (.+?) \|", README.read_text(), re.MULTILINE)
    plain = Settings()
    assert [name for name, _ in rows] == [variable(field) for field in Settings.__struct_fields__]
    for name, default in rows:
        value = getattr(plain, name.removeprefix("DANGWU_").lower())
        assert default.startswith("（") if value is None else default == f"`{value}`", name
