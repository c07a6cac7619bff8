"""The reference tables in memory, and how they are built from the rows kept of their files."""
