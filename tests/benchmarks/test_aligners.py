from benchmarks.aligners import grow_diag_final_and


def test_what_both_directions_draw_is_drawn() -> None:
    both = frozenset({(0, 0), (1, 2), (2, 1)})
    assert grow_diag_final_and(both, both) == both


def test_a_neighbour_of_a_link_is_drawn_for_a_word_that_has_none() -> None:
    # (1, 1) is diagonal to (0, 0) and brings (1, 2), which is beside it: both give a word its first link.
    forward = frozenset({(0, 0), (1, 1), (1, 2)})
    assert grow_diag_final_and(forward, frozenset({(0, 0)})) == forward


def test_a_neighbour_between_words_that_both_have_links_is_not_drawn() -> None:
    agreed = {(0, 0), (1, 1)}
    assert grow_diag_final_and(frozenset({*agreed, (0, 1)}), frozenset(agreed)) == agreed


def test_far_from_all_links_only_two_words_without_any_are_joined() -> None:
    agreed = {(0, 0)}
    forward = frozenset({*agreed, (3, 4)})  # neither has a link: joined
    backward = frozenset({*agreed, (0, 5)})  # source word 0 has one: not joined
    assert grow_diag_final_and(forward, backward) == {(0, 0), (3, 4)}


def test_of_two_far_links_of_one_word_the_forward_one_is_drawn() -> None:
    assert grow_diag_final_and(frozenset({(3, 4)}), frozenset({(3, 7)})) == {(3, 4)}
