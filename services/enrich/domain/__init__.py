"""Pure rules of the enrichment: functions of an offer, the reference tables and a day."""
