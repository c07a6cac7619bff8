"""The sample data that the project ships, and what makes them."""
