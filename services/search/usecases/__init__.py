"""What search does, one module per command; through ports only."""
