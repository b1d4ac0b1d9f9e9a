"""The value lists of the national register (national-baseline §8.2), our identifiers beside the official words."""

from __future__ import annotations

from dangwu import MEMBERSHIPS

SEX = {"male": "男", "female": "女"}

MEMBERSHIP = {name: one.title for name, one in MEMBERSHIPS.items()}
MEMBERSHIP_ALSO = {
    "积极分子": "activist",
    "申请人": "applicant",
    "中共党员": "full",
    "党员": "full",
    "中共预备党员": "probationary",
}

STANDING = {"normal": "正常", "suspended": "停止党籍"}

# GB/T 3304 order.
_PEOPLES = (
    "汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 景颇 "
    "柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 "
    "塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺"
)
ETHNICITIES = (*(f"{name}族" for name in _PEOPLES.split()), "其他", "外国血统中国籍人士")

EDUCATION = (
    "博士研究生", "硕士研究生", "硕士生班", "中央党校研究生", "省（区、市）委党校研究生", "大学", "大专", "大学普通班",
    "第二学士学位班", "中央党校大学", "省（区、市）委党校大学", "中央党校大专", "省（区、市）委党校大专", "中等专科", "职业高中",
    "技工学校", "普通高中", "初中", "小学", "其他",
)  # fmt: skip
EDUCATION_ALSO = {
    "本科": "大学", "大学本科": "大学", "专科": "大专", "大学专科": "大专", "研究生": "硕士研究生", "硕士": "硕士研究生",
    "博士": "博士研究生", "中专": "中等专科", "高中": "普通高中", "技校": "技工学校", "职高": "职业高中",
}  # fmt: skip
