"""Progress travels as ranges of lines."""

from services.search.domain.avancement import par_depot


def test_lines_are_told_as_closed_ranges_per_deposit() -> None:
    origines = [
        {"depot": "d", "ligne": 3},
        {"depot": "d", "ligne": 1},
        {"depot": "d", "ligne": 2},
        None,
        {"depot": "e", "ligne": 9},
        {"depot": "d", "ligne": 7},
    ]
    assert par_depot(origines) == {"d": [(1, 3), (7, 7)], "e": [(9, 9)]}
