"""Search: the Elasticsearch index of formations, its writer, the public API and pages."""
