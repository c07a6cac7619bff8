"""What a document, a query, a cursor and a merge are: pure functions, no I/O, no clock."""
