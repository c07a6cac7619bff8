"""What export does, one function per command; everything outside comes through ports."""
