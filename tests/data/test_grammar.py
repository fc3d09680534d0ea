"""Sentence pairs of the grammar: forms of both languages against tables written by hand, and what is made."""

import os
import subprocess
import sys
import unicodedata
from collections import Counter
from itertools import islice
from random import Random

import pytest

from s2s.cli import main
from s2s.data.corpora import read_pairs
from s2s.data.grammar import hangul
from s2s.data.grammar.amounts import native, sino
from s2s.data.grammar.clauses import Draw
from s2s.data.grammar.english import (
    Subject,
    Verb,
    article,
    comparative,
    contracted,
    finite,
    plural,
    present_participle,
    regular_past,
    third,
)
from s2s.data.grammar.forms import ABLE, PAST
from s2s.data.grammar.generate import TEMPLATES, generate
from s2s.data.grammar.hangul import Stem, attach, copula, finish, verb
from s2s.data.grammar.lexicon import EXPRESSIONS, LEXICON, read_lexicon
from s2s.data.grammar.phrases import single

LEXICON_READ = read_lexicon()
KNOWN = {entry.korean: entry for entry in reversed(LEXICON_READ.entries) if entry.infinitive}

#  dictionary: plain, polite, formal, past, with 면, done (modifying), to come (modifying)
VERBS = """
먹다 먹는다 먹어요 먹습니다 먹었다 먹으면 먹은 먹을
가다 간다 가요 갑니다 갔다 가면 간 갈
오다 온다 와요 옵니다 왔다 오면 온 올
보다 본다 봐요 봅니다 봤다 보면 본 볼
마시다 마신다 마셔요 마십니다 마셨다 마시면 마신 마실
배우다 배운다 배워요 배웁니다 배웠다 배우면 배운 배울
공부하다 공부한다 공부해요 공부합니다 공부했다 공부하면 공부한 공부할
돕다 돕는다 도와요 돕습니다 도왔다 도우면 도운 도울
줍다 줍는다 주워요 줍습니다 주웠다 주우면 주운 주울
굽다 굽는다 구워요 굽습니다 구웠다 구우면 구운 구울
눕다 눕는다 누워요 눕습니다 누웠다 누우면 누운 누울
입다 입는다 입어요 입습니다 입었다 입으면 입은 입을
잡다 잡는다 잡아요 잡습니다 잡았다 잡으면 잡은 잡을
걷다 걷는다 걸어요 걷습니다 걸었다 걸으면 걸은 걸을
묻다 묻는다 물어요 묻습니다 물었다 물으면 물은 물을
닫다 닫는다 닫아요 닫습니다 닫았다 닫으면 닫은 닫을
받다 받는다 받아요 받습니다 받았다 받으면 받은 받을
부르다 부른다 불러요 부릅니다 불렀다 부르면 부른 부를
고르다 고른다 골라요 고릅니다 골랐다 고르면 고른 고를
모르다 모른다 몰라요 모릅니다 몰랐다 모르면 모른 모를
따르다 따른다 따라요 따릅니다 따랐다 따르면 따른 따를
쓰다 쓴다 써요 씁니다 썼다 쓰면 쓴 쓸
끄다 끈다 꺼요 끕니다 껐다 끄면 끈 끌
모으다 모은다 모아요 모읍니다 모았다 모으면 모은 모을
잠그다 잠근다 잠가요 잠급니다 잠갔다 잠그면 잠근 잠글
만들다 만든다 만들어요 만듭니다 만들었다 만들면 만든 만들
살다 산다 살아요 삽니다 살았다 살면 산 살
열다 연다 열어요 엽니다 열었다 열면 연 열
씻다 씻는다 씻어요 씻습니다 씻었다 씻으면 씻은 씻을
웃다 웃는다 웃어요 웃습니다 웃었다 웃으면 웃은 웃을
앉다 앉는다 앉아요 앉습니다 앉았다 앉으면 앉은 앉을
읽다 읽는다 읽어요 읽습니다 읽었다 읽으면 읽은 읽을
기다리다 기다린다 기다려요 기다립니다 기다렸다 기다리면 기다린 기다릴
쉬다 쉰다 쉬어요 쉽니다 쉬었다 쉬면 쉰 쉴
보내다 보낸다 보내요 보냅니다 보냈다 보내면 보낸 보낼
켜다 켠다 켜요 켭니다 켰다 켜면 켠 켤
깨지다 깨진다 깨져요 깨집니다 깨졌다 깨지면 깨진 깨질
피다 핀다 피어요 핍니다 피었다 피면 핀 필
예쁘다 예쁘다 예뻐요 예쁩니다 예뻤다 예쁘면 예쁜 예쁠
크다 크다 커요 큽니다 컸다 크면 큰 클
바쁘다 바쁘다 바빠요 바쁩니다 바빴다 바쁘면 바쁜 바쁠
작다 작다 작아요 작습니다 작았다 작으면 작은 작을
춥다 춥다 추워요 춥습니다 추웠다 추우면 추운 추울
아름답다 아름답다 아름다워요 아름답습니다 아름다웠다 아름다우면 아름다운 아름다울
어렵다 어렵다 어려워요 어렵습니다 어려웠다 어려우면 어려운 어려울
좁다 좁다 좁아요 좁습니다 좁았다 좁으면 좁은 좁을
빠르다 빠르다 빨라요 빠릅니다 빨랐다 빠르면 빠른 빠를
게으르다 게으르다 게을러요 게으릅니다 게을렀다 게으르면 게으른 게으를
푸르다 푸르다 푸르러요 푸릅니다 푸르렀다 푸르면 푸른 푸를
파랗다 파랗다 파래요 파랗습니다 파랬다 파라면 파란 파랄
하얗다 하얗다 하얘요 하얗습니다 하얬다 하야면 하얀 하얄
좋다 좋다 좋아요 좋습니다 좋았다 좋으면 좋은 좋을
괜찮다 괜찮다 괜찮아요 괜찮습니다 괜찮았다 괜찮으면 괜찮은 괜찮을
길다 길다 길어요 깁니다 길었다 길면 긴 길
멀다 멀다 멀어요 멉니다 멀었다 멀면 먼 멀
친절하다 친절하다 친절해요 친절합니다 친절했다 친절하면 친절한 친절할
맛있다 맛있다 맛있어요 맛있습니다 맛있었다 맛있으면 맛있는 맛있을
재미없다 재미없다 재미없어요 재미없습니다 재미없었다 재미없으면 재미없는 재미없을
""".split("\n")[1:-1]


