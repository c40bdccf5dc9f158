"""Plans: what a query means (logical) and how it runs (physical)."""
