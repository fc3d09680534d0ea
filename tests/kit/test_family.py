from pages.kit.family import COMPARED, available, grouped, kind_of, model, name_of
from s2s import catalog
from tests.apps import SAY


def test_every_kind_of_the_family_has_a_name_of_its_own_in_both_languages():
    for say in SAY.values():
        names = [name_of(model(kind.name), say) for kind in catalog.FAMILY]
        assert len(set(names)) == len(names)
    assert name_of("my-model", SAY["en"]) == "my-model"


def test_groups_hold_every_model_once_and_differ_in_one_thing():
    names = [*map(model, (kind.name for kind in catalog.FAMILY)), "my-model"]
    groups = grouped(names)
    assert sorted(name for found in groups.values() for name in found) == sorted(names)
    assert groups["others"] == ["my-model"]
    assert groups["scorers"] == [model(kind.name) for kind in catalog.SCORERS]
    kinds = {kind.name: kind for kind in catalog.FAMILY}
    assert {kinds[kind_of(name)].direction for name in groups["direction"]} == {"forward", "backward"}
    assert groups["regimes"] == [model(kind.name) for kind in catalog.TRAINED]
    assert grouped(["fr-en-dot"]) == {"scorers": ["fr-en-dot"]}


def test_a_comparison_holds_models_of_the_family_of_which_only_those_here_are_shown():
    names = {kind.name for kind in catalog.FAMILY}
    for kinds in COMPARED.values():
        assert set(kinds) <= names
        assert available(kinds) == tuple(model(kind) for kind in kinds if model(kind) in catalog.shipped())