@pytest.mark.parametrize("row", VERBS)
def test_verbs_and_adjectives_are_conjugated(row):
    dictionary, plain, polite, formal, past, conditional, done, to_come = row.split()
    stem = KNOWN[dictionary].stem
    assert finish(stem, "plain") == plain
    assert finish(stem, "intimate") + "요" == finish(stem, "polite") == polite
    assert finish(stem, "formal") == formal
    assert finish(stem, "formal", question=True) == formal[:-1] + "까"
    assert finish(hangul.past(stem), "plain") == past
    assert stem.open + "면" == conditional
    assert hangul.modifying(stem, done=True) == done
    assert hangul.prospective(stem) == to_come


@pytest.mark.parametrize(
    ("noun", "forms"),
    [("의사", "의사다 의사야 의사예요 의사입니다 의사니 의사였다 의사였어요 의사인"),
     ("학생", "학생이다 학생이야 학생이에요 학생입니다 학생이니 학생이었다 학생이었어요 학생인")],
)  # fmt: skip
def test_to_be_follows_the_last_sound_of_the_noun(noun, forms):
    stem, past = copula(noun), hangul.past(copula(noun))
    assert [
        *(finish(stem, level) for level in ("plain", "intimate", "polite", "formal")),
        finish(stem, "plain", question=True), finish(past, "plain"), finish(past, "polite"),
        hangul.modifying(stem),
    ] == forms.split()  # fmt: skip


