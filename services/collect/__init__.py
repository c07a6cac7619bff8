"""Collect: receives the offers of training centres and collectors, and answers for each line."""
