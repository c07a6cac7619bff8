"""A simulator of Parcoursup's web service, faithful to domain.md §4: a process of its own."""
