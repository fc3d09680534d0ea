"""Public corpora in files at an address, from a server on this machine."""

import csv
import dataclasses
import gzip
import io
import lzma
import re
import wave
import zipfile
from pathlib import Path

import numpy as np
import pytest

from s2s.cli import main
from s2s.data import digits
from s2s.data.corpora import Pair, read_pairs
from s2s.data.korean import overlap
from s2s.data.public import PUBLIC
from s2s.data.splits import groups, with_all_targets
from tests.data.test_fetch import Server, server

__all__ = ["server"]  # a fixture

COMMIT = re.compile(r"/[0-9a-f]{7,40}[./]")
NOUNS = [first + second for first in "가나다라마바사아자차카타파하" for second in "국논덕름밭벌섬숲"]
QUESTIONS = [f"{noun} 어디 있어" for noun in NOUNS[:40]]
BOTH = list(zip(QUESTIONS, NOUNS, strict=False))
CHAT = "Q,A,label\n" + "".join(f'{q}?,"저기, {n}에 있어요.",0\n' for q, n in BOTH)
CORE = "".join(f"{q};\t{n} 있는 곳\t2\n" for q, n in BOTH)


def ten(noun: str) -> list[str]:
    """One intention: five polite sentences and the same five in casual speech."""
    begun = [f"{noun} 나무의 사진을 {verb}" for verb in ("보여", "꺼내", "찾아", "그려", "가져와")]
    return [*(f"{one}주세요" for one in begun), *(f"{one}줘" for one in begun)]


def fetch(server: Server, corpus: str, out: Path, *more: str) -> int:
    return main(["data", "fetch", corpus, "--out", str(out), "--url", server.url(f"/{corpus}"), *more])


def parts(out: Path) -> list[list[Pair]]:
    return [read_pairs(out / f"{name}.tsv.gz") for name in ("train", "dev", "test")]


def test_addresses_name_a_commit_and_licences_theirs():
    for corpus in PUBLIC.values():
        assert corpus.base.startswith("https://")
        assert COMMIT.search(corpus.base)
        assert corpus.licence_url.startswith("https://")
        assert corpus.attribution
    assert COMMIT.search(digits.URL)


def test_a_chatbot_s_questions_are_read_with_commas_in_quotes_and_the_head_left_out(
    tmp_path: Path, server: Server, capsys
):
    server.files["/chat-ko/ChatbotData.csv"] = (CHAT + "왜\n").encode()
    assert fetch(server, "chat-ko", tmp_path, "--dev", "5", "--test", "6") == 0
    train, dev, test = parts(tmp_path)
    assert (len(train), len(dev), len(test)) == (29, 5, 6)
    answers = {pair.target for pair in [*train, *dev, *test]}
    assert answers == {f"저기, {noun}에 있어요." for noun in NOUNS[:40]}
    said = capsys.readouterr().err
    assert "ChatbotData.csv, line 42 has 1 columns; this corpus has 3" in said
    assert "sha256" in said
    assert "not checked against anything" in said
    readme = (tmp_path / "README.md").read_text(encoding="utf-8")
    for wanted in ("Youngsook Song", "MIT", "Copyright (c) 2018", "41 lines", "what a person says TAB"):
        assert wanted in readme


def test_the_number_of_lines_guards_the_known_address(tmp_path: Path, server: Server, monkeypatch, capsys):
    server.files["/chat-ko/ChatbotData.csv"] = CHAT.encode()
    here = dataclasses.replace(PUBLIC["chat-ko"], base=server.url("/chat-ko/"))
    monkeypatch.setattr("s2s.cli.public.PUBLIC", {"chat-ko": here})
    command = ["data", "fetch", "chat-ko", "--out", str(tmp_path / "out"), "--dev", "5", "--test", "6"]
    assert main(command) == 1
    assert "40 lines, expected 11,823" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    monkeypatch.setattr("s2s.cli.public.PUBLIC", {"chat-ko": dataclasses.replace(here, lines=40)})
    assert main(command) == 0
    assert "40 lines, as many as the corpus is said to have" in capsys.readouterr().err


