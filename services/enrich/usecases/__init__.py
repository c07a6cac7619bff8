"""What enrich does, one module per command."""
