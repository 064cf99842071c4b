"""Bases, centres, platforms and laboratories: those with a name, be it quoted (“某某”服务站) or said (某某训练基地)."""

from __future__ import annotations

import re
from functools import cache

from kg import lexicon, words
from kg.mentions import Named
from kg.model import Kind

BUILT = (
    "建成|打造|成立|组建|设立|建立|启用|揭牌|挂牌|投用|新建|共建|建设|兴建|创建|筹建|建起|挂起|开设|开通|搭建|研发|开发|上线|运行|创设|设置|落成|开馆|建有|设有|建好|改建|升级"
)
AFTER_BUILT = re.compile(rf"(?:{BUILT})(?:并投用|并启用|投用|启用|运行|使用|了|起|出|的|成|完成)?")
NAME = re.compile(r"[^，。；：、！？“”《》（）【】0-9—]{4,30}")
COUNTED = re.compile(r"[^，。；、]{0,2}?(?:[0-9.]{1,8}|[一二三四五六七八九十百两多数几]{1,3})[万千百]?(?:余|多)?(?:个|处|座|家|所|间|支|套|块|亩|公里|平方)")
MANY = re.compile(r"(?:[02-9]|[0-9]{2,}|[二两三四五六七八九十百多几])[余多]?[个处座家所]$")
UNSAID = ("完善", "健全", "加强", "优化", "推进", "提升", "支持", "统一", "强化", "高质量", "重大", "一批")
ONE = re.compile(r"^(?:全[国省市县区州旗盟]|本[省市县区]|[\u4e00-\u9fff]{2,4}[省市])?(?:国内|全球|世界|区域)?(?:首[家个座批]|第一[家个座]|唯一的?|最大的?)的?|^(?:一[个座家批处]|集[^的]{2,20}的|以[^的]{2,20}的)")
WIDE = frozenset(
    "便民 服务 综合 指挥 办事 政务 党群 群众 来访 接待 调解 矛盾 纠纷 矛盾纠纷 新 现代化 智能 智慧 高标准 标准化 专业 信息 信息化 数据 大数据 一站式 一体化 多功能 统一 全新 线上 线下 网络 网上 管理 工作 宣传 教育 活动 文化 "
    "培训 训练 实战 联合 共享 协作 合作 交流 沟通 监督 监管 检查 处理 受理 审批 业务 应急 安全 治理 社会 乡镇 基层 街道 社区 农村 县级 市级 省级 区级 镇级 村级 国家级 高效 规范 规范化 专门 专项 日常 相关 各类 两级 三级 四级 五级 一个 一批 "
    "的 和 与 及 为 省 市 县 区 镇 乡 村 州 旗 盟 多个 全市 全县 全区 全省 全国 办公 公共 集中 心 新型 新的 大型 小型 特色 品牌 示范 典型 数字 数字化 电子 移动 视频 监控 联动 协同 研判 分析 预警 举报 投诉 咨询 求助 心理 技术 支撑 基础 重要 良好 广阔 有力 "
    "展示 学习 练兵 合作 开放 创新 发展 资源 展示 实训 实践 创业 就业 技能 法治 法制 廉政 警示 科普 红色 爱国主义 党建 警务".split()
)


@cache
def _heads() -> dict[str, str]:
    return {word: row[1] for row in lexicon.rows("facilities") for word in row[0].split()}


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    places = "|".join(sorted((w for w, s in _heads().items() if s == "place"), key=len, reverse=True))
    every = "|".join(sorted(_heads(), key=len, reverse=True))
    quoted = re.compile(rf"“(?:[^“”，。！？；、：]{{2,20}}(?:{every})”|[^“”，。！？；、：]{{2,16}}”[^，。；：、“”（）的在等为]{{0,10}}?(?:{places}))(?:系统)?")
    said = re.compile(rf"(?:{places})$")
    return quoted, said


def find(text: str, bodies: list[tuple[int, int]]) -> list[Named]:
    """The facilities that a sentence names, in order; `bodies` are the stretches of bodies in it."""
    built = list(re.finditer(AFTER_BUILT, text))
    if not built and "“" not in text:
        return []
    found: list[Named] = []
    if "“" in text:
        for m in _patterns()[0].finditer(text):
            if not COUNTED.match(text, m.end()) and not MANY.search(text, max(0, m.start() - 8), m.start()):
                found.append(Named(Kind.FACILITY, m.start(), m.end(), _plain(m[0])))
    for m in built:
        for start, end in _said(text, m.end()):
            if not any(n.start < end and start < n.end for n in found):
                found.append(Named(Kind.FACILITY, start, end, text[start:end]))
    return sorted(found, key=lambda n: n.start)


def again(text: str, last: Named | None) -> list[Named]:
    """该站, 该中心: the facility named last, where its name ends so."""
    if last is None or (m := POINTER.search(text)) is None or not last.name.endswith(m[1]):
        return []
    return [Named(Kind.FACILITY, m.start(), m.end(), last.name)]


POINTER = re.compile(r"该(基地|中心|平台|实验室|审判站|服务站|工作站|工作室|驿站|展厅|展馆|站|馆)")


def _plain(name: str) -> str:
    return name[1:-1] if name.endswith("”") else name


def _said(text: str, at: int) -> list[tuple[int, int]]:
    """Names without quotes after a verb of building: 某某训练基地, and those listed after it."""
    found: list[tuple[int, int]] = []
    while m := NAME.match(text, at):
        stretch = m[0]
        end = _head_end(stretch)
        if end is None:
            break
        start = _name_start(stretch[:end])
        name = stretch[start:end]
        if COUNTED.match(text, at + end) or COUNTED.match(stretch) and not ONE.match(stretch) or not (found or _specific(name)) or len(name) < 4:
            break
        found.append((at + start, at + end))
        at += end
        if text[at : at + 1] not in ("、", "和", "及", "与"):
            break
        at += 1
    return found


def _head_end(stretch: str) -> int | None:
    """Where the first head of a facility ends in a stretch that goes on as no name does."""
    for end in range(4, len(stretch) + 1):
        if _patterns()[1].search(stretch, 0, end) and not stretch.startswith(("建设", "化", "式", "体系", "工作", "机制", "等级", "站", "点", "任务"), end):
            return end
    return None


def _name_start(name: str) -> int:
    """Past what only counts or praises: 全国首家, 一个集…于一体的."""
    start = name.rfind("的") + 1
    while m := ONE.match(name[start:]):
        if not m[0]:
            break
        start += m.end()
    return start


def _specific(name: str) -> bool:
    """Whether more than common words stands before the head."""
    head = next(h for h in sorted(_heads(), key=len, reverse=True) if name.endswith(h))
    cut = words.cut(name[: len(name) - len(head)])
    own = [w for w in cut if w not in WIDE]
    width = len(name) - len(head)
    return width >= 4 and (sum(map(len, own)) >= 2 or width >= 6 and head != "平台") and words.tag(cut[0]) not in ("r", "d", "p", "c") and not name.startswith(UNSAID)
