"""The current catalog, shared by all sessions of an engine. Only the engine thread changes it."""

from headrace.engine.catalog.catalog import Catalog
from headrace.engine.plan.physical import PhysicalPlan


class Metastore:
    """Holds the newest snapshot and the physical plans of its queries; readers take `catalog` once and work on it."""

    def __init__(self) -> None:
        self.catalog = Catalog()
        self.plans: dict[str, PhysicalPlan] = {}
        self._transients = 0

    def next_transient(self) -> int:
        """A number for the id of a push query."""
        self._transients += 1
        return self._transients

    def swap(self, catalog: Catalog) -> None:
        """Make a new version current; plans of queries that are gone go too."""
        self.catalog = catalog
        for query_id in self.plans.keys() - catalog.queries.keys():
            del self.plans[query_id]
