"""The `catalogue` command on real servers."""
