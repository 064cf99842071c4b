"""Figures: number, unit, qualifier, rise or fall, and what is counted, expected first; and numbers that are no figures."""

from __future__ import annotations

import pytest
from reading import figures, known_wrong

from kg.mentions.quantities import Figure

# measure (variants after |), value, unit, qualifier where it is not exact, change where there is one
READ = [
    # orders of verb, noun, number
    (["抓获犯罪嫌疑人|抓获嫌疑人 5 名"], "长兴县公安局抓获犯罪嫌疑人5名。"),
    (["商户接受检查|商户 320 家"], "320家商户接受检查。"),
    (["民警获评先进|民警 24 名"], "24名民警获评先进。"),
    (["规范党内组织生活制度|党内组织生活制度 13 项"], "规范13项党内组织生活制度。"),
    (["查扣违规车辆 12 辆"], "查扣12辆违规车辆。"),
    (["受到处分的干部|处分干部 26 名"], "受到处分的干部有26名。"),
    (["企业开展检查|企业 46 家"], "对46家企业开展检查。"),
    (["破获盗窃案件 26 起"], "桐庐县公安局破获26起盗窃案件。"),
    (["调解矛盾纠纷|矛盾纠纷调解 61 件"], "桂阳县司法局调解矛盾纠纷61件。"),
    (["立案 35 起"], "元谋县市场监管局立案35起。"),
    (["培训 18 场次"], "富平县农业农村局培训18场次。"),
    # lists after one verb
    (["出动警力 700 名 more_than", "警车|出动警车 63 辆", "警犬|出动警犬 26 条"], "郎溪县公安局出动警力700余名，警车63辆，警犬26条。"),
    (["查封仓库 3 间", "查封车间|车间 2 个"], "清水县市场监管局查封仓库3间、车间2个。"),
    (["检查旅馆 45 家", "检查网吧|网吧 12 家"], "平江县公安局检查旅馆45家、网吧12家。"),
    (["立案 14 件", "立案 11 件", "立案 9 件"], "三个县分别立案14件、11件和9件。"),
    # scales
    (["培训 64500 人次"], "永嘉县人社局培训6.45万人次。"),
    (["追缴赃款 723400 元"], "建水县公安局追缴赃款72.34万元。"),
    (["减税|减免税费 310000000 元"], "眉山市税务局减免税费3.1亿元。"),
    (["走访群众 1200000 人次"], "南阳市公安局走访群众120万人次。"),
    (["发放传单 3000 份"], "德江县司法局发放传单3000份。"),
    (["发放传单 12500 份"], "德江县司法局发放传单1.25万份。"),
    (["发放传单 12500 份"], "德江县司法局发放传单12,500份。"),
    # qualifiers
    (["走访群众 320 户 more_than"], "洛川县税务局走访群众320余户。"),
    (["走访群众 320 户 more_than"], "洛川县税务局走访群众320多户。"),
    (["走访群众 300 户 almost"], "洛川县税务局走访群众近300户。"),
    (["走访群众 300 户 at_least"], "洛川县税务局走访群众超300户。"),
    (["走访群众 300 户 at_least"], "洛川县税务局走访群众300户以上。"),
    (["走访群众 300 户 about"], "洛川县税务局走访群众约300户。"),
    (["走访群众 300 户 about"], "洛川县税务局走访群众300户左右。"),
    (["走访群众 21000 户 more_than"], "洛川县税务局走访群众2.1万余户。"),
    # Chinese numerals
    (["办理案件 100 件 more_than"], "随县公安局办理案件百余件。"),
    (["企业受益|企业 10 家 more_than"], "十余家企业受益。"),
    (["志愿者参与|志愿者 100 名 at_least"], "上百名志愿者参与。"),
    (["发放传单 20000 份 more_than"], "绩溪县司法局发放传单两万余份。"),
    # shares
    (["整改率 98.5 %"], "整改率达98.5%。"),
    (["群众满意率 98.6 %"], "群众满意率达到98.6%。"),
    (["破案率 100 %"], "破案率100%。"),
    (["纠纷调解成功率|调解成功率 96.2 %"], "纠纷调解成功率为96.2%。"),
    (["网上办税比例|比例 91 % at_least"], "网上办税比例超过91%。"),
    # rises and falls
    (["立案 35 起 -8.5%"], "元谋县市场监管局立案35起，同比下降8.5%。"),
    (["破获刑事案件 120 起 +12%"], "平江县公安局破获刑事案件120起，同比上升12%。"),
    (["受理投诉 96 件 -14.3%"], "元谋县市场监管局受理投诉96件，较去年同期下降14.3%。"),
    (["抓获嫌疑人 40 名 +25%"], "平江县公安局抓获嫌疑人40名（同比增长25%）。"),
    (["立案 20 件 +5%", "结案 18 件 +6%"], "宁陕县纪委监委立案20件、结案18件，同比分别增长5%、6%。"),
    (["处理违章 60 起 +100%"], "黄平县公安局处理违章60起，同比增长1倍。"),
    (["出口货值 860000000 元 +11.5%", "进口货值 320000000 元 -4%"], "出口货值8.6亿元，同比增长11.5%；进口货值3.2亿元，下降4%。"),
    (["整改率 97 %"], "整改率从85%提高到97%。"),
    # of which, per unit of time
    (["抓获嫌疑人 87 人", "网上在逃人员|网上逃犯|逃犯 6 人"], "平江县公安局抓获嫌疑人87人，其中网上逃犯6人。"),
    (["投入警力 260 人"], "平江县公安局每日投入警力260人。"),
    (["酒驾 36 起", "醉驾 4 起"], "其中，酒驾36起、醉驾4起。"),
    # money and measures
    (["涉案金额 120000000 元", "冻结资金 36000000 元 more_than"], "涉案金额达1.2亿元，冻结资金3600余万元。"),
    (["追回欠薪|农民工追回欠薪 586000 元", "农民工 36 名"], "为36名农民工追回欠薪58.6万元。"),
    (["补贴 500 元"], "每户补贴500元。"),
    (["扑救山火 2 起", "过火面积 14 亩"], "扑救山火2起，过火面积14亩。"),
    (["新建道路|道路 4 条", "总长 12.6 公里"], "新建4条道路，总长12.6公里。"),
    (["查验进出口货物 56 批次", "货值 120000000 元"], "查验进出口货物56批次、货值1.2亿元。"),
    (["罚款 52000 元"], "元谋县市场监管局罚款5.2万元。"),
    (["查获假酒 3.5 吨"], "元谋县市场监管局查获假酒3.5吨。"),
    (["造林 3200 亩"], "洛川县林业局造林3200亩。"),
    (["修复路面 1200 平方米"], "富平县交通运输局修复路面1200平方米。"),
    (["缴获毒品 45 公斤"], "瑞丽市公安局缴获毒品45公斤。"),
    # the same figure with words around it
    (["化解信访积案 32 件"], "今年以来，累计化解信访积案32件。"),
    (["出动执法人员 56 人次"], "截至6月底，已出动执法人员56人次。"),
    (["发现隐患 48 处", "整改 45 处"], "共发现隐患48处，已整改45处。"),
    (["举办“法治大讲堂”|举办法治大讲堂 12 期"], "举办“法治大讲堂”12期。"),
    (["签订《承诺书》|签订承诺书 860 份"], "签订《承诺书》860份。"),
    (["挽回损失 30000000 元 more_than"], "挽回损失三千多万元。"),
    (["辅导企业 320 户"], "洛川县税务局辅导企业三百二十户。"),
    (["接待群众 1100 人次"], "绩溪县司法局接待群众一千一百人次。"),
    (["办结率 95 %"], "办结率百分之九十五。"),
    (["盗窃警情 80 起"], "盗窃警情由去年的120起下降到80起。"),
    (["车辆 20 台"], "车辆由12台增加到20台。"),
    (["接警 56 起"], "平均每天接警56起。"),
    (["退赔率 88 %"], "退赔率提高到88%。"),
    (["拆除违章建筑 29 处", "拆除违章建筑 4600 平方米"], "拆除违章建筑29处4600平方米。"),
    (["立案 48 件", "立案 54 人"], "立案48件54人。"),
]  # fmt: skip