def test_a_verb_is_joined_with_auxiliaries():
    eat, help_, listen, make = (
        verb(*forms) for forms in (("먹다", "먹어"), ("돕다", "도와"), ("듣다", "들어"), ("만들다", "만들어"))
    )
    assert finish(hangul.able(listen), "polite") == "들을 수 있어요"
    assert hangul.future(make, "plain") == "만들 것이다"
    assert hangul.future(help_, "polite", question=True) == "도울 거예요"
    assert finish(hangul.after_stem(eat, "지 않", "지 않아"), "plain") == "먹지 않는다"
    assert (
        finish(hangul.past(hangul.after_stem(eat, "고 싶", "고 싶어", "adjective")), "formal")
        == "먹고 싶었습니다"
    )
    assert finish(hangul.after_infinitive(help_, "야 하", "야 해"), "intimate") == "도와야 해"
    assert hangul.modifying(make) == "만드는"
    assert hangul.with_final(listen.light_open, "ㅂ") + "시다" == "들읍시다"
    assert finish(hangul.honorific(verb("가다", "가")), "polite") == "가세요"
    assert finish(hangul.honorific(Stem("밥을 먹", "밥을 먹어")), "formal") == "밥을 드십니다"
    assert finish(hangul.past(hangul.honorific(verb("읽다", "읽어"))), "polite") == "읽으셨어요"


@pytest.mark.parametrize(
    ("noun", "particle", "joined"),
    [("책", "은", "책은"), ("사과", "은", "사과는"), ("책", "이", "책이"), ("사과", "이", "사과가"),
     ("책", "을", "책을"), ("사과", "을", "사과를"), ("책", "와", "책과"), ("사과", "와", "사과와"),
     ("책", "랑", "책이랑"), ("집", "로", "집으로"), ("서울", "로", "서울로"), ("버스", "로", "버스로"),
     ("톰", "에게", "톰에게")],
)  # fmt: skip
def test_a_particle_follows_the_last_sound_of_the_noun(noun, particle, joined):
    assert attach(noun, particle) == joined


@pytest.mark.parametrize(
    ("form", "table"),
    [(third, "go goes study studies play plays wash washes have has"),
     (present_participle, "make making run running lie lying see seeing open opening"),
     (regular_past, "stop stopped study studied like liked open opened play played skip skipped"),
     (plural, "box boxes city cities day days bus buses watch watches apple apples"),
     (article, "apple an university a hour an umbrella an uniform a"),
     (comparative, "big bigger pretty prettier good better nice nicer slow slower slim slimmer")],
)  # fmt: skip
def test_english_words_are_inflected(form, table):
    words = table.split()
    assert [form(word) for word in words[::2]] == words[1::2]


def test_long_adjectives_are_compared_with_more():
    assert comparative("expensive") == "more expensive"


TOM, ME, THEY = Subject("Tom", "his"), Subject("I", "my"), Subject("they", "their", True)
EAT, BE, CAN = Verb("eat", "an apple", "ate", "eaten"), Verb("be", "kind"), Verb("can", "swim")


@pytest.mark.parametrize(
    ("said", "wanted"),
    [(finite(EAT, TOM, "present"), "Tom eats an apple"),
     (finite(EAT, TOM, "past", question=True), "did Tom eat an apple"),
     (finite(EAT, ME, "present", negative=True), "I do not eat an apple"),
     (finite(EAT, THEY, "future"), "they will eat an apple"),
     (finite(EAT, TOM, "past", negative=True, question=True), "didn't Tom eat an apple"),
     (finite(BE, ME, "present"), "I am kind"),
     (finite(BE, THEY, "past", question=True), "were they kind"),
     (finite(CAN, TOM, "present", negative=True), "Tom cannot swim"),
     (finite(CAN, ME, "past"), "I could swim"),
     (finite(Verb("wash", "{my} hands"), TOM, "past"), "Tom washed his hands"),
     (finite(ABLE.english(EAT), THEY, PAST.tense, question=True), "could they eat an apple"),
     (contracted("I am not sure that he will go"), "I'm not sure that he'll go"),
     (contracted("they do not know it"), "they don't know it"), (contracted("I cannot"), "I can't")],
)  # fmt: skip
def test_english_agrees_and_changes_its_order(said, wanted):
    assert said == wanted


