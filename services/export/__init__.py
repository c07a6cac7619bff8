"""Export: rules, decisions, feedback, the State's two feeds and the partners' change feed."""
