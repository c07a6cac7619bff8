"""The HTTP side of the kernel."""
