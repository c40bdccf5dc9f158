"""Hand-written loops that the engine is measured against: as fast as Python and msgspec allow."""
