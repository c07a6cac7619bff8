"""The index as Elasticsearch is told it: analysis, mapping, queries and what they answer. Pure."""
