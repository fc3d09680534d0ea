"""Whether models of one family were trained alike."""

from s2s import catalog


def assert_alike(names: tuple[str, ...]) -> None:
    cards = [catalog.read_config(catalog.locate(name)) for name in names]
    for name, (config, _) in zip(names, cards, strict=True):
        kind = catalog.kind_of(name)
        assert {part: getattr(config, part) for part in kind.settings} == kind.settings
    alike = {"attention": "", "cell": "", "direction": ""}
    configs = [{**config.to_dict(), **alike} for config, _ in cards]
    assert all(config == configs[0] for config in configs)
    # A number format that was picked by the machine is the one in the card.
    trained = [{**card.train, "precision": card.precision} for _, card in cards]
    assert all(settings == trained[0] for settings in trained)
    assert all(card.fingerprint == cards[0][1].fingerprint for _, card in cards)
    assert len({card.updates for _, card in cards}) == 1
    assert_same_tokenizers(names)


def assert_same_tokenizers(names: tuple[str, ...]) -> None:
    tokenizers = [
        [(catalog.locate(name) / part).read_bytes() for part in ("source.model", "target.model")]
        for name in names
    ]
    assert all(pair == tokenizers[0] for pair in tokenizers)
