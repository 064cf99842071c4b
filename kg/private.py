"""Private data, covered before anything reads a page: each character of it becomes ＊, so that every span stays where it is.

Covered are identity numbers, phone numbers and other accounts that reach a person, number plates, bank cards, the homes of
people, and the names of persons who have no public post: 王女士, 犯罪嫌疑人…, 村民…. What a newspaper covers itself (张某) has no name,
numbers that bodies make known (110, 12345, a hotline) and the addresses of offices are nobody's, and who has a post is named
for it. All rules are of the language; `docs/privacy.md` gives them in words, with recall and precision.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from ahocorasick_rs import AhoCorasick, MatchKind

from kg import lexicon, words
from kg.lines import in_one_form
from kg.mentions import people
from kg.read import Article, Page, Sentence

COVER = "＊"


@dataclass(frozen=True, slots=True, order=True)
class Private:
    """A stretch of a text that is private: its place, and `sort` (identity, phone, account, plate, card, home, name)."""

    start: int
    end: int
    sort: str


# ---------------------------------------------------------------- numbers

# A number is no part of a longer one, and counts nothing.
BEFORE = r"(?<![0-9A-Za-z.\-第])"
AFTER = r"(?![0-9A-Za-z]|\.[0-9]|[ ]?(?:[元万亿余多人次起件个户名家份条辆吨度页票级%％千公亩平立斤克字分倍篇册株棵艘袋箱桶瓶枚颗粒]|封(?![停禁锁号存])|号(?!码|机)))"
GAP = r"[ \u3000\-－—]"
NUMBER = re.compile(r"[0-9][0-9Xx \u3000\-－—）)转]{5}")  # what every private number has, plates apart
RUN = re.compile(r"[A-Za-z0-9_.\-]{5}")  # what every account and every plate has
SIGNS = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.\- \u3000－—）)转·•．]{4}")  # what all of these have
REACHED_BY = re.compile(
    r"(?:举报|监督|投诉|咨询|报警|报案|服务|值班|热线|专线|办公|求助|救援|维权|客服|传真|投稿|征订|广告|发行|新闻|爆料|预约|便民|应急|信访|公开|征集|受理|接待|总机|编辑|责编|美编|编审|版式|校对|本报|本台|该[局站所队院]|(?:[局队站所院委办部]|中心)(?:联系)?电话|联系人[：:][^，。；]{0,3}(?:[法警]官|检察官|[长任员]))"
    r"[^。；！？]{0,30}$"
)
GIVEN_TO = re.compile(r"(?:捐款|捐赠|募捐|对公|专户|公司|委员会|基金会|财政)[^。；！？]{0,16}$")

IDENTITY = re.compile(rf"{BEFORE}[1-9](?:{GAP}?[0-9]){{16}}{GAP}?[0-9Xx](?![0-9A-Za-z])")
IDENTITY_SAID = re.compile(
    r"(?:身份证|身份号码|证件号|护照|通行证|居住证|驾驶证|军官证|警官证|社保卡|医保卡|学籍号)[\u4e00-\u9fff]{0,4}[：:为是（( ]{0,3}([A-Za-z]{0,2}[0-9][0-9Xx \-]{4,24}[0-9Xx])"
    + AFTER
    + "(?![张本])"
)
MOBILE = re.compile(
    rf"(?<![0-9A-Za-z.第])(?:(?:\+|00)?86{GAP}?)?1[3-9][0-9](?:{GAP}?[0-9]{{4}}{GAP}?[0-9]{{4}}|{GAP}?[0-9]{{3}}{GAP}?[0-9]{{5}}){AFTER}"
)
LANDLINE = re.compile(
    rf"{BEFORE}(?:[（(]0[1-9][0-9]{{1,2}}[）)]|0[1-9][0-9]{{1,2}}){GAP}?[2-9][0-9]{{2,3}}{GAP}?[0-9]{{4}}(?:[\-转][0-9]{{1,5}})?{AFTER}"
)
LOCAL = re.compile(
    rf"(?:电话|座机|致电|拨打|联系方式)[\u4e00-\u9fff]{{0,3}}[：:是为 ]{{0,2}}([2-9][0-9]{{6,7}}){AFTER}"
)
CAPITAL = re.compile(r"[A-HJ-NP-Z][·•．. \-]?[A-Z0-9]{5}")
PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使][A-HJ-NP-Z][·•．. \-]?"
    r"(?=[A-Z]{0,4}[0-9])(?:[A-HJ-NP-Z0-9]{6}|[A-HJ-NP-Z0-9]{5}|[A-HJ-NP-Z0-9]{4}[挂学领港澳])(?![A-Za-z0-9])"
)
CARD = re.compile(
    rf"{BEFORE}(?:62[0-9]{{2}}|4[0-9]{{3}}|5[1-5][0-9]{{2}}){GAP}?[0-9]{{4}}{GAP}?[0-9]{{4}}{GAP}?[0-9]{{4}}(?:{GAP}?[0-9]{{1,3}})?(?![0-9A-Za-z])"
)
CARD_SAID = re.compile(
    r"(?:卡号|银行卡|账号|帐号|账户|帐户|存折)[^，。；！？0-9A-Za-z]{0,8}([0-9](?:[ \-]?[0-9]){11,18})(?![0-9A-Za-z])"
)
MAIL = re.compile(
    r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){0,4}\.[A-Za-z]{2,12}"
)
ACCOUNT = re.compile(
    r"(?:(?<![A-Za-z])[Qq]{2}|微信|支付宝|抖音|快手)(?!公众|小程序|群)(?:账号|帐号|号码|[大小]?号|昵称)?[：:为是（( ]{0,2}([A-Za-z0-9_][A-Za-z0-9_\-]{4,19})(?![A-Za-z0-9])"
)

PROVINCES = frozenset(
    (*range(11, 16), 21, 22, 23, *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82, 83)
)
BORN = range(1900, 2050)


def has_birth(number: str) -> bool:
    """Whether 18 characters begin as identity numbers (GB 11643) do, with a province and then a day of birth.

    The last one, a check character, is not asked for: papers misprint it, and of some 4,500 other numbers one has the rest.

    >>> has_birth("110105194912310029"), has_birth("110105194913310029")
    (True, False)
    """
    if not number[:17].isdecimal() or int(number[:2]) not in PROVINCES or int(number[6:10]) not in BORN:
        return False
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return True


def is_card(number: str) -> bool:
    """Whether digits end with their Luhn check digit.

    >>> is_card("4111111111111111"), is_card("4111111111111112")
    (True, False)
    """
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _ahead(text: str, at: int, most: int) -> str:
    """What stands before a place."""
    return text[max(0, at - most) : at]


def _bare(text: str) -> str:
    return re.sub(r"[^0-9A-Za-z]", "", text)


def _identities(text: str) -> Iterator[Private]:
    said = "身份" in text
    for m in IDENTITY.finditer(text):
        if said or has_birth(_bare(m[0])):
            yield Private(*m.span(), "identity")
    for m in IDENTITY_SAID.finditer(text):
        yield Private(*m.span(1), "identity")


def _phones(text: str) -> Iterator[Private]:
    for m in MOBILE.finditer(text):
        yield Private(*m.span(), "phone")
    for pattern, group in ((LANDLINE, 0), (LOCAL, 1)):
        for m in pattern.finditer(text):
            if not REACHED_BY.search(_ahead(text, m.start(group), 60)):
                yield Private(*m.span(group), "phone")


def _plates(text: str) -> Iterator[Private]:
    for m in PLATE.finditer(text) if CAPITAL.search(text) else ():
        if text[m.end() : m.end() + 1] != "警":
            yield Private(*m.span(), "plate")


def _cards(text: str) -> Iterator[Private]:
    for m in CARD.finditer(text):
        if is_card(_bare(m[0])) and not GIVEN_TO.search(_ahead(text, m.start(), 40)):
            yield Private(*m.span(), "card")
    for m in CARD_SAID.finditer(text):
        if not GIVEN_TO.search(_ahead(text, m.start(), 40)):
            yield Private(*m.span(1), "card")


def _accounts(text: str) -> Iterator[Private]:
    for m in MAIL.finditer(text):
        if not m[0].lower().endswith(".gov.cn") and not REACHED_BY.search(_ahead(text, m.start(), 60)):
            yield Private(*m.span(), "account")
    for m in ACCOUNT.finditer(text):
        yield Private(*m.span(1), "account")


# ---------------------------------------------------------------- homes

WIDE = r"(?>(?:[\u4e00-\u9fff]{2,8}?(?:自治区|自治州|自治县|自治旗|街道|苏木|[省市盟州县旗镇乡]|(?<![小社])区)){0,5})"
NARROW = r"(?:路|街|巷|道|胡同|弄|里|村|屯|嘎查|庄|寨|组|队|社|社区|小区|苑|园|府|庭|城|街坊|号楼|家属院|家属区|大院|公寓|宿舍|号院|号|栋|幢|座|单元|室|户)"
COUNTED = r"[0-9一二三四五六七八九十]{1,4}(?:号[院楼]?|栋|幢|座|单元|室|户|组|队)(?:街坊)?"
PLACE = r"(?:[\u4e00-\u9fffA-Za-z0-9#\-－—·](?<![的了在是有某]))"
LIVES = re.compile(
    rf"(?:家住|现住址?|住址|住在|居住在|居住于|居住地|租住在|租住于|暂住在?|户籍地址?|户籍所在地|户籍(?=[在为是：])|户口所在地|户口登记在|户口在|落户在|家庭住址|家庭地址|住所地?|住所位于|家在|家位于|送货地址|收货地址)"
    rf"(?:为|是|：|:|位于|在)?(?P<wide>{WIDE})(?P<home>(?!哪){PLACE}{{1,28}}{NARROW}(?=的|[，。；、！？：）（)( ”]|$)|(?:{PLACE}{{0,24}}{COUNTED})+)"
)
# A flat, whoever lives there; in a building of a body it is an office.
FLAT = re.compile(
    r"[0-9A-Za-z一二三四五六七八九十]{1,4}(?:号楼|号|栋|幢|座|#)?楼?[，、 ]?(?:[0-9A-Za-z一二三四五六七八九十]{1,3}单元[，、 ]?(?:[0-9]{1,2}[层楼])?[，、 ]?(?:[0-9]{1,4}[室号户]?)?|[0-9]{3,4}[室户])"
)
WIDER = re.compile(f"^{WIDE}")
# The street and the estate that lead to a flat; their names begin after what tells where, or after a division.
ESTATE = re.compile(
    r"(?<=[在于到是为：:，、（“《区市县镇乡])(?P<home>(?:[\u4e00-\u9fff]{1,7}?(?:大街|大道|路|街|巷|胡同|小区|新村|家园|花园|苑|园|城|里|庭|府|公寓|家属院)(?:[A-Za-z0-9一二三四五六七八九十东西南北]{1,2}[区期])?){1,3})$"
)
HALL = re.compile(r"(?:办公|大厅|中心|办事处|窗口|大厦|写字楼|酒店|宾馆|会议|接待|教学|门诊|公司)[^。；！？]{0,16}$")


def _homes(text: str) -> Iterator[Private]:
    for m in LIVES.finditer(text) if "住" in text or "户" in text or "家" in text or "址" in text else ():
        if not re.search(r"(?:公司|企业|单位|机构|法人|注册)[^，。；]{0,4}$", _ahead(text, m.start(), 8)):
            yield Private(*m.span("home"), "home")
    if "单元" in text or "室" in text or "户" in text:
        for m in FLAT.finditer(text):
            is_flat = "单元" in m[0] or any(mark in m[0] for mark in "栋幢楼座#")
            before = _ahead(text, m.start(), 24)
            is_office = HALL.search(before) or ("单元" not in m[0] and "地址" in before)
            if is_flat and re.search("[0-9]", m[0]) and not is_office:
                estate = ESTATE.search(before)
                led = WIDER.sub("", estate["home"]) if estate else ""
                yield Private(m.start() - len(led), m.start() + len(m[0].rstrip("，、 ")), "home")


NUMBERS: tuple[Callable[[str], Iterator[Private]], ...] = (_identities, _phones, _cards)


def find(text: str) -> list[Private]:
    """What a text in one form (kg.lines.in_one_form) says that is private by itself, names apart, in order."""
    found = [*_homes(text)]
    if SIGNS.search(text):
        found += [private for sort in NUMBERS for private in sort(text)] if NUMBER.search(text) else []
        found += (*_plates(text), *_accounts(text)) if RUN.search(text) else ()
    return sorted(found)


# ---------------------------------------------------------------- names

# Roles in which somebody is told of without a post. After the first a name follows nearly always, after the second ordinary words too.
CHARGED = (
    "户名为 户名： 犯罪嫌疑人 嫌疑人 嫌疑犯 嫌犯 疑犯 被告人 被告 原告 上诉人 被上诉人 被执行人 申请人 被申请人 自诉人 罪犯 逃犯 在逃人员 在逃犯 通缉犯 违法行为人 违法人员 违法嫌疑人 "
    "涉案人员 涉案人 伙同 同伙 同案犯 吸毒人员 戒毒人员 社区矫正对象 服刑人员 醉驾人员 酒驾人员 肇事者 肇事人 肇事司机 受害人 受害者 被害人 被骗人 受骗人 当事人 报警人 报案人 举报人 "
    "线人 知情人 证人 目击者 失主 事主 走失者 走失老人 失踪人员 被困人员 死者 伤者 患者 病人 姓名： 化名 其妻 其夫 其子 其女 其父 其母 妻子 丈夫 母亲 父亲 儿子 女儿 "
    "哥哥 弟弟 姐姐 妹妹 奶奶 爷爷 外婆 外公 孙子 孙女 女友 男友 前夫 前妻 男子 女子 男孩 女孩 男童 女童 少年 少女 婴儿 幼童 老汉 老太 老大爷 老大娘 房东 租客 业主 户主 "
    "车主 船主 债主 借款人 担保人 持卡人 收款人 开户人 表弟 表哥 表姐 表妹 堂弟 堂哥 堂姐 堂妹 侄子 侄女 外甥 岳父 岳母 公公 婆婆 儿媳 女婿 嫂子 弟媳 未婚夫 未婚妻 保姆 货车司机 出租车司机 网约车司机 驾驶人 驾驶员 司机 受助人 受助者 被救者 被拐人员 落水者 轻生者 信访人 上访人 贫困户 脱贫户 低保户 五保户 监测户 困难户"
).split()
AMONG = (
    "群众 居民 村民 市民 网民 网友 牧民 农民 渔民 住户 商户 店主 老板 摊主 顾客 客户 乘客 旅客 游客 学生 同学 家长 老人 老年人 老乡 孩子 儿童 考生 青年 工友 农民工 务工人员 "
    "岁的 旬的 会计 出纳 保安 厨师 微商 房客 包工头 快递员 外卖员 骑手 矿工 船员 保洁员 护工 自称 名叫 租户 消费者 读者 观众 员工 职工 独居老人 留守老人 留守儿童 残疾人 空巢老人 孤寡老人 养殖户 种植户 农户 牧户 买家 卖家 买主 卖主 用户 病患 家属 亲属 邻居"
).split()
ROLES = (*CHARGED, *AMONG)
IN_CHARGE = frozenset(CHARGED)
ROLE = AhoCorasick(ROLES, matchkind=MatchKind.LeftmostLongest)
UNLESS_POST = frozenset("岁的 旬的 名叫 自称".split())  # said of anybody
# Between a role and a name, and what follows a name of somebody in such a role.
LINK = re.compile(r"[：:（( ]|之一(?=[\u4e00-\u9fff])|是|为|名叫|叫")
GOES_ON = frozenset(
    "去每签犯因将被在对以于到向与和及等的系是为驾持称说经通利伙先多涉自主如交供有分均共抢盗诈骗逃窜落归投报乘携醉酒无拒从遂即便欲违虚冒采用使给从已又再正，。、；：！？（）()：“”《》 "
)
DEEDS = re.compile(
    r"(?:等?(?:[0-9一二三四五六七八九十两]{1,4}[名人个][\u4e00-\u9fff]{0,8}?)?)?(?:均|分别|先后|相继)?"
    r"(?:的(?:妻子|丈夫|父亲|母亲|父母|儿子|女儿|家人|家属|亲属|邻居|同乡|工友|室友)|(?:系|为|是)(?:夫妻|父子|母子|父女|母女|兄弟|姐妹|亲属|情侣|恋人|同乡|邻居)|(?:夫妻|夫妇|父子|母子|父女|母女|兄弟|姐妹|姐弟|兄妹)(?:俩|[两二]人)|（(?:化名，)?[男女][，、](?:[0-9]{1,2}岁|[0-9]{4}年|[\u4e00-\u9fff]{1,3}族?[人，、])|，[男女]，(?![^。]{0,60}(?:参加工作|入党|党员|学历))|[（(][0-9]{2}岁|，[0-9]{1,2}岁，|因?涉嫌|因犯|犯(?=[\u4e00-\u9fff]{2,10}罪)|因(?:盗窃|诈骗|赌博|吸毒|醉酒|酒后|无证|殴打|寻衅|妨害|非法|琐事|纠纷|家庭)|"
    r"被?(?:依法|公安机关|警方|民警|当场|成功|一审|二审|法院|检察院|检察机关|抓捕组|专案组){0,3}"
    r"(?:刑事拘留|行政拘留|治安拘留|拘留|逮捕|批捕|批准逮捕|取保候审|监视居住|抓获归案|判处|判刑|移送起诉|提起公诉|强制隔离戒毒|通缉|上网追逃|行政处罚)|"
    r"被(?:依法|公安机关|警方|民警|当场|成功)?(?:抓获|查获|控制|传唤|带回|骗|诈骗|刷单|拐|打伤|撞|困|救)|主动投案|投案自首|自首|到案|归案|落网|(?:有期|无期)徒刑|拘役|死刑|"
    r"报警|报案|来到?派出所|向(?:警方|民警|派出所|公安机关)(?:求助|报警|报案|送)|(?:的|家)?(?:身份证|银行卡|户口本|住处|住所|家[中里的])|纠集|指使|下落不明|失联|失踪|走失|溺水|昏迷|身亡|遇难|骨折|先?后?多?次?(?:转出|转账|汇款|汇出|转走)|(?:被?列[为入])(?:网上|在逃|失信)|名下|对(?:其|自己)?[\u4e00-\u9fff]{0,14}供认不讳|如实供述|交代)"
)
# What every one of these has.
DEED = AhoCorasick(
    "（男 （女 (男 (女 ，男， ，女， 岁 嫌 因犯 因盗 因诈 因赌 因吸 因醉 因酒 因无证 因殴 因寻衅 因妨害 因非法 因琐事 因纠纷 因家庭 罪 拘 捕 判处 判刑 候审 居住 公诉 强制隔离 通缉 追逃 行政处罚 抓获 查获 控制 传唤 带回 骗 刷单 拐 打伤 撞 被困 被救 警救 警方救 功救 自首 到案 归案 落网 徒刑 死刑 "
    "的妻子 的丈夫 的父 的母 的儿子 的女儿 的家 的亲属 的邻居 的同乡 的工友 的室友 夫妻 父子 母子 父女 母女 兄弟 姐妹 姐弟俩 兄妹俩 夫妇俩 夫妇二人 情侣 恋人 同乡 邻居 "
    "报警 报案 求助 民警送 警方送 派出所送 机关送 到派出所 来派出所 身份证 银行卡 户口本 住处 住所 家中 家里 家的 纠集 指使 下落不明 失联 失踪 走失 名下 列为网上 列入网上 列为在逃 溺水 昏迷 身亡 遇难 骨折 转出 转账 汇款 汇出 转走 失信 供认 供述 交代".split()
)
# Nouns by which a person is known in public: 负责人, 传承人, 获得者, 种粮大户.
NOT_KNOWN_AS = "".join(
    f"(?<!{end})"
    for end in "责人 头人 承人 持人 言人 选人 始人 表人 办人 导人 党人 军人 名人 诗人 得者 作者 记者 学者 究者 编者 愿者 术人员 研人员 理人员 大户 医生".split()
)
LED_TO = re.compile(
    r"(?:^|[，。；：！？、“（]|抓获|查获|传唤|控制|判处|判决|劝返|解救|救出|找到|救助|帮助|逮捕|起诉|拘留|通缉|追逃|将|对|把|从|在|向|与|和|是|叫|名叫|为|给|由|的)"
)
TITLES = (
    "女士 先生 小姐 大爷 大妈 大娘 大叔 大伯 大姐 大哥 大嫂 阿姨 阿婆 阿公 阿伯 奶奶 爷爷 婆婆 伯伯 老伯 老汉 老太太 老太 老人 师傅 同学 姑娘"
).split()
COURTEOUS = AhoCorasick(TITLES)
COURTESY = re.compile(rf"(?:{'|'.join(TITLES)})(?!们)")
DOTTED = re.compile(r"[\u4e00-\u9fff]{1,7}·")
LISTED = re.compile(r"[\u4e00-\u9fff]{2,3}(?=[、等犯]|（[男女0-9])")
LEADS = frozenset("向从有来原籍")  # surnames that mostly lead to something else: 向|陈某求助, 外省籍|老人
NEVER_LAST = frozenset("应签没不就是也都还在已将被犯抓因由出说把给要这那她它")
# Sex and age, behind the name of somebody private, whatever stands before it.
AGED = re.compile(r"（(?:化名，)?[男女][，、](?=[^）]{0,8}[0-9])")
QUESTIONS = re.compile("何[时处人以为必种事日地故在去从等]|谁|那么|那样")
NO_NAMES = frozenset("安全感 陈述 黑名单 沙特 钱财".split())  # that jieba takes for names
TELLING = tuple("mrvdpcfalt")  # parts of speech that begin no name: 许多, 闻讯
PSEUDONYM = re.compile(r"（化名）|\(化名\)|”?（均?为?化名")
NOBODY = re.compile(r"[某×XxＸ＊*○〇]")


def _names(text: str) -> Iterator[tuple[int, int]]:
    """Where a sentence names persons in a private role."""
    for index, begin, at in ROLE.find_matches_as_indexes(text):
        sure = ROLES[index] in IN_CHARGE
        if at - begin == 2 and not _parts(text[max(0, begin - 6) : at], text[at : at + 2]):
            continue  # 行业主管
        if ROLES[index] in UNLESS_POST and _has_post(text, at):
            continue
        link = LINK.match(text, at)
        yield from _list_of_names(text, link.end() if link else at, sure)
    for m in _who().finditer(text):
        noun = words.cut(text[max(0, m.start() - 4) : m.end("noun")])[-1]
        if len(noun) > 1 and words.tag(noun)[0] in "nx" and not noun.endswith(_all_posts()):
            yield from (
                n
                for n in _list_of_names(text, m.end(), sure=False)
                if n[1] - n[0] > 2 or text[n[1] : n[1] + 1] in GOES_ON
            )
    if DEED.find_matches_as_indexes(text) and DEEDS.search(text):
        for m in LED_TO.finditer(text):
            listed = [(m.end(), _named(text, m.end(), sure=False) or _short(text, m.end()))]
            while (end := listed[-1][1]) is not None and text[end : end + 1] in ("、", "和"):
                listed.append((end + 1, _named(text, end + 1, sure=False) or _short(text, end + 1)))
            known = [(at, end) for at, end in listed if end is not None]
            if known and DEEDS.match(text, known[-1][1]):
                yield from known


def _has_post(text: str, at: int) -> bool:
    """Whether what goes on after a name gives the person a post: 37岁的…被任命为…院长, 名叫…的民警."""
    known = re.search(r"[是任为当做选的][^，。；]{0,20}", text[at + 2 : at + 60])
    return known is not None and any(post in known[0] for post in _all_posts())


def _list_of_names(text: str, at: int, sure: bool) -> Iterator[tuple[int, int]]:
    """Where names stand in a row from a place on."""
    end = _named(text, at, sure)
    while end is not None:
        yield at, end
        if text[end : end + 1] not in ("、", "和", "及"):
            return
        at = end + 1
        end = _named(text, at, sure) or _in_list(text, at)


@cache
def _who() -> re.Pattern[str]:
    """A noun for somebody before what may be a surname: 债务人|…, 小学生|…, 在押人员|…"""
    first = "".join({name[0] for name in _surnames()})
    return re.compile(f"(?P<noun>[人者户生工童犯娘郎]|人员){NOT_KNOWN_AS}(?:是|为|叫)?(?=[{first}])")


def _aged(text: str) -> Iterator[tuple[int, int]]:
    """Where a sentence gives sex and age behind a name: …的霍玉芬（女，61岁）."""
    for m in AGED.finditer(text):
        for width in (3, 2, 4):
            at = m.start() - width
            if at >= 0 and (known := _surname(text, at)) and width - known in (1, 2) and _is_given(text, at, m.start()):
                if not PSEUDONYM.match(m[0]) and not NOBODY.search(text[at : m.start()]):
                    yield at, m.start()
                break


def _short(text: str, at: int) -> int | None:
    """Where a name that begins at a place ends so that a deed of a private person follows at once."""
    width = _surname(text, at)
    if not width or _leads(text, at) or _ordinary(text, at)[:1] in TELLING:
        return None
    if (text[at] in _words() and not _like_a_name(text, at)) or people.NOT_A_NAME.match(text[at : at + 7]):
        return None
    ends = (end for end in (at + width + 2, at + width + 1) if _is_given(text, at + width, end))
    return next((end for end in ends if DEEDS.match(text, end) and not _is_word(text, at, end)), None)


def _named(text: str, at: int, sure: bool) -> int | None:
    """Where the name of somebody in a private role ends, or None where no name begins there."""
    if QUESTIONS.match(text, at) or COURTESY.match(text, at + 1):
        return None
    if not _surname(text, at) or _leads(text, at) or (not sure and _ordinary(text, at)):
        return _foreign(text, at) or (_dotted(text, at) if sure else None)
    end = people.name_at(text, at, "" if sure else "民警") or (_guessed(text, at) if sure else _spelt(text, at))
    if (
        end is None
        or "两" in text[at:end]
        or NOBODY.search(text[at : end + 1])
        or PSEUDONYM.match(text, end)
        or _is_word(text, at, end)
    ):
        return None
    if end - at == 3 and text[end - 1] in NEVER_LAST:
        end -= 1
    elif end - at == 2 and (words.tag(text[end - 1 : end + 1]) == "nr" or (sure and _belongs(text, end))):
        end += 1
    return None if (not sure or text[at] in _words()) and _tells(text, at, end) else end


def _spelt(text: str, at: int) -> int | None:
    """Where a name of three characters ends that are no words (晏|秀|珍), or of which two are one like a name (梅|永昌)."""
    cut = words.cut(text[at : at + 7])
    lengths = [len(word) for word in cut[:3]]
    own = words.tag(cut[1]) if lengths[:2] == [1, 2] else ""
    like = lengths == [1, 1, 1] or own in ("nr", "ns", "nz", "x")
    trusted = (
        (text[at] not in _words() or lengths == [1, 1, 1] or own == "nr")
        and _surname(text, at) == 1
        and not people.NOT_A_NAME.match(text[at : at + 7])
    )
    return at + 3 if like and trusted and _is_given(text, at + 1, at + 3) and text[at + 2] not in people.WEAK else None


def _in_list(text: str, at: int) -> int | None:
    """Where an item of a list of names ends, whatever its surname: 李波、仇德峰、…"""
    item = LISTED.match(text, at)
    return item.end() if item and not _is_word(text, at, item.end()) and not NOBODY.search(item[0]) else None


def _foreign(text: str, at: int) -> int | None:
    """Where a name that writes foreign sounds ends: 叶尔兰, 阿依古丽·买买提."""
    end = people.name_at(text, at, "民警") if text[at : at + 1] in people.TRANSLITERATED else None
    if end is None or end - at < 3 or not ("·" in text[at:end] or people.TRANSLITERATED.issuperset(text[at:end])):
        return None
    return None if _tells(text, at, end) else end


def _dotted(text: str, at: int) -> int | None:
    """Where a name with a dot ends that must stand here: behind the word after the dot and what belongs to it."""
    dot = None if text[at : at + 1] in GOES_ON else DOTTED.match(text, at)
    end = dot.end() if dot else len(text)
    for word in words.cut(text[end : end + 6]):
        end += len(word)
        if dot and end - dot.end() > 1:
            while end - dot.end() < 7 and (text[end : end + 1] in people.TRANSLITERATED or _belongs(text, end)):
                end += 1
            return end
    return None


def _guessed(text: str, at: int) -> int | None:
    """Where a name ends that must stand here, as far as that can be told: before a word that goes on, else after two characters."""
    width = _surname(text, at)
    if not width or people.NOT_A_NAME.match(text[at : at + 7]):
        return None
    ends = [end for end in (at + width + 1, at + width + 2) if _is_given(text, at + width, end)]
    before = next((end for end in ends if end == len(text) or text[end] in GOES_ON), None)
    usual = text[at : at + width] not in _words() or _like_a_name(text, at)
    return before or (ends[-1] if ends and usual else None)


def _tells(text: str, at: int, end: int) -> bool:
    """Whether what looks like a name is a surname and a word that tells something: 群众|齐|上阵."""
    tags = [words.tag(word) for word in words.cut(text[at:end]) if len(word) > 1]
    return any(tag[0] in "vadcpil" or (text[at] in _words() and tag[:2] != "nr") for tag in tags)


def _belongs(text: str, at: int) -> bool:
    """Whether the character at a place, behind a name of two, is rather its third than the beginning of what goes on."""
    first = words.cut(text[at : at + 4] or "。")[0]
    return len(first) == 1 and first not in GOES_ON | people.WEAK and _is_given(text, at, at + 1)


def _surname(text: str, at: int) -> int:
    """How many characters of a surname stand at a place."""
    known = _surnames()
    return 2 if text[at : at + 2] in known else 1 if text[at : at + 1] in known else 0


@cache
def _surnames() -> frozenset[str]:
    return frozenset(name for row in lexicon.rows("surnames") for name in row[0].split() if row[1] != "rare")


@cache
def _words() -> frozenset[str]:
    """Surnames that are ordinary words too."""
    return frozenset(name for row in lexicon.rows("surnames") for name in row[0].split() if row[1] == "word")


def _is_given(text: str, start: int, end: int) -> bool:
    return len(text) >= end and all(
        people.HAN.match(c) and c not in people.NOT_IN_NAME and c not in "一名个位两" for c in text[start:end]
    )


def _ordinary(text: str, at: int) -> str:
    """The part of speech of the ordinary word that begins at a place, which no name does; empty where there is none."""
    first = words.cut(text[at : at + 4])[0]
    named = len(first) == 1 or words.tag(first).startswith("nr") or _surname(text, at) == 2
    return "" if named else words.tag(first)


def _leads(text: str, at: int) -> bool:
    return text[at] in LEADS and not words.tag(words.cut(text[at : at + 4])[0]).startswith("nr")


def _is_word(text: str, at: int, end: int) -> bool:
    """Whether what looks like a name is an ordinary word (陈述), or reaches into one that begins with it (安全|感)."""
    first = words.cut(text[at : at + 4])[0]
    if first in NO_NAMES:
        return True
    if len(first) == 1 or words.tag(first).startswith("nr") or _surname(text, at) == 2:
        return False
    return len(first) >= end - at or text[at] in _words()


def _like_a_name(text: str, at: int) -> bool:
    """Whether words are cut as names are: jieba knows the name or the given one, or none of its characters go together."""
    cut = words.cut(text[at : at + 4])
    named = [words.tag(word) == "nr" for word in cut[:2]]
    return (
        [*map(len, cut)][:3] == [1, 1, 1]
        or (len(cut[0]) > 1 and named[0])
        or (len(cut[0]) == 1 and named[1:] == [True])
    )


def _courtesies(text: str) -> Iterator[tuple[int, int]]:
    """Where a sentence names persons by courtesy: 王女士, 李桂兰大娘. The title itself stays."""
    for m in COURTESY.finditer(text) if COURTEOUS.find_matches_as_indexes(text) else ():
        for width in (3, 2, 1):
            at = m.start() - width
            if (
                at < 0
                or not _surname(text, at)
                or (width == 1 and text[at] in LEADS)
                or NOBODY.search(text[at : m.start()])
            ):
                continue
            if not _is_given(text, at, m.start()) or (width > 1 and _ordinary(text, at)):
                continue
            if width > 1 and ((text[at] in _words() and _surname(text, at + 1)) or _tells(text, at, m.start())):
                continue  # 上门向|吴先生
            before = text[at - 1 : at]
            if not _parts(text[max(0, at - 6) : at], text[at : m.start()]) and (width > 1 or people.HAN.match(before)):
                continue
            if not text.endswith(_posts(), 0, at) and not PSEUDONYM.match(text, m.end()):
                yield at, m.start()
            break


def _begins_word(text: str, at: int, end: int) -> bool:
    """Whether the words that jieba sees part at both ends of a stretch."""
    return _parts(text[max(0, at - 6) : at], text[at:end], text[end : end + 2])


def _parts(before: str, middle: str, after: str = "") -> bool:
    """Whether the words that jieba sees part between stretches that stand side by side."""
    place, edges = 0, {0}
    for word in words.cut(before + middle + after):
        place += len(word)
        edges.add(place)
    return len(before) in edges and len(before + middle) in edges


@cache
def _all_posts() -> tuple[str, ...]:
    """All posts."""
    return tuple(row[0] for row in lexicon.rows("posts"))


@cache
def _posts() -> tuple[str, ...]:
    """The posts that make a person public by themselves."""
    return tuple(row[0] for row in lexicon.rows("posts") if row[0] not in people.ORDINARY_POSTS)


def names(sentences: Iterable[str]) -> dict[str, list[tuple[int, int]]]:
    """The stretches of each sentence that name private persons.

    Once named so, a full name is private wherever it stands, unless the page gives the person a public post.
    """
    texts = list(sentences)
    direct = {text: [*_names(text), *_aged(text), *_courtesies(text)] for text in texts}
    full = {text[start:end] for text, found in direct.items() for start, end in found if end - start > 1}
    if not full:
        return direct
    full -= {name for name in full if name[-1] in GOES_ON and name[:-1] in full}  # 陈波, and 陈波正 where 正在 follows
    named = {found.name for text in texts if any(name[:2] in text for name in full) for found in people.find(text, [])}
    public = {name for name in full if any(name.startswith(other) or other.startswith(name) for other in named)}
    return {
        text: [
            *((start, end) for start, end in found if end - start == 1 or text[start:end] in full - public),
            *_again(text, full - public),
        ]
        for text, found in direct.items()
    }


def _again(text: str, known: Iterable[str]) -> Iterator[tuple[int, int]]:
    for name in known:
        at = text.find(name)
        while at >= 0:
            end = at + len(name)
            if len(name) > 2 or _begins_word(text, at, end):
                yield at, end
            at = text.find(name, end)


# ---------------------------------------------------------------- a page


def cover(page: Page) -> Page:
    """The page with everything private in it covered: text, sentences and title, all of the same length as before."""
    sentences = [s for article in page.articles for s in article.sentences]
    named = names(s.text for s in sentences if s.kind != "byline")
    places: set[int] = set()
    for s in sentences:
        stretches = [(p.start, p.end) for p in find(s.text)] + named.get(s.text, [])
        places.update(offset for start, end in stretches for offset in s.offsets[start:end])
    text = page.document.text
    one_form, at = in_one_form(text), 0
    for line in text.splitlines(keepends=True):  # also what is in no sentence: the head of the page, marks
        places.update(at + i for p in find(one_form[at : at + len(line)]) for i in range(p.start, p.end))
        at += len(line)
    full = {text[start:end] for text, found in named.items() for start, end in found if end - start > 2}
    for start, end in ((m.start(), m.end()) for name in full for m in re.finditer(re.escape(name), text)):
        places.update(range(start, end))
    says = {name: _alone(getattr(page.document, name), full) for name in ("title", "author", "section", "paper")}
    document = replace(page.document, text=_covered(text, places), **says)
    if document == page.document:
        return page
    return Page(document, tuple(_article(article, places) for article in page.articles))


def _alone(text: str, full: Iterable[str]) -> str:
    """A text that stands beside the page, covered."""
    if not text:
        return text
    stretches = [(p.start, p.end) for p in find(in_one_form(text))] + names([text])[text]
    stretches += [(m.start(), m.end()) for name in full for m in re.finditer(re.escape(name), text)]
    return _covered(text, {i for start, end in stretches for i in range(start, end)})


def _article(article: Article, places: set[int]) -> Article:
    def covered(sentence: Sentence) -> Sentence:
        if places.isdisjoint(sentence.offsets):
            return sentence
        here = {i for i, offset in enumerate(sentence.offsets) if offset in places}
        return replace(sentence, text=_covered(sentence.text, here))

    return replace(article, sentences=tuple(map(covered, article.sentences)))


def _covered(text: str, places: set[int]) -> str:
    if not places:
        return text
    return "".join(COVER if i in places and not c.isspace() else c for i, c in enumerate(text))
