import socket

from deploy.local.errors import StackError


def require_free(port: int, server: str, setting: str) -> None:
    """Raises StackError naming the port and its setting when another program listens there."""
    if not is_free(port):
        raise StackError(
            f"Le port {port} ({server}) est déjà pris par un autre programme : "
            f"libérez-le, ou choisissez-en un autre avec {setting}=<port>."
        )


def is_free(port: int) -> bool:
    """Tells whether no program listens there."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As the servers do: the connections of a run that has just ended do not make a port busy.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A port that no one listens on now; for test stacks, which must not meet on fixed ones."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
