"""The operator's console: in by one address, once; out of every county's data; each deed under a name that stays written down."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import asyncpg
import httpx
import pytest
from pyrage.x25519 import Identity

from deploy.backup.manifest import Seal
from deploy.console import gate as gates
from deploy.console.app import create
from deploy.console.gate import Gate
from deploy.counties.deeds import Ground
from deploy.counties.moving import Place
from deploy.counties.removing import GRACE
from deploy.inside import inside
from deploy.noted import PAGE, at_the_shell, first_altered, note_deed
from deploy.settings import Settings
from migrations.migrate import missing
from tenants.counties import county_by_slug, open_county, resume_county, suspend_county
from tenants.database.session import county_session
from tenants.ground.clock import today
from tenants.quotas import set_quotas
from tests.conftest import Database
from tests.web.conftest import TODAY, Browser, Seeded, seed
from web.frame.security import HEADERS

pytestmark = pytest.mark.anyio


class Console:
    """A console of these servers, and a browser that has come in."""

    def __init__(self, database: Database, key: Identity) -> None:
        self.gate = Gate("周运维")
        place = Place(database.superuser_url, database.files / "files", Seal(os.environ["DANGWU_SECRET"]))
        self.app = create(self.gate, Ground(Settings(backup_to=str(key.to_public())), place))

    def browser(self, name: str = "127.0.0.1:8765") -> Browser:
        transport = httpx.ASGITransport(app=self.app)  # type: ignore[arg-type]
        return Browser(transport=transport, base_url=f"http://{name}")


@pytest.fixture(scope="module")
def key() -> Identity:
    return Identity.generate()


@pytest.fixture(scope="module")
async def county(database: Database) -> AsyncIterator[Seeded]:
    database.files.mkdir(exist_ok=True)
    async with inside():
        yield await seed("donghe", "东河县", TODAY)


@pytest.fixture
def console(database: Database, county: Seeded, key: Identity) -> Console:
    return Console(database, key)


@pytest.fixture
async def operator(console: Console) -> AsyncIterator[Browser]:
    async with console.browser() as made:
        address = f"/enter/{console.gate.ticket}"
        await made.open(address)
        assert (await made.submit(address)).headers["location"] == "/"
        await made.open("/")
        yield made


async def test_nobody_else_comes_in(
    console: Console, operator: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"/enter/{console.gate.ticket}"
    async with console.browser() as other, console.browser("evil.example:8765") as named:
        for path in ("/", "/deeds", "/open", "/counties/donghe"):
            answer = await other.get(path)
            assert (answer.status_code, "没有进入控制台" in answer.text) == (403, True), path
        await other.open(address)
        assert (await other.submit(address)).status_code == 403, "used"
        assert (await other.submit("/enter/else")).status_code == 403
        assert (await named.get(address)).status_code == 403, "another name for this machine"
        assert (await other.get("/people")).status_code == 404, "not one page of a county's"
    answer = await operator.open("/")
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert (await operator.post("/counties/donghe/suspend", data={"why": "x"})).status_code == 403, "CSRF"
    elsewhere = {"sec-fetch-site": "cross-site"}
    made = await operator.post(
        "/counties/donghe/resume", data={"_csrf_token": operator.token}, headers=elsewhere
    )
    assert made.status_code == 403
    monkeypatch.setattr(gates, "IDLE_SECONDS", -1)
    assert (await operator.open("/")).status_code == 403, "rested too long"


async def test_what_is_told_is_figures(operator: Browser, county: Seeded) -> None:
    said = (await operator.open("/")).text + (await operator.open("/counties/donghe")).text
    for word in ("东河县", "使用中", "没有核对过", "登记过的人员", "还没有做过备份"):
        assert word in said
    assert not [person for person in county.people if person in said]
    assert (await operator.open("/counties/nowhere")).status_code == 404
    await note_deed(at_the_shell(), "backed-up", "", "a.dangwu")
    assert "还没有做过备份" not in (await operator.open("/")).text


async def test_what_is_amiss_in_a_county_is_seen_at_a_glance(
    operator: Browser, county: Seeded, database: Database
) -> None:
    """Each state of each column, on the page of all and on its own."""
    place = await county_by_slug("donghe")
    root = await asyncpg.connect(database.superuser_url)

    async def seen(*words: str) -> None:
        said = (await operator.open("/")).text, (await operator.open("/counties/donghe")).text
        for word in words:
            assert word in said[0] + said[1], word

    await seen("使用中", "未到八成", "没有核对过", "还没有封存过", "0 项在办", "没有待执行的")
    await set_quotas(place, {"files": 0, "accounts": 1})
    async with county_session(county.id) as session:
        for number in range(3):
            await session.execute(
                "insert into outbox (message) values (jsonb_build_object('actor_name', 'x', 'kwargs',"
                " jsonb_build_object('county_id', session_county(), 'run_id', uuidv7())))"
            )
            if number:
                await session.execute(
                    "insert into task_run (message_id, task, given_up_at, deaths)"
                    " select run_id, 'x', now(), $1 from outbox order by id desc limit 1",
                    number,
                )
    await root.execute(
        "insert into ledger_check (tenant_id, by_id, by_name, ended_at, report) values ($1, $1, '某', now(),"
        " '{\"found\": 3}'), ($1, $1, '某', null, null)",
        county.id,
    )
    await root.execute(
        "insert into ledger_epoch (tenant_id, number, cluster, snapshot, closed_at, entries, leaves, root,"
        " previous, key, signature) values ($1, 1, 1, '1:1:', now(), 0, '', '', '', '', '')",
        county.id,
    )
    await seen(
        "使用中的账号 ", "附件占用的空间 100%", "有 3 处不同，请该县审计管理员查看", "2 没有办成", "1 搁置",
        "1 项在办，2 项没有办成，1 项使程序中断", "最近封存 ",
    )  # fmt: skip
    await root.execute("update ledger_check set report = '{\"found\": 0}' where report is not null")
    await seen("核对一致", " 核对，一致")
    await suspend_county("donghe", "合同到期")
    await seen("已暂停", "已暂停：合同到期。登录页写着这个理由", "恢复使用")
    await root.execute("update county set delete_after = $1 where id = $2", today() + GRACE, county.id)
    await seen("待删除", "已宣布删除", "第一步：东河县立即暂停")
    await root.execute("update county set delete_after = $1 where id = $2", today(), county.id)
    await seen("现在执行，东河县的 3 名人员、全部档案")
    await root.execute("delete from migration where name = (select max(name) from migration)")
    await seen("数据库还有 1 个升级没有执行（")
    await root.execute("insert into migration (name, app_name) select $1, 'dangwu'", max(await missing()))
    for table in ("ledger_check", "ledger_epoch", "task_run", "outbox"):
        await root.execute(f"delete from {table} where tenant_id = $1", county.id)
    await root.close()
    await resume_county("donghe")
    await set_quotas(place, {"files": None, "accounts": None})
    await seen("使用中", "未到八成")


async def test_what_operators_have_done_is_paged_from_the_latest_on(operator: Browser) -> None:
    for number in range(PAGE + 5):
        await note_deed(at_the_shell(), "quotas", "东河县", f"第 {number} 次")
    first = (await operator.open("/deeds")).text
    assert f"第 {PAGE + 4} 次" in first
    assert first.count("第 5 次") == 1
    assert "第 4 次" not in first
    [older] = re.findall(r'href="(/deeds\?before=\d+)"', first)
    second = (await operator.open(older)).text
    assert "第 4 次" in second
    assert "第 5 次" not in second
    assert (await operator.open("/deeds?before=x")).status_code == 400
    empty = (await operator.open("/deeds?before=1")).text
    assert "这里将列出运维人员对各县办的每一件事" in empty


async def test_deeds_are_done_and_stay_written_down(
    console: Console, operator: Browser, county: Seeded, database: Database, tmp_path: Path, key: Identity
) -> None:
    at, here = "/counties/donghe", "东河县"
    answer = await operator.submit("/open", slug="Baixi", name="白溪县", admin="郑一凡", login="admin")
    assert (answer.status_code, 'value="郑一凡"' in answer.text) == (422, True)
    answer = await operator.submit("/open", slug="baixi", name="白西县", admin="\u200b郑", login="admin")
    assert (answer.status_code, 'id="e-admin"' in answer.text) == (422, True)
    assert (await operator.open("/counties/baixi")).status_code == 404, "refused, it has not been opened"
    await open_county("baixi", "白西县", TODAY)
    answer = await operator.submit("/open", slug="baixi", name="白溪县", admin="郑一凡", login="admin")
    assert "白溪县" in (await operator.open("/counties/baixi")).text, (
        "what stopped half way takes its name now"
    )
    assert re.search("<code>.{8,}</code>", answer.text)
    assert (await operator.submit(f"{at}/quotas", people="很多")).status_code == 422
    assert (await operator.submit(f"{at}/quotas", people="9")).status_code == 303
    assert "登记过的人员 9 人" in (await operator.open(at)).text
    assert (await operator.submit(f"{at}/suspend", why="")).status_code == 422
    assert (await operator.submit(f"{at}/suspend", why="演\u202e练\0")).status_code == 303
    assert (await operator.submit(f"{at}/resume")).status_code == 303
    file = tmp_path / "donghe.county"
    for nowhere in ("donghe", f"/{'a' * 300}", "/" + "字" * 120):
        assert (await operator.submit(f"{at}/export", file=nowhere)).status_code == 422, nowhere
        assert (await operator.submit("/bring", file=nowhere, key=nowhere)).status_code == 422, nowhere
    assert (await operator.submit(f"{at}/export", file=str(file))).status_code == 303
    assert (await operator.submit(f"{at}/export", file=str(file))).status_code == 422, "there already"
    assert (await operator.submit(f"{at}/delete", typed="东河")).status_code == 409
    assert (await operator.submit(f"{at}/delete", typed=here)).status_code == 303
    assert (await operator.submit(f"{at}/delete", typed=here)).status_code == 409, "not before its day"
    root = await asyncpg.connect(database.superuser_url)
    await root.execute(
        "update county set delete_after = $1 where slug = 'donghe'", today() - GRACE + timedelta(days=30)
    )
    assert (await operator.submit(f"{at}/delete", typed=here)).status_code == 303
    assert (await operator.open(at)).status_code == 404
    opens = tmp_path / "key"
    opens.write_text(str(key))
    assert (await operator.submit("/bring", file=str(file), key="/nowhere")).status_code == 422
    assert (await operator.submit("/bring", file=str(file), key=str(opens))).status_code == 303
    said = (await operator.open("/deeds")).text
    for word in (
        "进入控制台",
        "开通",
        "设定上限",
        "暂停",
        "恢复",
        "导出",
        "删除",
        "导入",
        "周运维（控制台）",
    ):
        assert word in said, word
    assert "与写下时一致" in said
    await _altered(root)
    await root.close()
    assert "第 4 行起与写下时不同" in (await operator.open("/deeds")).text
    assert (await operator.submit("/leave")).status_code == 200
    assert (await operator.open("/")).status_code == 403


async def _altered(root: asyncpg.Connection) -> None:
    """Not by those who own the table, only by who switches its guard off; and then it shows."""
    with pytest.raises(asyncpg.RaiseError, match="stays written down"):
        await root.execute("update operator_act set said = 'x' where number = 4")
    assert await first_altered() is None
    await root.execute(
        "set session_replication_role = replica; update operator_act set said = 'x' where number = 4;"
        " reset session_replication_role"
    )