def test_numbers_are_said_in_both_ways():
    assert list(map(sino, (1, 10, 15, 31, 100, 3500, 10000))) == "일 십 십오 삼십일 백 삼천오백 만".split()
    assert list(map(native, (1, 10, 20, 21, 35))) == "한 열 스무 스물한 서른다섯".split()


def test_the_lexicon_is_sound():
    text = LEXICON.read_text(encoding="utf-8")
    assert text == unicodedata.normalize("NFC", text)
    rows = [line.split("\t") for line in text.splitlines()]
    assert {len(row) for row in rows} == {6}
    nouns = [(row[1], row[2]) for row in rows if row[0] == "noun"]
    assert len(nouns) == len(set(nouns)) > 1800
    for row in rows[1:]:
        assert all("가" <= letter <= "힣" for letter in row[1].replace(" ", "")), row
        assert row[2].isascii(), row
        assert bool(row[5]) == (row[0] in ("verb", "adjective")), row
        assert not row[5] or (row[1].endswith("다") and hangul.final(row[5]) == ""), row


def test_every_noun_has_a_place_in_sentences_and_verbs_have_their_nouns():
    for entry in LEXICON_READ.entries:
        if entry.part in ("verb", "adjective"):
            classes = [*entry.classes, *filter(None, entry.notes.get("subject", "").split(","))]
            assert all(name in LEXICON_READ.nouns for name in classes if name != "me"), entry


def test_every_word_of_the_lexicon_is_said_alone_before_one_comes_twice():
    draw = Draw(Random(1), LEXICON_READ)
    for part in ("noun", "verb", "adjective", "adverb", "time"):
        entries = LEXICON_READ.part(part)
        assert Counter(map(id, (draw.next(part) for _ in entries))) == Counter(map(id, entries))
    sources = {single(draw).korean for _ in range(5000)}
    assert {entry.korean for entry in LEXICON_READ.part("noun")} <= sources
    assert {entry.korean for entry in LEXICON_READ.part("verb")} <= sources


def test_the_same_seed_makes_the_same_pairs_and_none_twice():
    one, same, another = (list(generate(500, seed)) for seed in (1, 1, 2))
    assert one == same != another
    assert len(set(one)) == 500
    assert list(islice(generate(10_000, 1), 500)) == one


def test_pairs_have_a_mark_on_both_sides_or_on_neither_and_no_holes():
    fixed = set(read_pairs(EXPRESSIONS))
    for pair in generate(5000, 3):
        if pair in fixed:
            continue
        source, target = pair
        assert source[-1] == target[-1] if (source[-1] in ".?!" or target[-1] in ".?!") else True, pair
        assert 1 <= len(target.split()) <= 14, pair
        assert "{" not in target, pair
        assert "  " not in source + target, pair
        assert source == source.strip(), pair
        assert target == target.strip(), pair
        assert target.isascii(), pair


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.__name__)
def test_every_template_says_many_things(template):
    draw = Draw(Random(1), LEXICON_READ)
    made = set()
    for _ in range(60):
        draw.renew()
        made.add(template(draw))
    assert len(made) > 30


def test_the_command_writes_what_the_grammar_makes(tmp_path, capsys):
    path = tmp_path / "pairs.tsv"
    assert main(["data", "sentences", "--count", "40", "--seed", "7", "--out", str(path)]) == 0
    assert read_pairs(path) == list(generate(40, 7))
    capsys.readouterr()
    assert main(["data", "sentences", "--languages", "ko-en", "--count", "40", "--seed", "7"]) == 0
    assert capsys.readouterr().out == path.read_text(encoding="utf-8")
    with pytest.raises(SystemExit):
        main(["data", "sentences", "--count", "0"])


def test_the_same_seed_makes_the_same_pairs_in_every_process():
    code = "from s2s.data.grammar.generate import generate; print(*generate(600, 1), sep='\\n')"
    made = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert made[0] == made[1]
    assert made[0].count(b"\n") == 600


def test_the_grammar_does_not_load_torch():
    code = "import sys, s2s.data.grammar.generate; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
