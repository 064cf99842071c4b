"""Which bodies may have which parts: 禁毒大队 a police bureau, 立案庭 a court, 农业综合行政执法大队 the bureau of agriculture."""

from __future__ import annotations

import re

from kg.resolve.names import Body

POLICE = re.compile(
    r"派出所|看守所|拘留所|车管所|车辆管理所|(?:交警|乘警|交管|交通管理|交通警察|刑侦|刑警|经侦|禁毒|治安|巡特警|特巡警|特警|巡警|网安|网络安全保卫|反恐|出入境|情报|法制|督察|警务|食药环侦|森警|警犬|户政|人口|国保|监管|反诈|打击犯罪|案件侦办|侦查|机动|政治工作|政工|警保|科信|110).*(?:支队|大队|中队|总队|中心|办公室|办|科|室|处|队)$|情指"
)
POLICE_FIELDS = frozenset("治安 公安 交警 刑侦 森林公安 公共交通 轨道交通 机场 水上 铁路".split())
FIRE_DETACHMENTS = ("消防救援支队", "公安消防支队", "消防支队")
MUNICIPALITIES = ("11", "12", "31", "50")


def fits(owner: Body, own: str) -> bool:
    """Whether a bare part can belong to that body: 禁毒大队 to a police bureau, 立案庭 to a court."""
    if (
        own.endswith("支队")
        and owner.region
        and len(owner.region.code) == 6
        and owner.region.code[:2] not in MUNICIPALITIES
    ):
        return False  # a county has 大队
    if own.endswith("总队") and owner.region and len(owner.region.code) > 2:
        return False  # a province has 总队
    if own.endswith("边境派出所") and owner.name.endswith(("边境管理支队", "边境管理大队")):
        return True
    if own.endswith("派出所"):
        return owner.name.endswith(("公安局", "公安处")) or (
            "公安" in owner.name and owner.head in ("分局", "公安分局")
        )
    if POLICE.search(own):
        return "公安" in owner.name and not owner.name.endswith(("支队", "大队"))
    if own.endswith(("庭", "法庭")):
        return owner.name.endswith("法院")
    for part, of_owner in OWNERS:
        if part.search(own):
            return bool(of_owner.search(owner.name))
    return (
        len(own) > 2
        and (owner.sort == "body" or owner.head.endswith("监狱"))
        and own.endswith(("科", "股", "办公室", "处", "监区"))
        and not re.search("国家|公园|景区|保护区", own)
    )


# What 市局, 省厅 and 市院 are called in full in an article about a body of the field.
SAME_FIELD = {
    "公安局": {"局": "公安局", "厅": "公安厅"},
    "消防救援大队": {"支队": "消防救援支队", "总队": "消防救援总队"},
    "消防救援支队": {"总队": "消防救援总队"},
    "人民检察院": {"院": "人民检察院"},
    "税务局": {"局": "税务局"},
    "地方税务局": {"局": "地方税务局"},
    "国家税务局": {"局": "国家税务局"},
    "司法局": {"局": "司法局", "厅": "司法厅"},
    "市场监督管理局": {"局": "市场监督管理局"},
    "生态环境局": {"局": "生态环境局", "厅": "生态环境厅"},
    "应急管理局": {"局": "应急管理局", "厅": "应急管理厅"},
    "交通运输局": {"局": "交通运输局", "厅": "交通运输厅"},
    "农业农村局": {"局": "农业农村局", "厅": "农业农村厅"},
}
# Fields whose squads, stations and offices belong to the bureau of the same field and place.
FIELDS_WITH_PARTS = "市场监督管理 农业 应急管理 交通运输 生态环境 文化 城市管理 卫生 自然资源 住房和城乡建设 人力资源 林业 水利 司法".split()
OWNERS = [
    (re.compile(part), re.compile(of_owner))
    for part, of_owner in (
        (r"税务所|税务分局", "税务局$"),
        (r"稽查局|办税服务厅|纳税服务", "税务局$"),
        (r"工商所|经检", "工商行政管理局$|工商局$"),
        (r"海事处", "海事局$"),
        (r"消防(?:大队|中队|支队|科)$", r"公安局$|消防.*[支大]队$"),
        (r"消防|救援", r"消防.*[支大]队$"),
        (r"执行局|立案庭|审判庭|法警大队|法警支队", "法院$"),
        (r"环保所|环境保护所", "环境保护局$|生态环境局"),
        (r"司法所", "司法局$"),
        (r"缉私", "海关"),
        (r"检察厅|检察部|检察室", "检察院"),
        (r"养护站|养护所|道班|路政", "公路|交通"),
        (r"供电所", "供电"),
        (r"监督分所", "监督所"),
        (r"自然资源所|国土所", "自然资源|国土"),
        (r"市场监管所|市场监督管理所|监管所", "市场监督管理局$"),
        (r"(?:监察|执法|稽查|督查)[大支]队$", r"(?:局|委员会|[支总大]队)$"),
        (r"中队$", r"[支总大]队$|城市管理|执法局$"),
        (r"大队|中队|支队", r"[支总大]队$"),
    )
]