WRONG = [
    (["收到锦旗 100 面 more_than"], "随县公安局收到锦旗百余面。", "not seen"),
    (["发放宣传资料 3000 份 more_than"], "活动现场共发放宣传资料3000余份。", "活动现场共 is counted"),
    (["新建充电桩 60 个"], "富平县新建充电桩60个。", "the place is counted"),
    (["惠及村 12 个", "惠及群众|群众 8600 名 more_than"], "惠及12个村8600余名群众。", "the noun of the first is counted with the second"),
]  # fmt: skip

NO_FIGURE = [
    # dates and times
    "2024年6月26日，会议召开。",
    "6月26日上午9时30分，车辆出发。",
    "当晚23点，民警出发。",
    "3月15日至4月20日期间天气晴好。",
    "时间回到1998年。",
    "20世纪90年代，这里是荒地。",
    "第二季度已经过去。",
    # ages and durations
    "35岁的老李是护林员。",
    "年近60岁的王大爷来办证。",
    "他从警20年，获得称赞。",
    "巡逻持续了3个小时。",
    "行动为期3个月。",
    "5分钟内到达现场。",
    "整改期限15天。",
    "苦战7昼夜，案件告破。",
    # ordinals, numbers of things
    "第3批队伍出发。",
    "他家住5号楼12层。",
    "走进12345热线大厅。",
    "拨打110报警。",
    "乘坐G1023次列车。",
    "通过107国道。",
    "依据刑法第264条定罪。",
    "第十二届全国运动会开幕。",
    "2号窗口办理户口。",
    "联系电话0573-82345678。",
    "身高175厘米的男子逃走。",
    # slogans, methods, names
    "落实“1+12+N”机制。",
    "出台《优化营商环境20条措施》。",
    "开展“守护2号”行动。",
    "编织“三张网”。",
    "推行“10分钟办税圈”。",
    "坚持四个一同步。",
    # something compared with, from where, thresholds
    "不足5人的企业免检。",
    "同比少发案件36起，比去年多走访120户。",
    # ranks, marks, vague numbers
    "排名全省第2位，得分95分。",
    "数十名群众围观，几百人参加。",
    "连续5年零事故，评为三星级。",
    "气温降至零下10度。",
]

