"""Becomes the command given, which the kernel will end when the parent dies, even of kill -9.

A script and not a hook between fork and exec: those are unsafe once the parent has threads.
Arguments: the parent's process id, then the command.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    parent, *command = sys.argv[1:]
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
    if os.getppid() != int(parent):
        sys.exit("the parent died first")
    os.execvp(command[0], command)  # noqa: S606 - the command is our own, there is no shell


if __name__ == "__main__":
    main()
