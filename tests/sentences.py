"""Sentences written for the tests: a small grammar that gives French and English side by side."""

from itertools import product

from s2s.data.corpora import Pair

_WHO = [
    ("je parle", "I speak"),
    ("tu parles", "you speak"),
    ("nous mangeons", "we eat"),
    ("elle écoute", "she listens"),
    ("l'enfant dort", "the child sleeps"),
    ("mon frère attend", "my brother waits"),
    ("la voisine chante", "the neighbour sings"),
]
_WHERE = [
    ("à l'hôpital", "at the hospital"),
    ("dans le jardin", "in the garden"),
    ("près de la gare", "near the station"),
    ("chez moi", "at home"),
    ("sous la pluie", "in the rain"),
]
_WHEN = [
    ("aujourd'hui.", "today."),
    ("ce soir !", "this evening!"),
    ("peut-être demain.", "perhaps tomorrow."),
    ("tous les jours, n'est-ce pas ?", "every day, don't you think?"),
    ("à 10:30.", "at 10:30."),
    ("...", "..."),
]

PAIRS = [
    Pair(f"{a[0].capitalize()} {b[0]} {c[0]}", f"{a[1][0].upper()}{a[1][1:]} {b[1]} {c[1]}")
    for a, b, c in product(_WHO, _WHERE, _WHEN)
]

# Few and short: a tiny model learns them by heart in a second.
PHRASES = [
    Pair("je parle", "I speak"),
    Pair("tu parles", "you speak"),
    Pair("elle écoute", "she listens"),
    Pair("nous mangeons", "we eat"),
    Pair("l'enfant dort", "the child sleeps"),
    Pair("mon frère", "my brother"),
    Pair("le jardin", "the garden"),
    Pair("chez moi", "at home"),
]