PLANNED = [
    (60, "年底前将新建充电桩60个。"),
    (800, "力争全年培训800人次。"),
    (300, "下一步，计划走访企业300家。"),
    (50, "拟招录辅警50名。"),
    (20_000, "预计惠及群众2万人。"),
    (95, "确保整改率达到95%。"),
]
DONE = [
    "将60台设备送到村里。",
    "计划已经完成，建成食堂40个。",
    "下一步再走访，目前已走访企业300家。",
    "将赃款12万元返还失主。",
]


def shown(figure: Figure) -> str:
    q = figure.quantity
    parts = [q.measure, f"{q.value:.12g}", q.unit]
    parts += [q.qualifier] if q.qualifier != "exact" else []
    parts += [f"{q.change:+g}%"] if q.change is not None else []
    return " ".join(parts)


def variants(expected: str) -> set[str]:
    measures, _, rest = expected.partition(" ")
    return {f"{measure} {rest}" for measure in measures.split("|")}


@pytest.mark.parametrize(("expected", "text"), [*READ, *known_wrong(WRONG)])
def test_reads(expected, text):
    found = sorted(shown(figure) for figure in figures(text))
    assert len(found) == len(expected), found
    assert all(any(found_one in variants(e) for found_one in found) for e in expected), found


@pytest.mark.parametrize("text", NO_FIGURE)
def test_no_figure(text):
    assert [shown(figure) for figure in figures(text)] == []


@pytest.mark.parametrize(("value", "text"), PLANNED)
def test_plans_are_told_from_results(value, text):
    assert [(figure.quantity.value, figure.planned) for figure in figures(text)] == [(value, True)]


@pytest.mark.parametrize("text", DONE)
def test_results_are_told_from_plans(text):
    assert [figure.planned for figure in figures(text)] == [False]


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (["日"], "随县公安局日均出动警力120人次。"),
        (["月"], "每人每月补助300元。"),
        ([""], "随县公安局出动警力120人次。"),
    ],
)
def test_per_unit_of_time(expected, text):
    assert [figure.quantity.per for figure in figures(text)] == expected


def test_running_totals_and_parts():
    total, part = figures("2024年以来，随县人民法院累计审结案件1200件，其中涉企案件300件。")
    assert (total.quantity.cumulative, total.quantity.of_which) == (True, False)
    assert part.quantity.of_which


@pytest.mark.parametrize(
    ("period", "start", "end", "text"),
    [
        ("今年1至9月份", "2024-01", "2024-09", "今年1至9月份，随县公安局破获案件320起。"),
        ("截至6月底", "", "2024-06", "截至6月底，随县税务局办理退税3.2亿元。"),
        ("去年", "2023", "2023", "去年，随县人民检察院起诉120人。"),
        ("2022年以来", "2022", "", "2022年以来，随县公安局立案86起。"),
        ("", "", "", "随县公安局立案86起。"),
    ],
)
def test_periods_by_the_date_of_the_page(period, start, end, text):
    (figure,) = figures(f"安岭日报\n2024/11/18\n05\n法治\n\n{text}")
    quantity = figure.quantity
    assert quantity.period == period
    assert (quantity.start[: len(start)], quantity.end[: len(end)]) == (start, end)
    assert bool(quantity.start) == bool(start) and bool(quantity.end) == bool(end)
