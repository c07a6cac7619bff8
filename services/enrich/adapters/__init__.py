"""Where enrich touches the world: files and MongoDB."""
