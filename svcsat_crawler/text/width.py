"""One-to-one character folding: every offset in the folded text is an offset in the original.

:func:`fold` swaps characters, never adds or drops one.  :func:`squeeze` drops the blanks that
sites put inside numbers and names and tells where every kept character came from.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

_PUNCTUATION = {
    "．": ".", "，": ",", "﹐": ",", "：": ":", "︰": ":", "；": ";", "！": "!", "？": "?",
    "（": "(", "）": ")", "〔": "(", "〕": ")", "［": "[", "］": "]", "％": "%", "﹪": "%", "／": "/", "～": "~",
    "〜": "~", "∼": "~", "—": "-", "–": "-", "―": "-", "─": "-", "‐": "-", "‑": "-", "‒": "-", "−": "-", "－": "-",
    "﹣": "-", "『": "“", "』": "”", "「": "“", "」": "”", "＂": '"', "〝": "“", "〞": "”", "・": "·", "•": "·",
    "‧": "·", "∙": "·", "○": "〇", "Ｏ": "O", "兩": "两",
}  # fmt: skip
_BLANKS = "\t\v\f\r\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
# Zero-width characters become blanks too: one character stays one character.
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\xad"
# Traditional characters that occur in the words of the lexicon, in numbers and in names of places.
_TRADITIONAL = (
    "電电網网滿满點点連连續续評评價价務务廣广東东莞莞時时間间頻频數数戶户業业務务報报裝装壓压減减縮缩節节約约"
    "費费資资億亿萬万個个項项類类調调查查問问卷卷發发佈布榜榜冠冠軍军蟬蝉聯联從从級级較较長长漲涨達达過过"
    "總总體体優优質质環环境境營营區区縣县鎮镇處处實实現现當当應应該该與与為为獲获得得勝胜計计劃划預预將将爭争"
    "標标準准規规則则確确據据統统顯显結结論论歷历來来創创開开關关協协會会員员學学習习術术團团聽听說说請请"
    "負负荷荷線线損损變变輸输備备風风險险經经濟济產产銷销購购買买賣卖讓让際际國国貴贵雲云寧宁陽阳潮潮門门"
    "陸陆慶庆遠远韶韶關关頭头汕汕湛湛揭揭肇肇圳圳齊齐齡龄龍龙鳳凤島岛灣湾薊蓟濱滨濰潍瀋沈漢汉蘇苏蘭兰鄭郑"
    "鎮镇誌志誤误檢检驗验證证書书訴诉訪访試试誠诚認认識识護护譽誉歲岁週周際际顆颗願愿領领題题類类額额"
    "顧顾鐘钟銀银鐵铁錯错鍵键轉转輕轻軟软輛辆農农運运適适選选還还邊边鄉乡醫医釋释雙双離离難难雖虽"
    "響响頂顶順顺頒颁須须頗颇頓顿養养餘余館馆騰腾驅驱驟骤體体髮发鬥斗魯鲁鮮鲜麗丽麥麦黃黄點点齒齿"
    "單单嚴严嶺岭帶带幹干幾几庫库廠厂張张強强彈弹後后復复徑径徵征態态憑凭憲宪懷怀戰战擇择擊击擔担據据擬拟"
    "擴扩擺摆攜携攝摄敗败敘叙斷断昇升晝昼暢畅曆历會会東东極极構构樂乐樓楼機机橋桥檔档權权歐欧歡欢歸归殘残"
    "決决沒没況况測测湊凑溫温滬沪潔洁澤泽濃浓濕湿災灾烏乌無无煉炼熱热燈灯爐炉牽牵狀状獎奖獨独獲获"
    "礎础禮礼穩稳積积稱称種种競竞筆笔筍笋範范築筑簡简簽签籌筹糧粮紀纪紅红純纯紙纸細细終终組组絡络給给絕绝"
    "綜综維维綠绿緊紧緒绪緣缘編编練练縱纵繼继績绩織织繳缴罷罢羅罗義义聲声職职肅肃脈脉腦脑臨临興兴舉举舊旧"
    "萊莱葉叶葦苇蓋盖薩萨藍蓝藝艺藥药蘊蕴蟲虫術术補补裡里複复褲裤視视覽览觀观觸触訂订訊讯討讨託托記记設设許许"
    "診诊詢询該该詳详誰谁課课談谈請请謝谢譯译議议讀读豐丰貝贝貢贡財财責责貨货質质貫贯貼贴賀贺賓宾賞赏賴赖贈赠"
    "贏赢趙赵趨趋躍跃車车載载輔辅輩辈辦办辭辞迴回進进違违遞递遲迟鄰邻醬酱釐厘針针鋒锋鋼钢錄录鍋锅鏈链鑒鉴鑽钻"
    "閉闭閱阅闊阔隊队階阶隨随隱隐雜杂雞鸡霧雾靈灵靜静靠靠韓韩頁页預预頻频顛颠飛飞飯饭飲饮餐餐馬马駐驻駕驾騎骑"
    "錫锡揚扬鹽盐臺台煙烟遼辽撫抚錦锦滄沧綿绵瀘泸內内涼凉廈厦蕪芜銅铜贛赣鷹鹰饒饶荊荆襄襄衛卫鶴鹤許许漯漯邊边塊块裏里戶户檯台"
    "競竞爾尔牆墙犧牺瓊琼畝亩畢毕異异療疗盜盗盡尽監监盤盘眾众睏困礙碍祿禄禦御穀谷窮穷節节粵粤紹绍絲丝統统綏绥"
)


# What every Chinese text holds: swapped first, each by one fast search.
_USUAL = "，：；（）！？％—\u3000"


def _table() -> dict[int, str]:
    table = {ord(old): new for old, new in _PUNCTUATION.items()}
    table.update({code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if code not in table})
    table.update({ord(blank): " " for blank in _BLANKS + _INVISIBLE})
    pairs = zip(_TRADITIONAL[::2], _TRADITIONAL[1::2], strict=True)
    table.update({ord(old): new for old, new in pairs if old != new})
    return table


_FOLD = _table()
_SWAPS = tuple((char, _FOLD[ord(char)]) for char in _USUAL)
_RARE = re.compile(
    "[" + "".join(re.escape(chr(code)) for code in sorted(_FOLD) if chr(code) not in _USUAL) + "]"
)
# Of as many different characters each is swapped by itself: that is faster than a look at every character.
_FEW = 24


def fold(text: str) -> str:
    """Return *text* with half-width punctuation and simplified characters, same length.

    >>> fold("客户满意度８４．６１分，１—１１月――")
    '客户满意度84.61分,1-11月--'
    >>> fold("東莞供電局客戶滿意度")
    '东莞供电局客户满意度'
    """
    for old, new in _SWAPS:
        text = text.replace(old, new)
    rare = set(_RARE.findall(text))
    if len(rare) > _FEW:
        return text.translate(_FOLD)
    for old in rare:
        text = text.replace(old, _FOLD[ord(old)])
    return text


# The first blank by itself: the scan skips the rest of the text.
_BLANK_RUN = re.compile(r"  *")
# "81 .57" "81. 57" "1 3连冠" "28 156份": blanks that typesetters put inside one number.
_SPLIT_NUMBER = re.compile(
    r" (?<=\d )(?<!\d{4} )(?<!\.\d )(?<!\.\d\d )(?<!\.\d{3} )\d{1,3}(?:\.\d+)?(?![\d.])"
)


def _inside_numbers(folded: str) -> set[int]:
    """Return where a blank splits one number in two; of three parts in a row the first two are one."""
    joined: set[int] = set()
    end = -1
    for match in _SPLIT_NUMBER.finditer(folded):
        if match.start() != end:
            joined.add(match.start())
            end = match.end()
    return joined


class Offsets(Sequence[int]):
    """Where every kept character came from: few are asked for, so that pieces are kept and no characters."""

    def __init__(self, starts: list[int], shifts: list[int], length: int) -> None:
        self._starts = starts  # where a piece begins in the squeezed text
        self._shifts = shifts  # how much further right it stood
        self._length = length

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, place: int) -> int:  # type: ignore[override]
        if not 0 <= place < self._length:
            raise IndexError(f"a text of {self._length} characters has none at {place}")
        return place + self._shifts[bisect_right(self._starts, place) - 1]


def squeeze(folded: str) -> tuple[str, Sequence[int]]:
    """Drop the blanks of a folded text; return it and, per kept character, its old offset.

    A blank between two digits stays unless both sides read as one number.

    >>> squeeze("得分 81. 57 分")[0]
    '得分81.57分'
    >>> squeeze("2020 2021")[0]
    '2020 2021'
    """
    if " " not in folded:
        return folded, range(len(folded))
    joined = _inside_numbers(folded)
    pieces: list[str] = []
    starts, shifts = [0], [0]
    last = length = 0
    for run in _BLANK_RUN.finditer(folded):
        start, end = run.span()
        inner = folded[start - 1 : start].isdecimal() and folded[end : end + 1].isdecimal()
        stop = start + 1 if inner and start not in joined else start
        pieces.append(folded[last:stop])
        length += stop - last
        starts.append(length)
        shifts.append(end - length)
        last = end
    pieces.append(folded[last:])
    return "".join(pieces), Offsets(starts, shifts, length + len(folded) - last)
