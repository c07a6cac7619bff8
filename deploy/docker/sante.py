"""The image's health check: the process in this container says that it is ready."""

import os
import sys
from http.client import HTTPConnection, HTTPException

if __name__ == "__main__":
    connection = HTTPConnection("127.0.0.1", int(os.environ["CATALOGUE_PORT"]), timeout=4)
    try:
        connection.request("GET", "/pret")
        sys.exit(connection.getresponse().status != 200)
    except (OSError, HTTPException) as error:
        sys.exit(str(error))
