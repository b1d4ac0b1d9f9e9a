"""Names of people who do not exist: common surnames and given names of their years, and a few rare ones."""

from __future__ import annotations

from random import Random

COMMON = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾"
    "夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤单解仇"
)
RARE = ("欧阳", "上官", "司马", "尉迟", "诸葛", "令狐", "皇甫", "长孙")

# Characters of given names by the decade of birth: before 1965, before 1985, later.
MALE = (
    "国建志德文明永福贵林山海春生金成玉宝忠义光荣富才龙祥树根",
    "伟强军勇杰涛斌峰辉鹏刚平波超磊亮飞雷利宏志建晓海东卫新",
    "浩宇轩博晨阳俊泽铭鑫睿航嘉子凯鹏宸旭哲瑞天一然文昊霖",
)
FEMALE = (
    "秀玉桂兰英珍凤霞淑芳云香莲花梅琴芝菊素金春荣",
    "丽敏静艳娟红霞燕玲萍莉娜洁芳颖琳雪慧晶丹妍海晓",
    "欣怡雨婷佳雪梦琪涵诗萱瑶雅思语若彤晴心妍悦梓文静",
)
MONGOLIAN = {
    "male": ("巴特尔", "阿拉坦", "苏和巴特尔", "布仁特古斯", "朝鲁门"),
    "female": ("萨仁", "乌兰其其格", "阿拉腾其木格", "娜仁托娅", "斯琴高娃"),
}  # fmt: skip


def name(chance: Random, sex: str, year: int, ethnicity: str = "汉族") -> str:
    """A name for somebody of that sex, born in that year."""
    if ethnicity == "蒙古族" and chance.random() < 0.7:
        return chance.choice(MONGOLIAN[sex])
    surname = chance.choice(RARE) if chance.random() < 0.012 else _common(chance)
    letters = (MALE if sex == "male" else FEMALE)[0 if year < 1965 else 1 if year < 1985 else 2]
    first = chance.choice(letters)
    if chance.random() < (0.3 if 1965 <= year < 1998 else 0.12):
        return surname + first
    return surname + first + chance.choice(letters.replace(first, ""))


def _common(chance: Random) -> str:
    # The first of the list are by far the most frequent.
    return COMMON[min(chance.randrange(len(COMMON)), chance.randrange(len(COMMON)))]
