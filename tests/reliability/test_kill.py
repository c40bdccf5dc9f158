"""`kill -9` at random moments changes nothing, and the same test finds bugs that were planted."""

from pathlib import Path

import pytest
from bids import COALESCED, EVERY_CHANGE, prepare, run_rounds
from planted import planted

SEED = 20_130_101


@pytest.mark.parametrize("cache", [EVERY_CHANGE, COALESCED], ids=["every-change", "coalesced"])
def test_ten_kills_leave_what_an_undisturbed_run_leaves(tmp_path: Path, cache: str) -> None:
    workload = prepare(tmp_path, records=60_000, seed=SEED, cache=cache)
    verdict = run_rounds(workload, tmp_path, kills=10, seed=SEED)
    assert verdict.wrong == []
    assert verdict.kills.counted >= 10


@pytest.mark.parametrize(
    ("bug", "cache"),
    [("offsets_apart", EVERY_CHANGE), ("blob_lost", EVERY_CHANGE), ("pending_lost", COALESCED)],
    ids=["offsets apart from outputs", "a store without its last commit", "pending changes not restored"],
)
def test_a_planted_bug_is_found(tmp_path: Path, bug: str, cache: str) -> None:
    workload = prepare(tmp_path, records=30_000, seed=SEED, cache=cache)
    verdict = run_rounds(workload, tmp_path, kills=20, seed=SEED, command=planted(bug), until_wrong=True)
    assert verdict.wrong
