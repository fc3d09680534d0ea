"""How numbers and sums of products are written."""

import numpy as np
import pytest

from pages.kit.arithmetic import bracketed, digits, power, sum_of


@pytest.mark.parametrize(
    ("number", "plain", "in_a_sum"),
    [(0.5, "0.500", "0.500"), (-1.2345, "−1.234", "(−1.234)"), (-0.0001, "0.000", "0.000")],
)
def test_a_number_has_three_digits_and_brackets_behind_a_minus(number: float, plain: str, in_a_sum: str):
    assert digits(number) == plain
    assert bracketed(number) == in_a_sum


def test_a_sum_of_products_writes_out_the_two_largest():
    left, right = np.array([1.0, -2.0, 0.5]), np.array([1.0, 3.0, 0.1])
    assert sum_of((left, right), total=-4.95) == "(−2.000) · 3.000 + 1.000 · 1.000 + … = −4.950"
    assert sum_of((left[:1], right[:1]), total=3.0, extra=2.0) == "1.000 · 1.000 + 2.000 = 3.000"


@pytest.mark.parametrize(("number", "text"), [(0, "0"), (4e-7, "4e-7"), (1.0, "1e0"), (3.2e-10, "3e-10")])
def test_a_small_number_is_a_digit_and_a_power_of_ten(number: float, text: str):
    assert power(number) == text
