"""Ways to run the catalogue: the embedded stack, images."""
