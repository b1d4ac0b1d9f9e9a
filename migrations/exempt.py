"""The tables that are not bound to a county, each with its reason. A test compares this list with the database."""

from __future__ import annotations

EXEMPT_TABLES: dict[str, str] = {
    "county": "找县要在登录之前；只有县名和网址标识，没有个人信息。修改只限本县的政策版本号和重算标记（行级安全另行规定）。",
    "policy_text": "政策的文本随软件分发，各县共用，没有个人信息；县的补充规定也按它执行，"
    "但只从本县的 supplement 查得到。只能增加，标识就是内容的散列，谁也改不了。",
    "floor_text": "底线政策的文本何时起执行，全平台一致；应用角色只能读，由平台运行维护人员以属主身份写入。",
    "plugin_code": "各进程共用的插件代码的散列，是否已停止运行；没有个人信息。应用角色只能读，停止运行用函数 trip_plugin。",
    "letter": "介绍信由开出的县和收信的县同看，行级安全写明两县；本人情况密封，收信的县只能用函数 answer_letter 答复。",
    "installation": "这个数据库用哪个密钥、哪套算法密封的标记，启动时核对；只有一行，没有个人信息。应用角色只能读。",
    "operator_act": "运维人员对整个县办的事，属于平台，没有县里的内容；应用角色没有任何权限，写下的改不了。",
    "migration": "Piccolo 记录已执行的迁移；应用角色没有任何权限。",
}
