from benchmarks.crowd import rows


def test_two_people_who_type_at_once_are_answered() -> None:
    *_, answered = rows(people=[2], seconds=2.0)
    assert answered.measured.split(" of ")[1].startswith("4, ")
    assert int(answered.measured.split()[0]) >= 2  # the last sentence of each at least
