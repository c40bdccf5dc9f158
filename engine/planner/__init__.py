"""From a parsed query to logical steps, and from those to generated stages."""
