"""Four days of flights, exactly as plain Python counts them."""

from pathlib import Path

import pytest
from flights import answer_of_run, plain_answer, shuffle

FLIGHTS = Path(__file__).parents[2] / "examples" / "flights" / "flights.ndjson"


@pytest.mark.parametrize("kills", [0, 2], ids=["undisturbed", "two kills"])
@pytest.mark.parametrize("is_shuffled", [False, True], ids=["in order", "shuffled"])
def test_flights_are_counted_exactly(tmp_path: Path, is_shuffled: bool, kills: int) -> None:
    flights = shuffle(FLIGHTS, tmp_path / "shuffled.ndjson") if is_shuffled else FLIGHTS
    by_pull, by_topic, _ = answer_of_run(tmp_path, flights, kills=kills)
    assert by_pull == by_topic == plain_answer(FLIGHTS)
