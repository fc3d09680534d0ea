"""The words on each page of a PDF that Chromium has printed."""

import re
import zlib
from collections.abc import Mapping

_OBJECT = re.compile(rb"(\d+) 0 obj\b(.*?)\bendobj", re.S)
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.S)
_SHOWN = re.compile(rb"/(F\d+) [\d.]+ Tf|<([0-9A-Fa-f]+)>|/(X\d+) Do")


def words_of_pages(pdf: bytes) -> list[str]:
    """The text of each page without its spaces, in the order in which it is drawn."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    pages = [body for body in objects.values() if re.search(rb"/Type\s*/Page\b", body)]
    return [_text(page, _referred(page, rb"Contents"), objects) for page in pages]


def _referred(body: bytes, name: bytes) -> int:
    found = re.search(rb"/" + name + rb"\s+(\d+) 0 R", body)
    assert found, name
    return int(found[1])


def _content(body: bytes) -> bytes:
    found = _STREAM.search(body)
    assert found
    return zlib.decompressobj().decompress(found[1]) if b"FlateDecode" in body else found[1]


def _named(body: bytes, kind: bytes) -> Mapping[bytes, int]:
    """Fonts (F4) or forms (X5) by name, in the dictionary of resources."""
    return {name: int(number) for name, number in re.findall(rb"/(" + kind + rb"\d+) (\d+) 0 R", body)}


def _text(holder: bytes, stream: int, objects: Mapping[int, bytes]) -> str:
    head = _STREAM.sub(b"", holder)
    resources = re.search(rb"/Resources (\d+) 0 R", head)
    head = objects[int(resources[1])] if resources else head
    fonts, forms = _named(head, b"F"), _named(head, b"X")
    letters: Mapping[str, str] = {}
    text = ""
    for font, glyphs, form in _SHOWN.findall(_content(objects[stream])):
        if font:
            letters = _letters(objects[fonts[font]], objects)
        elif form and b"/Subtype /Form" in objects[forms[form]]:
            text += _text(objects[forms[form]], forms[form], objects)
        elif glyphs:
            code, size = glyphs.decode().upper(), len(next(iter(letters)))
            text += "".join(letters.get(code[i : i + size], "") for i in range(0, len(code), size))
    return re.sub(r"\s", "", text)


def _letters(font: bytes, objects: Mapping[int, bytes]) -> Mapping[str, str]:
    """What each glyph of a font stands for."""
    table = _content(objects[_referred(font, b"ToUnicode")]).decode("latin-1")
    found: dict[str, str] = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", table, re.S):
        for glyph, letter in re.findall(r"<(\w+)> <(\w+)>", block):
            found[glyph.upper()] = bytes.fromhex(letter).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", table, re.S):
        for first, last, letter in re.findall(r"<(\w+)> <(\w+)> <(\w+)>", block):
            start = int(letter, 16)
            for k in range(int(last, 16) - int(first, 16) + 1):
                found[f"{int(first, 16) + k:0{len(first)}X}"] = chr(start + k)
    return found
