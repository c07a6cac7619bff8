"""A season of export through its use cases, in memory: what may befall it, what always holds."""
