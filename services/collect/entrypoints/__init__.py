"""The processes of collect: API and pages, consumer, relay."""
