"""What export decides, as pure functions of facts, rules, campaign and day."""
