"""What the ledger knows of: verb → its title, which is written down with each entry."""

from __future__ import annotations

READ: dict[str, str] = {
    "file": "档案",
    "case": "办理档案",
    "paper": "文书",
    "national-id": "身份证号码",
    "phone": "手机号",
    "export": "导出名册",
    "list": "名单",
}
"""What of somebody's file is looked at; its verb is `read.<what>`."""

VERBS: dict[str, str] = {
    **{f"read.{what}": title if what == "export" else f"查看{title}" for what, title in READ.items()},
    "act.done": "办理",
    "act.denied": "越权操作被拒绝",
    "account.created": "新建账号",
    "account.owned": "登记账号的使用人",
    "account.deactivated": "停用账号",
    "account.reactivated": "重新启用账号",
    "account.password-changed": "修改密码",
    "account.reset-asked": "提出重置密码",
    "account.password-reset": "重置密码",
    "account.sign-ins-ended": "结束登录",
    "account.factor-set": "启用动态口令",
    "account.factor-ended": "停用动态口令",
    "account.codes-renewed": "更换备用恢复码",
    "account.factor-reset-asked": "提出重置动态口令",
    "account.factor-reset": "重置动态口令",
    "security.factor-rule": "设定对谁要求动态口令",
    "account.linked": "关联统一身份认证",
    "account.unlinked": "解除统一身份认证的关联",
    "security.provider-added": "登记统一身份认证",
    "security.provider-switched": "启用或停用统一身份认证",
    "notice.hook-added": "登记推送地址",
    "notice.hook-switched": "停用或重新启用推送地址",
    "notice.feed-made": "新建期限日历链接",
    "notice.feed-revoked": "撤销期限日历链接",
    "notice.days-set": "设定全县提前几天提醒",
    "deputy.appointed": "委托代理",
    "deputy.ended": "结束代理",
    "deputy.acting": "开始代办",
    "security.apart": "实行三员分立",
    "operator.granted": "准许平台运维人员进入",
    "operator.revoked": "收回平台运维人员的准许",
    "operator.entered": "平台运维人员进入",
    "token.made": "新建接口令牌",
    "token.revoked": "撤销接口令牌",
    "token.fetched": "程序客户端登录",
    "security.export-rule": "设定多少人以内的名单可以独自导出",
    "export.asked": "要导出人数较多的名单，等另一人同意",
    "export.withdrawn": "撤回要导出的名单",
    "export.agreed": "同意导出名单",
    "export.declined": "不同意导出名单",
    "person.restored": "按备份恢复一个人的记载",
    "register.minimise-rule": "设定多少年后精简联系信息",
    "register.minimise-asked": "提出精简一批人的联系信息",
    "register.minimise-agreed": "同意精简一批人的联系信息",
    "register.minimise-declined": "不精简一批人的联系信息",
    "register.minimised": "精简了联系信息",
    "people.grouped": "成批编到党小组",
    "people.tagged": "成批修改特征",
    "people.moved": "成批调整所在党支部",
    "own-link.made": "给本人开查阅档案的链接",
    "own-link.opened": "本人打开链接查阅档案",
    "own-link.revoked": "撤销本人查阅档案的链接",
    "account.signed-in": "登录",
    "account.sign-in-failed": "登录失败",
    "account.signed-out": "退出登录",
    "role.granted": "授予职务权限",
    "role.ended": "收回职务权限",
    "policy.adopted": "启用政策",
    "policy.changed": "调整政策",
    "policy.ended": "停用政策",
    "policy.withdrawn": "撤销尚未生效的政策",
    "paper.printed": "打印文书",
    "paper.replaced": "更换文书模板",
    "paper.restored": "换回原来的文书模板",
    "plugin.failed": "插件接连出错，这件事没有告诉它",
    "policy.supplement": "起草本县补充规定",
    "policy.allowance": "设定哪些层级可以自行增加政策",
    "secret.changed": "更换密钥",
    "ledger.key-changed": "更换日志的签名密钥",
    "ledger.pruned": "清理到期的日志",
    "ledger.erased": "依法删除日志中的个人信息",
}

SIGN_INS = ("account.signed-in", "account.sign-in-failed", "account.signed-out", "token.fetched")
"""What happens every day: it would bury what was done to an account."""

READINGS = tuple(f"read.{what}" for what in READ)

ACTS = ("act.done", "act.denied")
"""What a request did or was refused, where nothing closer was said of it."""

PASSING = frozenset({*SIGN_INS, *READINGS, "act.denied"})
"""Pruned after DANGWU_LOG_DAYS; everything else is kept for good."""
