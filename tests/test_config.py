import dataclasses
import json
from typing import Any

import pytest

from s2s import config
from s2s.config import DecodeConfig, ModelConfig, SplitConfig, TrainConfig
from s2s.errors import ConfigError
from s2s.model.attention import SCORERS
from s2s.model.cells import CELLS

GROUPS = (ModelConfig, TrainConfig, SplitConfig, DecodeConfig)
FIELDS = [(group, setting) for group in GROUPS for setting in dataclasses.fields(group)]
RANGED = [(group, s) for group, s in FIELDS if s.metadata["low"] is not None]
CHOSEN = [(group, s) for group, s in FIELDS if s.metadata["choices"] is not None]


def _name(value: Any) -> str:
    return value.__name__ if isinstance(value, type) else value.name


@pytest.mark.parametrize(("group", "setting"), FIELDS, ids=_name)
def test_each_setting_has_a_meaning_and_either_limits_or_choices(group: Any, setting: Any) -> None:
    limits = setting.metadata
    assert limits["meaning"]
    assert (limits["low"] is None) == (limits["high"] is None)
    if setting.name != "device":  # which there are is up to the machine
        assert (limits["low"] is None) != (limits["choices"] is None)


@pytest.mark.parametrize(("group", "setting"), RANGED, ids=_name)
def test_values_at_the_limits_are_taken_and_beyond_them_refused(group: Any, setting: Any) -> None:
    low, high = setting.metadata["low"], setting.metadata["high"]
    for value in (low, high):
        assert getattr(group(**{setting.name: value}), setting.name) == value
    for value in (low - 1, high + 1):
        with pytest.raises(ConfigError) as caught:
            group(**{setting.name: type(setting.default)(value)})
        assert caught.value.key == "setting_out_of_range"
        assert caught.value.values == {
            "name": setting.name, "value": value, "low": low, "high": high
        }  # fmt: skip


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_a_number_that_is_none_is_out_of_range(value: float) -> None:
    with pytest.raises(ConfigError) as caught:
        TrainConfig(peak_rate=value)
    assert caught.value.key == "setting_out_of_range"


@pytest.mark.parametrize(("group", "setting"), CHOSEN, ids=_name)
def test_what_is_not_a_choice_is_refused_and_the_choices_are_named(group: Any, setting: Any) -> None:
    for choice in setting.metadata["choices"]:
        assert getattr(group(**{setting.name: choice}), setting.name) == choice
    with pytest.raises(ConfigError) as caught:
        group(**{setting.name: "nonsense"})
    assert caught.value.key == "setting_not_a_choice"
    assert all(choice in str(caught.value) for choice in setting.metadata["choices"])


@pytest.mark.parametrize(("group", "setting"), FIELDS, ids=_name)
@pytest.mark.parametrize("value", [None, True, [1]])
def test_a_value_of_another_type_is_refused(group: Any, setting: Any, value: object) -> None:
    with pytest.raises(ConfigError) as caught:
        group(**{setting.name: value})
    assert caught.value.key == "setting_wrong_type"
    assert caught.value.values["name"] == setting.name


def test_a_whole_number_serves_where_a_fraction_is_expected() -> None:
    assert type(TrainConfig(clip=2).clip) is float
    with pytest.raises(ConfigError):
        ModelConfig(hidden=16.0)  # type: ignore[arg-type]


def test_an_odd_hidden_is_refused() -> None:
    with pytest.raises(ConfigError) as caught:
        ModelConfig(hidden=17)
    assert caught.value.key == "hidden_not_even"


@pytest.mark.parametrize("group", GROUPS)
def test_settings_go_to_json_and_back(group: Any) -> None:
    settings = group()
    assert group.from_dict(json.loads(json.dumps(settings.to_dict()))) == settings
    assert group.from_dict({}) == settings


def test_values_that_are_not_defaults_survive_json() -> None:
    settings = ModelConfig(attention="concat", cell="gru", hidden=18, layers=2, dropout=0.5)
    assert ModelConfig.from_dict(json.loads(json.dumps(settings.to_dict()))) == settings


def test_an_unknown_setting_is_refused_and_the_known_are_named() -> None:
    with pytest.raises(ConfigError) as caught:
        ModelConfig.from_dict({"hiden": 16})
    assert caught.value.key == "setting_unknown"
    assert "hidden" in str(caught.value)


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        ModelConfig().hidden = 8  # type: ignore[misc]


def test_the_choices_are_the_tables_of_the_model() -> None:
    assert ("none", *SCORERS) == config.ATTENTIONS
    assert tuple(CELLS) == config.CELLS


def test_a_free_run_may_be_as_long_as_its_settings_say() -> None:
    limits = DecodeConfig(length_factor=1.5, length_extra=10)
    assert [limits.target_limit(n) for n in (1, 2, 7)] == [11, 13, 20]
