"""API keys on a real MongoDB."""
