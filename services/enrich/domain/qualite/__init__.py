"""How good the descriptions are: what they lack, what is found wrong, and what to mend first."""
