"""The ports of collect over real servers."""
