"""The runtime shared by the services; nothing here knows what they are about."""