def test_a_known_checksum_guards_a_file(tmp_path: Path, server: Server, monkeypatch, capsys):
    server.files["/core/sae4k_v1.txt"] = CORE.encode()
    here = dataclasses.replace(
        PUBLIC["summary-ko"], base=server.url("/core/"), lines=40, checksums={"sae4k_v1.txt": "0" * 64}
    )
    monkeypatch.setattr("s2s.cli.public.PUBLIC", {"summary-ko": here})
    assert main(["data", "fetch", "summary-ko", "--out", str(tmp_path / "out")]) == 1
    assert "0" * 64 in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_cores_are_read_without_stray_marks(tmp_path: Path, server: Server):
    server.files["/summary-ko/sae4k_v1.txt"] = CORE.encode()
    assert fetch(server, "summary-ko", tmp_path, "--dev", "5", "--test", "6") == 0
    found = [pair for part in parts(tmp_path) for pair in part]
    assert sorted(found) == sorted(Pair(q, f"{n} 있는 곳") for q, n in BOTH)


def test_registers_are_paired_by_place_and_an_intention_stays_whole(tmp_path: Path, server: Server):
    lines = [line for noun in NOUNS[:30] for line in ten(noun)]
    other = ten(NOUNS[30])
    other[5] = "전혀 다른 말이야"  # shares nothing with its polite sentence
    other[6] = f"{NOUNS[30]} 나무의 사진을 꺼내줘요"  # polite on both sides
    for name, said in (("train", lines), ("dev", other), ("test", ten(NOUNS[31]))):
        server.files[f"/style-ko/{name}.tsv"] = "".join(f"3\t{one}\n" for one in said).encode()
    assert fetch(server, "style-ko", tmp_path, "--dev", "4", "--test", "6") == 0
    train, dev, test = parts(tmp_path)
    assert len(train) + len(dev) + len(test) == 32 * 5 - 2
    intentions = [{pair.source.split()[0] for pair in part} for part in (train, dev, test)]
    assert [len(one) for one in intentions] == [22, 4, 6]
    assert not intentions[0] & intentions[1]
    assert not intentions[0] & intentions[2]
    assert all(pair.source.split()[0] == pair.target.split()[0] for pair in train)
    references = read_pairs(tmp_path / "test-refs.tsv.gz")
    assert {pair.source for pair in references} == {pair.source for pair in test}
    assert len(references) == sum(
        sum(one.source.split()[0] == pair.source.split()[0] for one in test) for pair in test
    )


def test_an_intention_that_is_not_whole_is_refused(tmp_path: Path, server: Server, capsys):
    for name in ("train", "dev", "test"):
        server.files[f"/style-ko/{name}.tsv"] = "".join(f"3\t{one}\n" for one in ten("모")[:9]).encode()
    assert fetch(server, "style-ko", tmp_path / "out") == 1
    assert "a multiple of 10" in capsys.readouterr().err


def test_sentences_of_tatoeba_keep_the_names_of_who_wrote_them(tmp_path: Path, server: Server):
    rows = [f"Where is {n}?\t{q}?\ttatoeba.org #{n}" for n, q in enumerate(QUESTIONS)]
    server.files["/kor-eng/kor.txt"] = "\n".join(rows).encode()
    assert fetch(server, "kor-eng", tmp_path, "--dev", "5", "--test", "6") == 0
    assert Pair(f"{QUESTIONS[0]}?", "Where is 0?") in [pair for part in parts(tmp_path) for pair in part]
    names = gzip.decompress((tmp_path / "attribution.tsv.gz").read_bytes()).decode().splitlines()
    assert names[3] == f"{QUESTIONS[3]}?\tWhere is 3?\ttatoeba.org #3"
    assert "attribution.tsv.gz" in (tmp_path / "README.md").read_text(encoding="utf-8")


def test_files_that_are_here_need_no_network(tmp_path: Path, capsys):
    (tmp_path / "here").mkdir()
    command = ["data", "fetch", "chat-ko", "--out", str(tmp_path / "out"), "--url", str(tmp_path / "here")]
    assert main(command) == 1
    assert "ChatbotData.csv does not exist" in capsys.readouterr().err
    (tmp_path / "here" / "ChatbotData.csv").write_text(CHAT, encoding="utf-8")
    assert main([*command, "--dev", "5", "--test", "6"]) == 0
    assert main([*command, "--checksum", "0" * 64]) == 1
    assert "leave --checksum out" in capsys.readouterr().err


def test_dev_and_test_are_as_large_as_the_corpus_has_them(tmp_path: Path, server: Server):
    lines = "".join(f"{n}{m}?,{m}{n}.,0\n" for n in NOUNS for m in NOUNS[:20])
    server.files["/chat-ko/ChatbotData.csv"] = lines.encode()
    assert fetch(server, "chat-ko", tmp_path) == 0
    _, dev, test = parts(tmp_path)
    assert (len(dev), len(test)) == (PUBLIC["chat-ko"].dev, PUBLIC["chat-ko"].test)


