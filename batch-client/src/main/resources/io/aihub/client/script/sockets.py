"""Holds Python's own sockets to the client's network rules; see SocketGuard.

Evaluated once a context, before all else; Java takes the names away again.
"""

from _socket import socket as _socket_type


def _address(*parts):
    return parts


def _guard_sockets(through, replace, listed):
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

    if not listed:
        return

    # A script with a list of hosts connects to addresses that it has looked up: Java has to know them.
    # Whoever comes by the originals again learns addresses, and may not connect to them.
    import _socket
    from functools import wraps

    def asking(stock):
        @wraps(stock)
        def look_up(host, *arguments, **options):
            name = bytes(host).decode("latin-1") if isinstance(host, (bytes, bytearray)) else host
            if type(name) is str and name:
                ask("lookup", name)
            return stock(host, *arguments, **options)

        return look_up

    for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "gethostbyaddr"):
        setattr(_socket, name, asking(getattr(_socket, name)))
