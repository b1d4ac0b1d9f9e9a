"""The platform's commands as an operator types them, and what the README says of them."""

from __future__ import annotations

import re
import socket
from argparse import ArgumentParser, _SubParsersAction
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from deploy.commands import register
from deploy.embedded.addresses import Addresses
from deploy.port import answers, require_free
from deploy.problem import Problem

README = Path(__file__).parents[2] / "deploy" / "README.md"


@pytest.fixture
def commands() -> dict[str, ArgumentParser]:
    """The parsers that we add, by command."""
    subparsers: _SubParsersAction[ArgumentParser] = ArgumentParser("dangwu").add_subparsers()
    register(subparsers)
    return dict(subparsers.choices)


def test_the_readme_lists_exactly_these_commands_with_their_options(
    commands: dict[str, ArgumentParser],
) -> None:
    rows = dict(re.findall(r"^\| `dangwu (\w+)` \| (.+?) \|$", README.read_text(), re.MULTILINE))
    assert list(rows) == list(commands)
    for name, parser in commands.items():
        options = {
            option
            for action in parser._actions
            for option in action.option_strings
            if option.startswith("--")
        }
        pages = [README.parent / link for link in re.findall(r"\]\((\S+/README\.md)\)", rows[name])]
        said = rows[name] + "".join(page.read_text() for page in pages)
        assert set(re.findall(r"--[a-z][\w-]*", said)) == options - {"--help"}, name


def test_the_help_lists_each_command_once_under_what_it_is_for(
    commands: dict[str, ArgumentParser], capsys: pytest.CaptureFixture[str]
) -> None:
    [script] = entry_points(group="console_scripts", name="dangwu")
    with pytest.raises(SystemExit):
        script.load()(["--help"])
    parts = re.findall(r"^(\S+):\n((?:  [a-z]+ .+\n)+)", capsys.readouterr().out, re.MULTILINE)
    listed = {heading: re.findall(r"^  ([a-z]+) ", lines, re.MULTILINE) for heading, lines in parts}
    authors = listed.pop("写插件")
    assert {*authors} & commands.keys() == {"plugins"}, "to which we add"
    assert list(listed) == ["启动平台", "各县的事", "政策文本、插件和日志", "备份和密钥"]
    assert [name for names in listed.values() for name in names] == [
        one for one in commands if one not in authors
    ]


