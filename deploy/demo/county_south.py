"""云岫县: a county of the south, with the practices of 金华 and 南康, and 长春's since September 2026."""

from __future__ import annotations

from datetime import date

from deploy.demo.plan import Adopted, Committee, County, words

COUNTY = County(
    slug="yunxiu",
    name="云岫县",
    area="330799",
    dial="0599",
    phone="1980000",
    seed=20242,
    opened=date(2024, 1, 2),
    branch="文澜社区第一党支部",
    minorities=(("畲族", 0.04),),
    committees=(
        Committee("street", "文澜街道", words("文澜社区第一 文澜社区第二 桂花社区 望江社区 河头社区 塔下社区")),
        Committee("street", "云门街道", words("云门社区 石桥社区 新安社区 南屏社区")),
        Committee("town", "梅岭镇", words("梅岭村 上坞村 下坞村 岭脚村 杨梅坑村 前洋村 后垅村")),
        Committee("town", "竹溪镇", words("竹溪村 溪口村 大竹园村 横路村 水碓头村 金坂村")),
        Committee("town", "茶坪镇", words("茶坪村 茶亭村 白露山村 石壁村 云脚村 外山村")),
        Committee("town", "白沙渡镇", words("白沙村 渡头村 沙洲村 樟树下村 洋田村 江边村")),
        Committee("town", "下岙乡", words("下岙村 上岙村 里坑村 长弄村 东坪村")),
        Committee("town", "三宝坑畲族乡", words("三宝坑村 蓝田村 雷家山村 钟坪村 岭头村")),
        Committee("town", "九曲镇", words("九曲村 曲头村 大塘村 龙潭村 新屋村 花桥村")),
        Committee(
            "organs",
            "县直机关",
            words("县委组织部机关 县委办公室机关 县人大办公室机关 县纪委监委机关 县发展和改革局机关 县民政局机关 县水利局机关 "
                  "县文化和广电旅游体育局机关 县检察院机关 县行政服务中心 县离退休干部第一"),
        ),
        Committee(
            "school",
            "教育",
            words("云岫职业技术学院学生第一 云岫职业技术学院学生第二 文澜小学 实验幼儿园"),
            (("云岫中学", ("云岫中学行政", "云岫中学文科教研组", "云岫中学理科教研组与实验中心、信息中心、后勤处联合")),),
        ),
        Committee(
            "health",
            "卫生健康局",
            words("县中医院 县疾病预防控制中心 县妇幼保健院"),
            (("县人民医院", ("县人民医院行政后勤", "县人民医院临床", "县人民医院护理")),),
        ),
        Committee(
            "company",
            "非公有制经济组织和社会组织",
            words("云岫县五谷食品有限公司 云岫县锦绣服饰有限公司 云岫县天目电子有限公司 县电子商务行业联合 "
                  "县社会工作服务机构联合 县民宿行业联合"),
        ),
        Committee("estate", "国有资本投资集团", words("集团机关 城投公司 水务公司 公交公司")),
    ),
    adopted=(
        Adopted(plugin="jinhua-2014", since=date(2024, 1, 2), without=("ideology.first",),
                fill={"law-agencies": ["public-security", "petition"]}, basis="云委组〔2023〕42 号"),
        Adopted(plugin="nankang-record-review", since=date(2025, 3, 1), basis="云委组〔2025〕6 号"),
        Adopted(plugin="changchun-lvyuan", since=date(2026, 9, 1), also=("cross.archive-check",),
                fill={"agency-6": "emergency-management", "activist-training-hours": 8,
                      "cross-check-method": "各党（工）委每季度互查一次，由县委组织部排定对子"},
                basis="云委组〔2026〕31 号"),
        Adopted(plugin="nanjing-longshan", since=date(2026, 8, 1),
                fill={"five-good-items": [
                    {"good-team": "领导班子好"}, {"good-cadres": "干部队伍好"}, {"good-growth": "工作思路好"},
                    {"good-rules": "工作机制好"}, {"good-masses": "群众评价好"}]},
                basis="云委组〔2026〕19 号"),
    ),
    rated=("five-good-committee",),
)  # fmt: skip
