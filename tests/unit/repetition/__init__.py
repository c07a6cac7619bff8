"""Pure parts of the rehearsal."""
