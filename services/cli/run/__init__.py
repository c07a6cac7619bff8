"""`catalogue run`: the whole product on one machine."""
