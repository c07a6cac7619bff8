"""The embedded stack: real Kafka, MongoDB and Elasticsearch without containers."""

from deploy.local.config import Addresses, Ports, StackConfig
from deploy.local.errors import StackError
from deploy.local.servers.base import ServerName
from deploy.local.stack import Stack

__all__ = ["Addresses", "Ports", "ServerName", "Stack", "StackConfig", "StackError"]
