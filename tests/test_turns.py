"""Where a page turns to something else, and where it comes back to what another article has interrupted."""

from __future__ import annotations

from reading import Said, page, reads

TWO = """旌德县公安局查处违规车辆

旌德县公安局开展“清风”专项行动，查扣货车12辆，处罚司机9名，收缴证件6本，通报企业3家，约谈负责人3名。

一盏灯照亮晒谷场

泾县司法局桃花潭司法所在晒谷场设点，调解纠纷14件。
"""


def test_a_heading_with_another_body_under_it_turns() -> None:
    assert ("“清风”专项行动", 14.0) not in figures_of(TWO)
    assert ("泾县司法局桃花潭司法所", 14.0) in figures_of(TWO)


def test_a_heading_within_the_family_does_not_turn() -> None:
    text = TWO.replace("旌德县公安局", "宣城市公安局").replace("泾县司法局桃花潭司法所", "泾县公安局桃花潭派出所")
    assert Said(text).says("泾县公安局桃花潭派出所", "conducted", "“清风”专项行动")
    assert not Said(TWO).says("泾县司法局桃花潭司法所", "conducted", "“清风”专项行动")


def test_an_item_with_a_mark_of_its_own_turns() -> None:
    text = TWO.replace("一盏灯照亮晒谷场\n\n", "△")
    assert ("泾县司法局桃花潭司法所", 14.0) in figures_of(text)


INTERRUPTED = """封堵堤上的口子

潢川县水利局启动“固堤”专项行动。“这段堤最险。”潢川县水利局局长郑海涛说，巡查队每天走两遍，沙袋码得齐腰高。

本报讯（记者 周敏）光山县林业局走访农户60户，发放树苗900株，栽种现场请来了3名老林农做示范。

郑海涛说，堤上的人不敢合眼。专项行动中，封堵口子28处。
"""


def test_a_paragraph_goes_back_to_the_article_of_its_speaker() -> None:
    assert ("“固堤”专项行动", 28.0) in figures_of(INTERRUPTED)
    stranger = INTERRUPTED.replace("郑海涛说，堤上", "老农说，堤上")
    assert ("“固堤”专项行动", 28.0) not in figures_of(stranger)


def test_an_article_is_continued_where_the_page_says_so() -> None:
    text = INTERRUPTED.replace("郑海涛说，堤上", "（上接“封堵堤上的口子”）堤上")
    assert ("“固堤”专项行动", 28.0) in figures_of(text)


def test_no_sentence_is_lost_or_read_twice() -> None:
    for text in (TWO, INTERRUPTED):
        told = sorted(t.seen.sentence.offsets[0] for t in reads(text))
        printed = sorted(s.offsets[0] for a in page(text).articles for s in a.sentences if s.kind != "byline")
        assert told == printed


def test_the_body_that_signs_an_article_is_the_one_at_work() -> None:
    signed = "全年检查农资门店46家，立案7件，为农户追回货款18万元。\n（蕲春县农业农村局供稿）\n"
    assert ("蕲春县农业农村局", 46.0) in figures_of(signed)
    assert Said(signed).says("蕲春县农业农村局", "located_in", "蕲春县")
    assert not figures_of(signed.replace("供稿", "门前合影"))
    person = "蕲春县农业农村局局长郑海涛到场。\n\n本报讯 " + signed.replace("局供稿", "局供稿 郑海涛")
    assert ("蕲春县农业农村局", 46.0) in figures_of(person)
    named = signed.replace("全年检查", "罗田县林业局全年检查")
    assert ("罗田县林业局", 46.0) in figures_of(named)


def figures_of(text: str) -> set[tuple[str, float]]:
    """Whose each figure of a text is, with its value."""
    said = Said(text)
    return {
        (said.entities[s.subject].name, q.value)
        for s in said.stated("has_metric")
        if (q := said.entities[s.object].quantity)
    }


DIGEST = """一周快览

青阳县供销社收入超亿元

近日公布的账目显示，青阳县供销社经营收入达1.2亿元。

青阳县开展养老机构消防安全专项整治

青阳县消防救援大队日前开展养老机构消防安全专项整治，检查场所60处。

秋浦河水位回落

从上旬开始，秋浦河9座闸坝先后开启，水位回落。

县图书馆办展览

今天，县图书馆举办版画展览30场。
"""


def test_every_heading_of_a_digest_turns() -> None:
    """None of the items has a body of its own to tell by; the drive of the second is not that of the third."""
    assert Said(DIGEST).figures("养老机构消防安全专项整治") == {"检查场所": 60}


def test_a_drive_that_a_section_is_headed_by_ends_with_the_section() -> None:
    text = """泾县公安局盘点全年工作

泾县公安局召开会议，总结一年来的各项工作，表彰先进，查找不足，部署来年任务，各所队负责人悉数到会。

“护林”专项行动扎实有力

护林员走遍山前屋后，检查车辆60台，劝返带火上山的游客，把防火常识讲到家家户户的炕头上。

便民服务更上层楼

窗口增设桌椅，走访群众300户，办证不再跑二趟，乡亲们说起来个个竖大拇指。
"""
    assert Said(text).figures("“护林”专项行动") == {"检查车辆": 60}
    assert Said(text).figures("泾县公安局") == {"走访群众": 300}
