"""One module per server: its configuration, its command, and what "healthy" means."""
