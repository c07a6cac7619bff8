"""How acces is reached: processes and routes."""
