"""What collect does: one module per command, over ports."""
