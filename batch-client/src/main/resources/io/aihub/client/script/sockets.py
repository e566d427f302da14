"""Holds Python's own sockets to the client's network rules; see SocketGuard.

Evaluated once a context, before all else; Java takes the names away again.
"""

from _socket import socket as _socket_type


def _address(*parts):
    return parts


def _guard_sockets(through, replace):
    global _guarded
    from _socket import gaierror

    def ask(name, *arguments):
        answer = through(name, *arguments)
        if type(answer) is str:
            if answer:
                raise PermissionError(13, "Permission denied: " + answer)
            raise gaierror(-2, "Name or service not known")
        return answer

    def connect(self, address):
        return ask("connect", self, address)

    def connect_ex(self, address):
        try:
            return ask("connect_ex", self, address)
        except PermissionError as refused:
            return refused.errno

    def sendto(self, *arguments):
        return ask("sendto", self, *arguments)

    def listen(self, backlog=128):
        return ask("listen", self, backlog)

    for method in (connect, connect_ex, sendto, listen):
        _guarded = method
        replace(method.__name__)
    del _guarded
