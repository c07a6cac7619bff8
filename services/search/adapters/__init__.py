"""The ports of search, on Elasticsearch and Kafka."""
