"""French sentences of twelve words, written for the benchmarks."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from typing import Final

# Every fourth word ends in a letter without accent, so that a pause behind it has a key to count from.
SENTENCES: Final = (
    "Ce matin ma sœur a acheté du pain et deux croissants chauds.",
    "Le chat de nos voisins dort toujours sur le vieux canapé rouge.",
    "Hier soir nous avons mangé une soupe chaude devant la grande fenêtre.",
    "Mon frère ne veut pas venir avec nous car il fait froid.",
    "Les enfants jouent dans le jardin pendant que leur père travaille encore.",
    "Elle a perdu ses clés dans le train entre Lyon et Paris.",
    "Tu devrais lire ce livre avant de partir en voyage avec eux.",
    "Demain matin le bus pour la gare partira de la place verte.",
    "Notre professeur parle trois langues et vit seul dans une petite maison.",
    "Il faut fermer la porte quand le vent du nord souffle fort.",
    "Mes parents vont vendre leur voiture bleue avant la fin du mois.",
    "Vous pouvez laisser votre valise ici et revenir la chercher plus tard.",
)

_WHO: Final = (
    "Mon petit frère",
    "La vieille dame",
    "Notre nouveau voisin",
    "Une jeune femme",
    "Le grand chien",
    "Ton meilleur ami",
    "Sa petite fille",
    "Le professeur fatigué",
    "Ma tante Louise",
    "Un homme seul",
)
_DOES: Final = (
    "cherche le vieux livre",
    "regarde la petite maison",
    "attend une bonne nouvelle",
    "trouve un sac noir",
    "porte des fleurs blanches",
    "oublie toujours son chapeau",
    "mange du pain chaud",
    "écoute une belle chanson",
    "montre la carte rouge",
    "perd encore ses clés",
)
_WHERE: Final = (
    "dans la cuisine",
    "devant la gare",
    "sous le pont",
    "près du lac",
    "derrière le marché",
    "contre le mur",
    "sur la place",
    "chez le médecin",
    "dans le jardin",
    "à la plage",
)
_WHEN: Final = ("ce soir", "chaque matin", "cette nuit", "chaque jour", "le dimanche", "avant midi")


def unlike() -> Iterator[str]:
    """Thousands of sentences of twelve words, no two alike, in an order that is the same at every run."""
    combinations = list(itertools.product(_WHO, _DOES, _WHERE, _WHEN))
    random.Random(1).shuffle(combinations)
    return (" ".join(parts) + "." for parts in combinations)
