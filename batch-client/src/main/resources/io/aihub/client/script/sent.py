"""Tells Java what becomes of the requests that go over Python's own sockets; see SentBridge.

Those of http.client and urllib.request, and what wire/connections.py leaves to urllib3. Evaluated once a context,
before those in wire/, which take what they find for the stock functions.
"""


def _tell_of_requests(begun, answered, failed, completed):
    import http.client
    import socket
    import ssl
    from functools import wraps

    import urllib3.connection
    from urllib3.exceptions import HTTPError

    Connection = http.client.HTTPConnection
    Response = http.client.HTTPResponse

    def address(connection, target):
        if "://" in target:  # through a proxy
            return target
        host, port = connection.host, connection.port
        if connection._tunnel_host:
            host, port = connection._tunnel_host, connection._tunnel_port
        scheme = "https" if connection.default_port == 443 else "http"
        name = f"[{host}]" if ":" in host else host
        if port not in (None, connection.default_port):
            name = f"{name}:{port}"
        return f"{scheme}://{name}{target}"

    def trouble(error, connecting):
        """What Java calls it; None for what is no matter of the network."""
        if isinstance(error, socket.gaierror):
            return "DNS"
        if isinstance(error, ssl.SSLError):
            return "TLS"
        if isinstance(error, TimeoutError):
            return "CONNECT_TIMEOUT" if connecting else "READ_TIMEOUT"
        if isinstance(error, http.client.RemoteDisconnected):
            return "NO_RESPONSE"
        if isinstance(error, http.client.IncompleteRead):
            return "INCOMPLETE"
        if isinstance(error, OSError):
            return "CONNECT" if connecting else "RESET"
        if isinstance(error, http.client.BadStatusLine) or type(error) in (
            http.client.HTTPException,
            http.client.LineTooLong,
            http.client.UnknownProtocol,
        ):
            return "PROTOCOL"
        return None

    def tell(number, error, connecting=False):
        while isinstance(error, HTTPError) and error.__cause__ is not None:
            error = error.__cause__  # urllib3's words for it
        kind = trouble(error, connecting)
        if kind is not None:
            failed(number, kind, getattr(error, "strerror", None) or str(error))

    def around(owner, name, connecting):
        """Tells of what goes wrong in a method of a connection, or of a response."""
        stock = getattr(owner, name)

        @wraps(stock)
        def method(self, *arguments, **options):
            try:
                return stock(self, *arguments, **options)
            except Exception as error:
                number = self.__dict__.get("_number")
                if number is None and connecting:
                    number = self._number = begun("connect", address(self, ""))
                if number is not None:
                    tell(number, error, connecting)
                raise

        setattr(owner, name, method)

    for owner in (Connection, http.client.HTTPSConnection):
        around(owner, "connect", True)
    for owner in (urllib3.connection.HTTPConnection, urllib3.connection.HTTPSConnection):
        around(owner, "connect", True)
    around(Connection, "send", False)

    stock_putrequest = Connection.putrequest

    @wraps(stock_putrequest)
    def putrequest(self, method, url, *arguments, **options):
        stock_putrequest(self, method, url, *arguments, **options)
        self._number = begun(str(method), address(self, str(url)))

    Connection.putrequest = putrequest

    stock_getresponse = Connection.getresponse

    @wraps(stock_getresponse)
    def getresponse(self):
        number = self.__dict__.get("_number")
        try:
            response = stock_getresponse(self)
        except Exception as error:
            if number is not None:
                tell(number, error)
            raise
        if number is not None:
            answered(number, response.status, response.headers.get("Retry-After"))
            response._number = number
            self._number = None
        return response

    Connection.getresponse = getresponse

    for name in ("read", "read1", "readinto", "readline"):
        around(Response, name, False)

    stock_close_conn = Response._close_conn

    @wraps(stock_close_conn)
    def _close_conn(self):
        stock_close_conn(self)
        number = self.__dict__.pop("_number", None)
        if number is None:
            return
        if self.length and not self.closed:  # http.client itself may say nothing of it
            failed(number, "INCOMPLETE", "closed")
        else:
            completed(number)

    Response._close_conn = _close_conn
