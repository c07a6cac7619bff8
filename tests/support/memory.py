"""The memory of a process on Linux: what it holds now, the most it held since it was last asked."""

from pathlib import Path


def forget_peak(pid: int) -> int:
    """Return the resident memory now, in MiB, and start to watch for a new peak."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")
    return _status(pid, "VmRSS")


def peak(pid: int) -> int:
    """Return the most resident memory since `forget_peak`, in MiB."""
    return _status(pid, "VmHWM")


def _status(pid: int, name: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    (line,) = (line for line in lines if line.startswith(f"{name}:"))
    return int(line.split()[1]) // 1024
