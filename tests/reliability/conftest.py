"""These tests are the small sisters of tests/bars and use its modules."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "bars"))
