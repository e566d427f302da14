"""urllib3's connections, under everything that requests and urllib3 do, as requests to Java.

What Java can't do goes over Python's own sockets.
"""


def _install_connections(answers, open_):
    import http.client
    import re
    import socket
    import ssl
    from _thread import get_ident as thread
    from types import SimpleNamespace

    import urllib3
    import urllib3.connection
    import urllib3.connectionpool
    import urllib3.util.connection
    import urllib3.util.ssl_
    from urllib3.exceptions import (
        ConnectTimeoutError,
        LocationParseError,
        NameResolutionError,
        NewConnectionError,
    )

    PORTS = {"http": 80, "https": 443}
    StockHTTP = urllib3.connection.HTTPConnection
    StockHTTPS = urllib3.connection.HTTPSConnection
    primed = {}  # by thread: what the next connection is to answer instead of asking

    _NAME = re.compile(r"[-!#$%&'*+.^_`|~0-9A-Za-z]+")
    _VALUE = re.compile(r"[\t\x20-\x7e\xa0-\xff]*")

    def _milliseconds(seconds):
        return 0 if seconds is None else max(1, min(int(seconds * 1000), 2**31 - 1))

    class _Connection:
        """A connection that Java makes, or takes from its pool, when its request is sent."""

        _sent = None
        _idle = False

        def _through_java(self):
            return (
                self.sock is None
                and self._tunnel_host is None
                and self.source_address is None
                and self.socket_options == StockHTTP.default_socket_options
                and untouched_sockets()
                and (self.timeout is None or isinstance(self.timeout, (int, float)))
                and (self.proxy is None or self.proxy.scheme == "http")
            )

        def _bundle(self):
            """What certificates to trust: a file, "" for any; None where Java can't tell."""
            return ""

        def connect(self):
            if not self._through_java() or self._bundle() is None:
                return super().connect()
            self._idle = True

        @property
        def is_closed(self):
            return self.sock is None and not self._idle

        @property
        def is_connected(self):
            return self._idle or super().is_connected

        def close(self):
            self._idle = False
            self._sent = None
            super().close()

        def request(
            self,
            method,
            url,
            body=None,
            headers=None,
            *,
            chunked=False,
            preload_content=True,
            decode_content=True,
            enforce_content_length=True,
        ):
            self._sent = None
            text = None
            if self._through_java():
                text = self._text(method, url, body, headers, chunked)
            if text is None:
                if self.sock is None:
                    super().connect()
                    self._idle = False
                return super().request(
                    method,
                    url,
                    body=body,
                    headers=headers,
                    chunked=chunked,
                    preload_content=preload_content,
                    decode_content=decode_content,
                    enforce_content_length=enforce_content_length,
                )
            self._sent = (
                text,
                self.timeout,
                method,
                url,
                body,
                dict(headers or {}),
                chunked,
                {
                    "preload_content": preload_content,
                    "decode_content": decode_content,
                    "enforce_content_length": enforce_content_length,
                },
            )
            self._idle = True

        def _text(self, method, url, body, headers, chunked):
            """The request for Java but for its time-outs; None where it is nothing for Java."""
            if chunked or not (body is None or isinstance(body, (bytes, str))):
                return None
            bundle = self._bundle()
            if bundle is None or not isinstance(url, str) or not url.isascii():
                return None
            host, port = self.host, self.port
            scheme = "https" if isinstance(self, StockHTTPS) else "http"
            lines = []
            seen = set()
            for name, value in (headers or {}).items():
                if isinstance(name, bytes):
                    name = name.decode("latin-1")
                if isinstance(value, bytes):
                    value = value.decode("latin-1")
                elif isinstance(value, int):
                    value = str(value)
                if not isinstance(name, str) or not isinstance(value, str):
                    return None
                if not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
                    return None
                if value == urllib3.util.request.SKIP_HEADER:
                    return None
                seen.add(name.lower())
                lines.append(name + ": " + value)
            if isinstance(body, str):
                body = body.encode("utf-8")
            first = []
            if "host" not in seen:
                name = "[" + host + "]" if ":" in host else host
                if url.startswith("http"):  # through a proxy: the Host of the address
                    netloc = urllib3.util.parse_url(url).netloc or ""
                    first.append("Host: " + netloc.rpartition("@")[2])
                elif port == PORTS[scheme]:
                    first.append("Host: " + name)
                else:
                    first.append(f"Host: {name}:{port}")
            if "accept-encoding" not in seen:
                first.append("Accept-Encoding: identity")
            if "content-length" not in seen:
                if body is not None:
                    first.append(f"Content-Length: {len(body)}")
                elif method.upper() not in ("GET", "HEAD", "DELETE", "TRACE", "OPTIONS", "CONNECT"):
                    first.append("Content-Length: 0")
            if "user-agent" not in seen:
                first.append("User-Agent: " + urllib3.connection._get_default_user_agent())
            return [method, scheme, host, str(port), url, bundle, first + lines, body]

        def getresponse(self):
            if self._sent is None:
                return super().getresponse()
            text, connect_timeout, method, url, body, headers, chunked, options = self._sent
            self._sent = None
            verb, scheme, host, port, target, bundle, lines, sent_body = text
            request = "\n".join(
                [
                    verb,
                    scheme,
                    host,
                    port,
                    target,
                    str(_milliseconds(connect_timeout)),
                    str(_milliseconds(self.timeout)),
                    bundle,
                    "head",
                    *lines,
                ]
            )
            try:
                answer = primed.pop(thread(), None)
                if answer is None:
                    answer = answers.answer(open_(request, sent_body))
                elif isinstance(answer, answers.Failure):
                    raise answer
            except answers.Failure as raised:
                failure = raised
            else:
                if self.proxy is not None:
                    self._has_connected_to_proxy = True
                return answers.raw(method, url, answer, **options)
            # not where it is handled: it is nobody's __context__
            if failure.kind == "ELSEWHERE":
                return self._by_sockets(connect_timeout, method, url, body, headers, chunked, options)
            self._idle = False
            raise self._error(failure, connect_timeout)

        def _by_sockets(self, connect_timeout, method, url, body, headers, chunked, options):
            read_timeout = self.timeout
            self._idle = False
            self.timeout = connect_timeout
            super().connect()
            super().request(method, url, body=body, headers=headers, chunked=chunked, **options)
            self.timeout = read_timeout
            return super().getresponse()

        def _error(self, failure, connect_timeout):
            kind = failure.kind
            if kind == "DNS":
                try:
                    self.host.encode("idna")  # what urllib3 looks at first
                except UnicodeError:
                    return LocationParseError(f"'{self.host}', label empty or too long")
                reason = socket.gaierror(failure.number, failure.text)
                error = NameResolutionError(self.host, self, reason)
            elif kind == "CONNECT_TIMEOUT":
                reason = TimeoutError("timed out")
                error = ConnectTimeoutError(
                    self,
                    f"Connection to {self.host} timed out. (connect timeout={connect_timeout})",
                )
            elif kind == "CONNECT":
                reason = OSError(failure.number, failure.text)
                error = NewConnectionError(self, f"Failed to establish a new connection: {reason}")
            else:
                return failure.as_error()
            error.__cause__ = reason
            return error

    class _HTTPConnection(_Connection, StockHTTP):
        pass

    class _HTTPSConnection(_Connection, StockHTTPS):
        def _bundle(self):
            if (
                self.ssl_context is not None
                or self.cert_file
                or self.key_file
                or self.assert_hostname is not None
                or self.assert_fingerprint
                or self.server_hostname is not None
                or self.ssl_version is not None
                or self.ssl_minimum_version is not None
                or self.ssl_maximum_version is not None
                or self.ca_cert_dir
                or self.ca_cert_data
                or self.proxy is not None
            ):
                return None
            wanted = urllib3.util.ssl_.resolve_cert_reqs(self.cert_reqs)
            if wanted == ssl.CERT_NONE:
                return ""
            return self.ca_certs if self.ca_certs and "\n" not in self.ca_certs else None

        def connect(self):
            super().connect()
            if self._idle:
                self.is_verified = bool(self._bundle())

    answers.name_after(_HTTPConnection, StockHTTP)
    answers.name_after(_HTTPSConnection, StockHTTPS)

    urllib3.connectionpool.HTTPConnectionPool.ConnectionCls = _HTTPConnection
    urllib3.connectionpool.HTTPSConnectionPool.ConnectionCls = _HTTPSConnection

    def _watch(*watched):
        """A function that says whether all these attributes are what they are now."""
        names = {}
        tests = []
        for number, (owner, attributes) in enumerate(watched):
            names[f"o{number}"] = owner
            for attribute in attributes.split():
                key = f"v{len(names)}"
                names[key] = getattr(owner, attribute)
                tests.append(f"o{number}.{attribute} is {key}")
        source = "lambda: " + " and ".join(tests)
        return eval(source, names)

    # functions live in their class's or module's dictionary: `is` holds until someone sets another
    untouched_sockets = _watch(
        (socket, "socket create_connection getaddrinfo setdefaulttimeout"),
        (urllib3.util.connection, "create_connection allowed_gai_family HAS_IPV6"),
        (StockHTTP, "connect _new_conn request getresponse putrequest putheader send"),
        (StockHTTP, "default_socket_options"),
        (StockHTTPS, "connect"),
        (http.client.HTTPConnection, "connect request getresponse endheaders send putheader"),
        (http.client.HTTPConnection, "putrequest debuglevel _http_vsn _http_vsn_str"),
        (http.client.HTTPResponse, "begin read"),
        (http.client, "_MAXHEADERS _MAXLINE"),
    )

    return SimpleNamespace(
        NAME=_NAME,
        PORTS=PORTS,
        milliseconds=_milliseconds,
        primed=primed,
        untouched=untouched_sockets,
        watch=_watch,
    )
