"""Where a Korean word (eojeol) parts into a stem and the particle or ending behind it, by rule.

A word parts before the longest ending of a list that it ends in. A particle with two forms must be the one
that the sound before it asks for, 은 after a consonant and 는 after a vowel, which keeps most words whole
that only look as if they had one (가을, 사과). Some frequent words are listed as whole: no rule tells 회의
from a noun with 의. It is a rule and no analysis: an ending that has grown together with its stem (갔다,
더운) is not parted, and a rare noun may be parted wrongly. Standard library only.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from s2s.languages import parts_stems
from s2s.text import Word, words

# Behind any sound.
_ANY: Final = frozenset(
    """에 에는 에도 에만 에서 에서는 에서도 에서의 에게 에게는 에게도 에게서 한테 한테는 한테서 께 께서 께서는
    의 도 만 만은 만이 까지 까지는 까지도 부터 부터는 처럼 보다 보다는 마다 만큼 밖에 조차 마저 하고
    입니다 입니까 인가 인가요 인데 인지 습니다 습니까 었다 았다 였다 었어 았어 였어 었어요 았어요 였어요
    었습니다 았습니다 였습니다 었는데 았는데 었지만 았지만 었는지 았는지 었을까 았을까
    겠다 겠어 겠어요 겠습니다
    시겠어요 는 는지 는데 는가요 나요 시나요 세요 지만 지요 지는 지도 네요 군요 니까
    어서 아서 어도 아도 어야 아야 어요 아요 도록 려고""".split()
)
# Behind a consonant, and behind a vowel.
_CLOSED: Final = frozenset(
    """은 을 이 과 으로 으로는 으로도 으로부터 이랑 이나 이라도 이라고 이라는 이에요 이야 이다
    이었다 이었어 은지 은데 은가요 을까 을까요 을게 을게요 을래 을래요
    으면 으니까 으세요 으시나요 으시겠어요 으려고 으러""".split()
)
_OPEN: Final = frozenset("를 가 와 로 로는 로도 로부터 랑 라도 라고 라는 예요 였다".split())
_BEHIND_L: Final = frozenset("로 로는 로도 로부터".split())  # ㄹ counts as a vowel before these
_LONGEST: Final = max(map(len, _ANY | _CLOSED | _OPEN))
# Words that end like this and are whole.
_WHOLE: Final = frozenset(
    """회의 주의 거의 강의 논의 문의 동의 합의 정의 상의 하의 지도 온도 속도 정도 제도 태도 아마도 습도 강도
    바로 서로 별로 따로 새로 스스로 도로 가로 세로 피로 함부로 결과 학과 성과 통과 안과 효과 불만 비만 낭만
    휴가 추가 요가 허가 화가 누가 고양이 호랑이 원숭이 어린이 종이 높이 길이 많이 같이 깊이 놀이 먹이 떡볶이
    목걸이 귀걸이 젊은이 늙은이 같은 다른 마음 얼음 처음 다음 함께 가을 마을 노을 겨를""".split()
)
# Nouns in 지: what is behind them is a particle, and 지 none of an ending with it (아버지는).
_NOUNS: Final = tuple("아버지 강아지 송아지 편지 돼지 바지 휴지 먼지 이미지 메시지 메세지 페이지".split())
_SYLLABLES: Final = "가", "힣"  # the first and the last of Unicode
_FINALS: Final = 28  # what a syllable may end in, nothing first
_L: Final = 8  # the place of ㄹ among them


def stems(text: str, language: str) -> list[Word]:
    """The words of a text in order, those of a language with stems parted into stem and particle or ending.
    Positions are those of the text as given."""
    found = words(text, language)
    return [part for word in found for part in _parted(word)] if parts_stems(language) else found


def _parted(word: Word) -> Iterator[Word]:
    cut = stem_length(word.text)
    if cut:
        yield Word(word.text[:cut], word.start, word.start + cut)
    yield Word(word.text[cut:], word.start + cut, word.end)


def stem_length(word: str) -> int:
    """How many characters stand before the particle or ending of a Korean word; 0 where it has none."""
    if word in _WHOLE:
        return 0
    for cut in range(max(1, len(word) - _LONGEST), len(word)):
        if _ends(word[cut - 1], word[cut:]) and not word[: cut + 1].endswith(_NOUNS):
            return cut
    return 0


def _ends(before: str, ending: str) -> bool:
    """Whether an ending may stand behind this character; one that is no Hangul has no known sound."""
    if ending in _ANY:
        return True
    first, last = _SYLLABLES
    if not first <= before <= last:
        return ending in _CLOSED or ending in _OPEN
    final = (ord(before) - ord(first)) % _FINALS
    if final == _L and ending in _BEHIND_L:
        return True
    return ending in (_CLOSED if final else _OPEN)