@pytest.mark.parametrize("command", ["worker", "relay"])
def test_a_part_alone_needs_a_running_platform(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DANGWU_DATA", str(tmp_path))
    monkeypatch.delenv("DANGWU_DATABASE_URL", raising=False)
    assert run(command) == 1
    assert f"数据目录 {tmp_path} 上没有正在运行的平台。请先执行 dangwu serve" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command",
    [
        "secret show",
        "secret change",
        "counties",
        "jobs",
        "texts",
        "ledger verify",
        "ledger renew",
        "migrate",
        "console --name 周运维",
    ],
)
def test_no_command_founds_a_platform_to_work_on(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a folder that was misspelt."""
    monkeypatch.setenv("DANGWU_DATA", str(tmp_path / "misspelt"))
    monkeypatch.delenv("DANGWU_DATABASE_URL", raising=False)
    assert run(*command.split()) == 1
    assert "里没有平台，没有办理" in capsys.readouterr().err
    assert not (tmp_path / "misspelt").exists()


@pytest.mark.parametrize(
    "words", ["worker --processes 0", "serve --workers -3", "console --name 周运维 --port 99999"]
)
def test_a_number_that_makes_no_sense_is_refused(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run(*words.split())
    assert f"“{words.split()[-1]}”不对，应为 1 至" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command",
    ["migrate", "worker", "relay", "counties", "jobs", "texts", "ledger verify", "console --name 周运维"],
)
def test_a_database_that_does_not_answer_is_said(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hosted(monkeypatch, "postgresql://x@127.0.0.1:1/x", "redis://127.0.0.1:1")
    assert run(*command.split()) == 1
    assert "不能连接数据库" in capsys.readouterr().err


@pytest.mark.parametrize("url", ["127.0.0.1:5432", "mysql://x@127.0.0.1:1/x", "postgresql://x@127.0.0.1:x/x"])
def test_a_database_whose_address_is_none_is_said(
    url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hosted(monkeypatch, url, "redis://127.0.0.1:1")
    assert run("counties") == 1
    assert "不能连接数据库（" in capsys.readouterr().err


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1", "127.0.0.1:6379", "redis://127.0.0.1:x/0"])
def test_a_cache_that_does_not_answer_is_said(
    url: str, servers: Addresses, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hosted(monkeypatch, servers.superuser_url, url)
    assert run("worker") == 1
    assert "不能连接缓存" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["jobs", "texts", "ledger verify", "ledger adopt --because 原密钥丢失"])
def test_a_database_that_lacks_what_we_work_on_is_said(
    command: str, servers: Addresses, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody has migrated it yet: that is said, instead of what Python says of a table that is not there."""
    hosted(monkeypatch, servers.superuser_url, servers.redis_url)
    monkeypatch.setenv("DANGWU_LEDGER_KEY", servers.ledger_key)
    assert run(*command.split()) == 1
    assert "还没有升级到当前版本，没有办理。请先执行 dangwu migrate" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "idle"),
    [
        ("texts prune 3f2a91c0", "dangwu texts prune 用不到 文本的散列"),
        ("texts list --sign 王秀兰", "dangwu texts list 用不到 --sign"),
        ("ledger verify 3f2a91c0 --because 本人申请", "dangwu ledger verify 用不到 编号、--because"),
        ("ledger roots --roots roots.jsonl", "dangwu ledger roots 用不到 --roots"),
        ("jobs --cancel 3f2a91c0 --again 91c03f2a", "dangwu jobs --cancel 用不到 --again"),
        ("counties qinghe --suspend 核对 --key key.txt", "dangwu counties --suspend 用不到 --key"),
        ("counties --admin 王秀兰", "不写代号的 dangwu counties 用不到 --admin"),
        ("counties qinghe --import qinghe.dangwu --key key.txt", "dangwu counties --import 用不到 代号"),
        (
            "counties qinghe 清河县 --admin 王秀兰 --key key.txt",
            "开通一个县的 dangwu counties 用不到 --key",
        ),
        (
            "counties qinghe --suspend 核对 --delete 清河县",
            "dangwu counties 一次只办一件事，写了 --suspend、--delete",
        ),
        ("backup all.dangwu --new-key key.txt", "dangwu backup --new-key 用不到 备份的文件"),
        (
            "restore all.dangwu --key key.txt --plan plan.json",
            "不写 --person 的 dangwu restore 用不到 --plan",
        ),
    ],
)
def test_what_a_command_would_pass_over_is_refused_before_anything_is_done(
    words: str, idle: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(*words.split()) == 1
    assert capsys.readouterr().err.startswith(f"{idle}，没有办理。")
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize(
    "words",
    [
        ("counties", "baixi", "--suspend", "\udcc9\udccf"),
        ("counties", "baixi", "\udcb0县", "--admin", "王秀兰"),
        ("backup", "/backup/\udcff.dangwu"),
        ("jobs", "--cancel", "\udc80"),
        ("console", "--name", "周\udcff"),
        ("texts", "correct", "--sign", "\udcff"),
    ],
)
def test_what_is_typed_in_another_encoding_is_refused(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As Python reads what is no UTF-8: PostgreSQL would refuse it, and the terminal could not show it."""
    hosted(monkeypatch, "postgresql://x@127.0.0.1:1/x", "redis://127.0.0.1:1")
    assert run(*words) == 1
    said = capsys.readouterr().err
    assert "里有读不出来的字符，没有办理。请把终端的编码设为 UTF-8" in said
    said.encode()


def hosted(monkeypatch: pytest.MonkeyPatch, database: str, redis: str) -> None:
    """Settings that name servers; put back after the test, with what the command itself has set."""
    for name in ("HOST", "PORT", "DATA"):
        monkeypatch.setenv(f"DANGWU_{name}", "")
    monkeypatch.setenv("DANGWU_DATABASE_URL", database)
    monkeypatch.setenv("DANGWU_OWNER_DATABASE_URL", database)
    monkeypatch.setenv("DANGWU_REDIS_URL", redis)
    monkeypatch.setenv("DANGWU_SECRET", "A" * 43 + "=")


def test_a_taken_port_is_refused_with_who_has_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("DANGWU_PORT", str(port))
        monkeypatch.setenv("DANGWU_DATA", str(tmp_path / "data"))
        assert run("serve") == 1
    said = capsys.readouterr().err
    assert re.search(rf"端口 {port} 已被程序 .+（进程号 \d+）占用。请先停止它，或换一个端口", said)
    assert not (tmp_path / "data").exists()
    require_free("127.0.0.1", port)
    assert not answers("127.0.0.1", port)


def test_an_address_that_is_not_ours_is_refused() -> None:
    with pytest.raises(Problem, match=r"不能在 192\.0\.2\.1:8000 上提供服务（本机没有这个地址）"):
        require_free("192.0.2.1", 8000)


def run(*words: str) -> int:
    """The command's exit code."""
    parser = ArgumentParser("dangwu")
    register(parser.add_subparsers())
    arguments = parser.parse_args(words)
    code: int = arguments.run(arguments)
    return code
