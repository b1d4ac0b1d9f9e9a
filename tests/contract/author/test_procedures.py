"""The second procedure for an author: it is checked, its words are listed, it is rehearsed, and it sits well beside the first."""

from __future__ import annotations

from pathlib import Path

import pytest

from dangwu import PolicyError, discover
from dangwu.author.cli import main
from tests.floor import FLOOR

HERE = Path(__file__).parents[1] / "procedures"
PLUGINS = HERE / "plugins"


@pytest.fixture
def as_floor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the platform says that it belongs to the floor."""
    monkeypatch.setenv("DANGWU_FLOOR", "commendation")


def test_no_plugin_is_the_floors_by_its_own_word(capsys: pytest.CaptureFixture[str]) -> None:
    found = discover(PLUGINS, tolerant=True)
    assert found.floor.ids == {"national"}
    assert found.broken["commendation"] == (
        "插件 commendation 写了 floor: true（底线政策处处适用、不能停用），是否作为底线由运行维护人员决定。"
        "请删去 floor 和 procedures；确要作为底线的，启动前设 DANGWU_FLOOR=commendation。",
    )
    assert main(["check", str(PLUGINS / "commendation.yaml")]) == 2
    assert "只由平台安装的插件写明" in capsys.readouterr().err


@pytest.mark.usefixtures("as_floor")
def test_it_is_rehearsed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rehearse", "--plugins", str(PLUGINS), str(HERE / "rehearsals")]) == 0, capsys.readouterr()
    assert "2 个通过，0 个不符" in capsys.readouterr().out


@pytest.mark.usefixtures("as_floor")
def test_it_is_checked_and_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(PLUGINS / "commendation.yaml")]) == 0
    assert main(["plugins", "--plugins", str(PLUGINS)]) == 0
    assert "commendation\t表扬办法（试行）\t3 条规则" in capsys.readouterr().out


def test_the_floor_is_several_policies_with_one_default() -> None:
    floor = discover(PLUGINS, floor=["commendation"]).floor
    assert floor.ids == {"national", "commendation"}
    assert {*floor.procedures} == {*FLOOR.procedures, "commendation"}
    assert next(iter(floor.procedures)) == "admission"
    assert floor.default == "admission"
    assert floor.steps("commendation") == ("nomination-made", "commendation-ruling", "commendation-posting")


@pytest.mark.parametrize(
    ("written", "instead", "said"),
    [
        ("step: nomination-made", "step: nomination", "opens.step 中的环节“nomination”没有用 add 写明"),
        ("of: [none, applicant, full]", "of: [nobody]", "opens.of 中没有人员类别“nobody”"),
        ("after: commendation-ruling}", "after: ruling}", "状态 commended 的 after 中的环节“ruling”没有用 add 写明"),
        ("said: 提名表扬{name}", "said: 提名表扬", "应含一处 {name}"),
        ("    states:", "    confers: membership\n    states:", "状态 commended 中没有人员类别“commended”"),
        ("of: [none, applicant, full]", "of: [full]\n      after: [admission.fully]", "opens.after 中的“admission.fully”"),
        ("of: [none, applicant, full]", "of: [full]\n      apart: [transfers]", "是不是“transfer”"),
        ("title: 表扬\n", "title: 表扬\n    default: true\n", "只能有一个"),
        ("after: [nomination-made]", "confirms: nomination-made", "confirms 中的“nomination-made”不是写了 outcomes 的环节"),
        ("commendation:\n", "admission:\n", "由插件 commendation 和 national 都写明了"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_procedure_is_said(
    tmp_path: Path, written: str, instead: str, said: str
) -> None:
    text = (PLUGINS / "commendation.yaml").read_text("utf-8")
    assert written in text
    if instead == "admission:\n":
        text = text.replace("commendation/", "admission/")
    (tmp_path / "commendation.yaml").write_text(text.replace(written, instead, 1), "utf-8")
    with pytest.raises(PolicyError) as caught:
        discover(tmp_path, floor=["commendation"])
    assert any(said in problem for problem in caught.value.problems), caught.value.problems
    assert all(problem.endswith("。") for problem in caught.value.problems)
