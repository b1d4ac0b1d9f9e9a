"""青川河县: a county of the north-east, with the practices of 辽源 and 牙克石, and 松原's in one town."""

from __future__ import annotations

from datetime import date

from deploy.demo.plan import Adopted, Committee, County, words

TOWN = "柳河镇"
"""The town that has adopted more than the department asks for."""

COUNTY = County(
    slug="qingchuanhe",
    name="青川河县",
    area="220599",
    dial="0499",
    phone="1990000",
    seed=20241,
    opened=date(2024, 1, 2),
    branch="东泉村党支部",
    minorities=(("满族", 0.06), ("蒙古族", 0.03), ("朝鲜族", 0.02)),
    committees=(
        Committee("town", TOWN, words("东泉村 西泉村 柳河村 前进村 高家窝棚村 二道梁村 太平村")),
        Committee("town", "松岭镇", words("松岭村 南岔村 向阳村 红旗村 大青背村 新立村 桦树沟村")),
        Committee("town", "平安堡镇", words("平安村 永胜村 李家屯村 兴隆村 靠山屯村 五间房村")),
        Committee("town", "白桦沟镇", words("白桦村 沟口村 北大荒地村 胜利村 万宝村 东升村 团结村")),
        Committee("town", "三道湾镇", words("头道湾村 二道湾村 三道湾村 渡口村 河沿村 苇塘村")),
        Committee("town", "黑泉乡", words("黑泉村 石门子村 老营村 牧场村 双泉村 岭后村")),
        Committee("town", "双榆树乡", words("双榆村 杏树村 孤山子村 长青村 民主村 曙光村")),
        Committee("town", "长山满族乡", words("长山村 正黄旗村 镶蓝旗村 腰站村 官马村")),
        Committee("street", "城关街道", words("东街社区 西街社区 站前社区 文庙社区 光华社区")),
        Committee("street", "东林街道", words("林苑社区 河畔社区 春江社区 友谊社区")),
        Committee(
            "organs",
            "县直机关",
            words("县委组织部机关 县委办公室机关 县政府办公室机关 县纪委监委机关 县财政局机关 县农业农村局机关 县自然资源局机关 "
                  "县市场监督管理局机关 县融媒体中心 县法院机关 县退休干部第一"),
        ),
        Committee(
            "school",
            "教育",
            words("第二中学 实验小学 职业技术教育中心 特殊教育学校"),
            (
                (
                    "第一高级中学",
                    words("第一高级中学高一年级组 第一高级中学高二年级组 第一高级中学高三年级组与教务处、校团委联合"),
                ),
            ),
        ),
        Committee(
            "health",
            "卫生健康局",
            words("县中医院 县疾病预防控制中心 县妇幼保健院"),
            (("县人民医院", ("县人民医院门诊", "县人民医院内科", "县人民医院外科")),),
        ),
        Committee(
            "company",
            "非公有制经济组织和社会组织",
            words("青川河县松江木业有限公司 青川河县北源乳业有限公司 青川河县安达物流有限公司 县律师行业联合 县民办教育机构联合 "
                  "县快递行业联合"),
        ),
        Committee("estate", "国有青岭林场", words("场部机关 东沟管护站 西沟管护站 种苗基地")),
    ),
    adopted=(
        Adopted(plugin="liaoyuan-1443", since=date(2024, 6, 1), fill={"notice-days": 7, "notice-channels": ["bulletin-board"]},
                basis="青组发〔2024〕8 号"),
        Adopted(plugin="yakeshi", since=date(2025, 1, 1), fill={"appraisal-scope": "所在村（社区、单位）不少于 20 名党外群众"},
                basis="青组发〔2024〕21 号"),
        Adopted(plugin="songyuan", since=date(2025, 10, 1), at=TOWN, fill={"mass-recommend-share": ">1/2"},
                basis="柳河镇党委 2025 年第 9 次会议纪要"),
        Adopted(plugin="arong-construction", since=date(2026, 8, 1), at=TOWN,
                without=("plan.annual", "lead.secretary", "pledge.raise", "pledge.set", "pledge.announce", "pledge.appraise",
                         "study.twice-monthly", "care.birthday"),
                fill={"five-good-items": [
                    {"good-team": "领导班子好"}, {"good-members": "党员队伍好"}, {"good-works": "工作机制好"},
                    {"good-results": "工作业绩好"}, {"good-masses": "群众反映好"}]},
                basis="柳河镇党委 2026 年第 6 次会议纪要"),
    ),
    rated=("grassroots-five-good",),
)  # fmt: skip
