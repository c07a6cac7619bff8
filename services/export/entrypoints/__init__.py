"""How export is reached: processes and routes."""
