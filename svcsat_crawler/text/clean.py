"""Clean the text of an article: what the press and the site added goes, what was said stays.

Every rule counts what it changed; a jump in a count is a change of the site.  Nothing inside a
sentence is rewritten: digits, units and punctuation stay as printed, so that evidence can be held
against the page.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

# Controls (NUL from EmpireCMS's code table), zero-width characters, private-use icons, lone surrogates.
_DEBRIS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff\ue000-\uf8ff\ud800-\udfff]"
)
_BLANKS = re.compile("[ \t\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_LEAD = re.compile(r"^(?:电力18讯|电力18网?讯|北极星[^：:]{0,12}讯|本网讯|本报讯)\s*[:：]?\s*")
_PEOPLE = r"(?:特约)?(?:本报|本网|本刊)?(?:见习|全媒体|融媒体|实习)?(?:记者|通讯员|实习生|摄影|摄影师|撰文|撰稿|文字|供稿|供图|策划|统筹|编辑|校对|监制|审核|作者|来源|图片|视频|海报|设计)"
_CREDIT = re.compile(
    rf"^[（(]?(?:【[^】]{{0,20}}(?:记者|通讯员|实习生|摄影|撰文|供图|策划|统筹|编辑|校对|来源|文字|图片|作者)[^】]{{0,20}}】.{{0,60}}"
    rf"|(?:{_PEOPLE}[/、|｜ ]{{0,2}}){{1,4}}[:：/／|｜].{{1,60}})[）)]?$"
)
_ROLE = re.compile("(?:特约|见习|实习|本报|全媒体|融媒体)*(?:记者|通讯员|实习生)")
_AFTER_NAMES = re.compile("(?:综合|联合|摄影)?(?:报道|报导)$|(?:文/图|文图|摄影|/?文|摄)$")
_BETWEEN_NAMES = re.compile("[ 、,，:：/／|｜]+")
_EDITOR = re.compile(
    r"^[（(\[【]?(?:责任编辑|责编|编辑|审核|编审)\s*[:：]\s*(?P<name>[\w·]{2,12}(?:[ 、][\w·]{2,4})*)[）)\]】]?$"
)
_SOURCE = re.compile(r"^[（(\[【]?(?:文章来源|稿源|来源|原标题|信息来源)\s*[:：].{0,40}?[）)\]】]?$")
_NOISE = re.compile(
    r"^(?:扫一扫|扫描二维码|长按识别|点击(?:查看|阅读|下载|进入|关注)|更多(?:精彩|资讯|内容)|关注(?:我们|公众号|微信)"
    r"|分享到|打印本页|关闭窗口|【?返回|上一篇|下一篇|【?免责声明|版权声明|特别声明|未经(?:许可|授权)|转载请注明|声明[:：]|（完）$|\(完\)$|（未完，接下页）$|【?字号|我要评论|相关阅读|相关新闻|延伸阅读|推荐阅读)"
)
_SURNAMES = frozenset(
    "甲乙丙丁戊己庚辛壬癸"  # stand for a name that is not given: 甲某
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪"
    "范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪"
    "庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利於呼居揭干但尉冶斯元束檀衣信展阴昝智幸奉植衡富尧闭由"
)


@dataclass(slots=True)
class Cleaned:
    """A clean body and what was taken out of it."""

    body: str
    byline: str | None = None
    editor: str | None = None
    credits: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


def _plain(text: str, counts: Counter[str]) -> str:
    bare, debris = _DEBRIS.subn("", text)
    counts["debris"] += debris
    return _BLANKS.sub(" ", bare)


def _name(text: str, longest: int) -> bool:
    """Whether *text* is a person's name: a surname and more, 甲某, or parts joined by a dot."""
    parts = re.split("[·・]", text)
    if not all(part and all("\u4e00" <= sign <= "\u9fff" for sign in part) for part in parts):
        return False
    if len(parts) > 1:
        return len(text) <= 16
    return 2 <= len(text) <= longest and (text[0] in _SURNAMES or text.endswith("某"))


def _byline(line: str) -> bool:
    """Whether a line names reporters and says nothing else."""
    line = line.strip("（()） ")
    if len(line) > 60 or not (first := _ROLE.search(line)) or first.start() > 12:
        return False
    names = []
    for part in _ROLE.split(line[first.start() :])[1:]:
        names += [name for name in _BETWEEN_NAMES.split(_AFTER_NAMES.sub("", part.strip())) if name]
    return bool(names) and all(_name(name, 4) for name in names)


def clean_text(body: str, *, trailing_editor: bool = False, title: str = "") -> Cleaned:
    """Clean *body*, one paragraph a line.

    *trailing_editor*: the site's articles end with the bare name of the source's editor.

    >>> result = clean_text("电力18讯：\\n　　甲局得分为８１．５７分。\\n张媛媛 　", trailing_editor=True)
    >>> result.body, result.editor
    ('甲局得分为８１．５７分。', '张媛媛')
    """
    counts: Counter[str] = Counter()
    lines = [line for raw in _plain(body, counts).split("\n") if (line := raw.strip())]
    found = Cleaned("", counts=counts)
    if lines:
        bare, led = _LEAD.subn("", lines[0], count=1)
        counts["lead"] += led
        lines[0:1] = [bare] if bare else []
    if title and lines and lines[0] == _plain(title, Counter()).strip():
        counts["title"] += 1
        del lines[0]
    while len(lines) > 1 and _byline(lines[0]):
        line = lines.pop(0)
        found.byline = f"{found.byline} {line}" if found.byline else line
        counts["byline"] += 1
    kept = []
    for line in lines:
        if match := _EDITOR.match(line):
            found.editor = found.editor or match["name"].strip()
            counts["editor"] += 1
        elif _SOURCE.match(line) or _NOISE.match(line):
            counts["noise"] += 1
        elif len(line) <= 90 and _CREDIT.match(line):
            found.credits.append(line)
            counts["credits"] += 1
        else:
            kept.append(line)
    if trailing_editor and len(kept) > 1 and _name(kept[-1].replace(" ", ""), 3):
        found.editor = found.editor or kept[-1].replace(" ", "")
        del kept[-1]
        counts["editor"] += 1
    while len(kept) > 1 and _byline(kept[-1]):
        found.credits.insert(0, kept.pop())
        counts["credits"] += 1
    found.body = "\n".join(kept)
    counts += Counter()  # drops the zeros
    return found
