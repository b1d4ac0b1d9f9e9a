"""The value lists of the national register (national-baseline §8.2), our identifiers beside the official words."""

from __future__ import annotations

from collections.abc import Mapping

from dangwu import MEMBERSHIPS, STANDINGS

SEX = {"male": "男", "female": "女"}

MEMBERSHIP = {name: one.title for name, one in MEMBERSHIPS.items()}
MEMBERSHIP_ALSO = {
    "积极分子": "activist",
    "申请人": "applicant",
    "党员": "full",
    "共产党员": "full",
    "正式": "full",
    "正": "full",
    "正式中共党员": "full",
    "预备": "probationary",
    "预": "probationary",
    "预备期党员": "probationary",
    "预备期": "probationary",
}

SEX_ALSO = {
    "男性": "male", "男士": "male", "男生": "male", "M": "male", "Male": "male", "male": "male", "1": "male", "1男": "male",
    "1.男": "male", "1-男": "male",
    "女性": "female", "女士": "female", "女生": "female", "F": "female", "Female": "female", "female": "female", "2": "female",
    "2女": "female", "2.女": "female", "2-女": "female",
}  # fmt: skip
"""GB/T 2261.1 has 1 for men and 2 for women."""
STANDING_ALSO = {
    "停止": "suspended",
    "正常党员": "normal",
    "党籍正常": "normal",
    "正常在册": "normal",
    "在册": "normal",
}

STANDING = STANDINGS

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
    "博士": "博士研究生", "中专": "中等专科", "高中": "普通高中", "技校": "技工学校", "职高": "职业高中", "中师": "中等专科",
    "中等师范": "中等专科", "普通中专": "中等专科", "职业中专": "中等专科", "高职": "大专", "高等职业教育": "大专",
    "大普": "大学普通班", "职业中学": "职业高中", "技工": "技工学校", "高小": "小学", "初小": "小学", "完小": "小学",
    "初级中学": "初中", "大本": "大学", "专升本": "大学", "中技": "技工学校", "中等技术学校": "技工学校",
    "高级中学": "普通高中", "双学士": "第二学士学位班", "第二学士学位": "第二学士学位班",
    **{f"{school}{word}": f"{title}{level}"
       for school, title in (("中央党校", "中央党校"), ("省委党校", "省（区、市）委党校"), ("区委党校", "省（区、市）委党校"),
                             ("自治区党委党校", "省（区、市）委党校"), ("自治区委党校", "省（区、市）委党校"))
       for word, level in (("本科", "大学"), ("大学", "大学"), ("大学本科", "大学"), ("大专", "大专"), ("专科", "大专"),
                           ("研究生", "研究生"))},
}  # fmt: skip
EDUCATION_NEAR = {
    "文盲": "其他",
    "半文盲": "其他",
    "文盲或半文盲": "其他",
    "扫盲班": "其他",
    "在职研究生": "硕士研究生",
    "学士": "大学",
    "不识字": "其他",
    "私塾": "其他",
    "师范": "中等专科",
    "幼师": "中等专科",
    "高级技工": "技工学校",
    "技师学院": "技工学校",
    "党校本科": "省（区、市）委党校大学",
    "党校大学": "省（区、市）委党校大学",
    "党校大专": "省（区、市）委党校大专",
    "党校研究生": "省（区、市）委党校研究生",
}
"""Words that the list has no place for, and what may be meant: offered, never taken."""

ETHNICITIES_ALSO = {
    "蒙": "蒙古族", "维": "维吾尔族", "哈": "哈萨克族", "朝": "朝鲜族", "鲜": "朝鲜族", "柯": "柯尔克孜族",
    "俄": "俄罗斯族", "锡": "锡伯族", "达": "达斡尔族", "达呼尔": "达斡尔族", "乌兹别克": "乌孜别克族", "布衣": "布依族",
    "卡瓦": "佤族", "崩龙": "德昂族", "毛难": "毛南族", "僮": "壮族", "民家": "白族", "仡老": "仡佬族", "鄂温": "鄂温克族",
    "其它": "其他", "外国血统": "外国血统中国籍人士",
}  # fmt: skip

VALUES: dict[str, Mapping[str, str]] = {
    "sex": SEX,
    "ethnicity": {name: name for name in ETHNICITIES},
    "education": {name: name for name in EDUCATION},
    "membership": MEMBERSHIP,
    "standing": STANDING,
}
"""Field of a person → each value that it can have, with its official word."""
