"""What acces does, one function per command; everything outside comes through ports."""