def test_pairs_that_stand_together_are_one_group_and_no_others():
    pairs = [Pair("a", "b"), Pair("c", "d"), Pair("e", "f"), Pair("A!", "g")]
    assert groups(pairs) == [[0, 3], [1], [2]]
    assert groups(pairs, {pairs[1]: 7, pairs[3]: 7}) == [[0, 1, 3], [2]]
    found = with_all_targets([pairs[1]], [[pairs[0]], [pairs[1], Pair("h", "i")]])
    assert found == [Pair("c", "d"), Pair("c", "i")]


def test_overlap_is_of_syllables_inside_words():
    assert overlap("가나다", "가나다") == 1
    assert overlap("가나다", "라마바") == 0
    assert overlap("가나 다라", "가나다라") == pytest.approx(2 * 2 / (2 + 5)), "not over the space"
    assert overlap("가", "가") == 0, "too short to tell"


def recording(seed: int, rate: int = digits.RATE) -> bytes:
    packed = io.BytesIO()
    with wave.open(packed, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(np.random.default_rng(seed).integers(-99, 99, 20 + seed, dtype="<i2").tobytes())
    return packed.getvalue()


def archive(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as whole:
        for name, data in files.items():
            whole.writestr(f"corpus-1/recordings/{name}", data)
    return packed.getvalue()


VOICES = ("lucas", "theo", "george")
SPOKEN = [f"{digit}_{voice}_{n}.wav" for n in (10, 9, 6, 0) for digit in (1, 0) for voice in VOICES]


def test_spoken_digits_become_an_index_and_samples_in_its_order(tmp_path: Path, server: Server, capsys):
    sounds = {name: recording(seed) for seed, name in enumerate(SPOKEN)}
    server.files["/digits"] = archive({**sounds, "README.md": b"about"})
    assert fetch(server, "digits", tmp_path) == 0
    assert "other samples" in capsys.readouterr().err
    for part, numbers in (("train", (9, 10)), ("dev", (6,)), ("test", (0,))):
        with (tmp_path / f"{part}.tsv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file, delimiter="\t"))
        assert [row["file"] for row in rows] == [
            f"{digit}_{voice}_{n}.wav" for voice in ("george", "lucas") for digit in (0, 1) for n in numbers
        ]
        samples = np.frombuffer(lzma.decompress((tmp_path / f"{part}.s16.xz").read_bytes()), "<i2")
        cut = np.split(samples, np.cumsum([int(row["samples"]) for row in rows])[:-1])
        for row, one in zip(rows, cut, strict=True):
            with wave.open(io.BytesIO(sounds[row["file"]])) as sound:
                assert one.tobytes() == sound.readframes(sound.getnframes())
    assert "theo is left out" in (tmp_path / "README.md").read_text(encoding="utf-8").replace("\n", " ")


def test_the_known_samples_guard_the_known_address(tmp_path: Path, server: Server, monkeypatch, capsys):
    sounds = {name: recording(seed) for seed, name in enumerate(SPOKEN)}
    server.files["/digits.zip"] = archive(sounds)
    monkeypatch.setattr(digits, "URL", server.url("/digits.zip"))
    command = ["data", "fetch", "digits", "--out", str(tmp_path / "out")]
    assert main(command) == 1
    assert digits.CHECKSUMS["train"] in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    found = digits.parts(digits.read_archive(archive(sounds), "here"))
    monkeypatch.setattr(digits, "CHECKSUMS", {name: digits.checksum(part) for name, part in found.items()})
    assert main(command) == 0
    assert "checked" in capsys.readouterr().err


@pytest.mark.parametrize("wrong", [b"no sound", recording(1, rate=16_000)])
def test_what_is_no_recording_is_refused(tmp_path: Path, server: Server, capsys, wrong: bytes):
    server.files["/digits"] = archive({"0_george_0.wav": wrong})
    assert fetch(server, "digits", tmp_path / "out") == 1
    assert "0_george_0.wav" in capsys.readouterr().err
    server.files["/digits"] = archive({"else.wav": recording(1)})
    assert fetch(server, "digits", tmp_path / "out") == 1
    assert not (tmp_path / "out").exists()
