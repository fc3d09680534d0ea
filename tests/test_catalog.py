from s2s import catalog


def test_the_family_is_met_in_its_order_and_strangers_come_last():
    names = [f"fr-en-{kind.name}" for kind in catalog.FAMILY]
    assert catalog.ordered([*reversed(names), "my-model", "fr-en-transformer"]) == (
        *names, "fr-en-transformer", "my-model"
    )  # fmt: skip


def test_kinds_differ_and_the_first_four_in_attention_alone():
    assert len({kind[1:] for kind in catalog.FAMILY}) == len({kind.name for kind in catalog.FAMILY})
    assert len({kind[2:] for kind in catalog.SCORERS}) == 1
    assert {kind.attention for kind in catalog.SCORERS} == {"none", "dot", "general", "concat"}
    assert set(catalog.PROBED) <= {kind.name for kind in catalog.FAMILY}
