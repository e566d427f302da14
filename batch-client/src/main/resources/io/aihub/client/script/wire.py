"""Sends what requests and urllib3 send through Java's pool of connections.

Evaluated once a context, before any script; Java calls _install_wire() and takes it away again, so
that a script finds requests and urllib3 as it knows them. Three layers, each handing on what it can't do:
requests.get() and head() with common arguments; urllib3's connections, under everything else that
requests and urllib3 do; Python's own sockets.
"""


def _install_wire(get, open_, read, close):
    import http.client
    import io
    import logging
    import os
    import re
    import socket
    import ssl
    import sys
    import warnings
    from datetime import timedelta

    import requests
    import requests.adapters
    import requests.api
    import requests.auth
    import requests.cookies
    import requests.exceptions
    import requests.models
    import requests.sessions
    import requests.utils
    import urllib3
    import urllib3.connection
    import urllib3.connectionpool
    import urllib3.exceptions
    import urllib3.response
    import urllib3.util.connection
    import urllib3.util.ssl_
    from requests.structures import CaseInsensitiveDict
    from urllib3._collections import HTTPHeaderDict
    from urllib3.exceptions import (
        ConnectTimeoutError,
        InsecureRequestWarning,
        InvalidChunkLength,
        LocationParseError,
        NameResolutionError,
        NewConnectionError,
        ProtocolError,
    )

    PORTS = {"http": 80, "https": 443}
    BAD_CHUNK = "Bad chunk header: "  # HttpClient's words
    Response = requests.models.Response
    HTTPAdapter = requests.adapters.HTTPAdapter
    Session = requests.sessions.Session
    StockHTTP = urllib3.connection.HTTPConnection
    StockHTTPS = urllib3.connection.HTTPSConnection

    def _name_after(ours, stock):
        """For messages, and for scripts that look at names."""
        ours.__name__, ours.__qualname__ = stock.__name__, stock.__qualname__
        ours.__module__ = stock.__module__

    # -- what came back -------------------------------------------------------------------------

    class _Failure(Exception):
        """What Java says of a request without an answer, or of a body without an end."""

        def __init__(self, text):
            self.kind, number, self.text = text.split("\t", 2)
            self.number = int(number)

        def as_os_error(self):
            """The error that Python's own sockets and http.client would raise while talking."""
            kind = self.kind
            if kind == "READ_TIMEOUT" or kind == "CONNECT_TIMEOUT":
                return TimeoutError("timed out")
            if kind == "TLS":
                if "CERTIFICATE_VERIFY_FAILED" in self.text:
                    return ssl.SSLCertVerificationError(self.number, self.text)
                if self.number == 8:
                    return ssl.SSLEOFError(self.number, self.text)
                return ssl.SSLError(self.number, self.text)
            if kind == "NO_RESPONSE":
                return http.client.RemoteDisconnected(self.text)
            if kind == "PROTOCOL":
                if self.number and "line" in self.text:
                    return http.client.LineTooLong("header line")
                if self.number:
                    return http.client.HTTPException(self.text)
                return http.client.BadStatusLine(self.text + "\r\n")
            if kind == "RESET":
                return OSError(self.number, self.text)  # becomes the subclass of its number
            return ConnectionAbortedError(103, self.text)

    def _answer(data):
        """What Java sent: (status, version, handle, flags, reason, header lines, start of the body, microseconds)."""
        if isinstance(data, str):
            raise _Failure(data)
        data = bytes(data)
        end = 4 + int.from_bytes(data[:4], "big")
        first, _, lines = data[4:end].decode("latin-1").partition("\n")
        status, version, handle, flags, micros, reason = first.split("\t", 5)
        return int(status), int(version), int(handle), flags, reason, lines, data[end:], micros

    def _names_and_values(lines):
        if lines:
            for line in lines.split("\n"):
                name, _, value = line.partition(": ")
                yield name, value.replace("\r", "\r\n")  # a value that goes on in the next line

    def _header_dict(lines):
        headers = HTTPHeaderDict()
        for name, value in _names_and_values(lines):
            headers.add(name, value)
        return headers

    class _BrokenChunks(http.client.IncompleteRead):
        """What http.client says of chunks that break off, or are none; urllib3, where it reads them, says more."""

        def __init__(self, failure, partial=b""):
            super().__init__(partial)
            self.failure = failure

        def as_urllib3_has_it(self, response):
            text = self.failure.text
            if self.failure.kind == "PROTOCOL":
                line = text[len(BAD_CHUNK) :] if text.startswith(BAD_CHUNK) else ""
                return InvalidChunkLength(response, line.encode("latin-1") + b"\r\n")
            if self.failure.number:  # in the midst of a chunk
                return http.client.IncompleteRead(b"", self.failure.number)
            return ProtocolError("Response ended prematurely")

    class _Body(http.client.HTTPResponse):
        """The rest of a body, and what http.client's response under urllib3's tells of its head."""

        debuglevel = 0
        chunk_left = http.client._UNKNOWN

        def __init__(self, method, answer, chunked):
            status, version, handle, _, reason, lines, start, _ = answer
            self.status = self.code = status
            self.reason = reason
            self.version = version
            self.chunked = chunked
            self._method = method
            self._lines = lines
            self._handle = handle
            self._start = start
            self._at = 0
            self._taken = 0
            self.whole = None  # how long it is, where that is known
            self._over = handle == 0 and not start

        @property
        def msg(self):
            message = http.client.HTTPMessage()
            for name, value in _names_and_values(self._lines):
                message[name] = value
            return message

        headers = msg

        @property
        def length(self):
            return None if self.whole is None else self.whole - self._taken

        @property
        def will_close(self):
            connection = self.headers.get("Connection", "").lower()
            return "close" in connection or (self.version == 10 and "keep-alive" not in connection)

        @property
        def fp(self):
            return None if self._over else self

        fileno = io.BufferedIOBase.fileno
        flush = io.BufferedIOBase.flush
        readline = io.BufferedIOBase.readline

        def peek(self, n=-1):
            self._more(1)
            return self._start[self._at :]

        def readable(self):
            return True

        def isclosed(self):
            return self._over

        def _more(self, least):
            """Some bytes, at least so many unless the body ends."""
            if self._at < len(self._start):
                return
            if self._handle == 0:
                self._start, self._at, self._over = b"", 0, True
                return
            data = self._handle if type(self._handle) is str else read(self._handle, least)
            if isinstance(data, str):
                failure = _Failure(data)
                self._handle, self._start, self._at = 0, b"", 0
                if failure.kind == "INCOMPLETE" and not self.chunked:
                    return  # urllib3 asks once more, and says what is missing
                self._over = True
                if failure.kind == "INCOMPLETE" or failure.kind == "PROTOCOL":
                    raise _BrokenChunks(failure)
                raise failure.as_os_error()
            self._start, self._at = bytes(data), 0
            if not self._start:
                self._handle, self._over = 0, True

        def _take(self, most):
            """Of what is there; a copy only where some of it stays."""
            part = self._start
            if self._at == 0 and len(part) <= most:
                self._start = b""
            else:
                part = part[self._at : self._at + most]
                self._at += len(part)
            self._taken += len(part)
            if self._taken == self.whole:  # http.client sees the end with the last byte, too
                self._give_up()
            return part

        def read1(self, amt=-1):
            if amt is None or amt < 0:
                amt = 1 << 16
            self._more(1)
            part = self._take(amt)
            self._look_for_end(part)
            return part

        def read(self, amt=-1):
            if amt is None or amt < 0:
                parts = []
                while True:
                    try:
                        part = self._rest()
                    except _BrokenChunks as broken:
                        raise _BrokenChunks(broken.failure, b"".join(parts)) from None
                    if not part:
                        break
                    parts.append(part)
                data = b"".join(parts)
                if self.length and not self.closed:
                    raise http.client.IncompleteRead(data, self.length)
                return data
            self._more(amt)
            part = self._take(amt)
            if len(part) < amt and not self._over:
                parts = [part]
                missing = amt - len(part)
                while missing:
                    self._more(missing)
                    part = self._take(missing)
                    if not part:
                        break
                    missing -= len(part)
                    parts.append(part)
                part = b"".join(parts)
            self._look_for_end(part)
            return part

        def _look_for_end(self, part):
            """A body that is cut off is over when there was nothing more to get, not with what came last."""
            if self._handle == 0 and self._at >= len(self._start) and not (part and self.length):
                self._over = True

        def _rest(self):
            self._more(1 << 20)
            part = self._take(len(self._start))
            if self._handle == 0:
                self._over = True
            return part

        def readinto(self, room):
            part = self.read1(len(room))
            room[: len(part)] = part
            return len(part)

        def _give_up(self):
            handle, self._handle = self._handle, 0
            self._start, self._at, self._over = b"", 0, True
            if handle and type(handle) is int:
                close(handle)

        def close(self):
            self._give_up()
            io.BufferedIOBase.close(self)

    class _Urllib3Response(urllib3.response.HTTPResponse):
        """Java has taken the chunks apart: hands them on as they come."""

        def supports_chunked_reads(self):
            return True

        def read_chunked(self, amt=None, decode_content=None):
            self._init_decoder()
            if not self.chunked:
                raise urllib3.exceptions.ResponseNotChunked(
                    "Response is not chunked. "
                    "Header 'transfer-encoding: chunked' is missing."
                )
            if decode_content is None:
                decode_content = self.decode_content
            if amt and amt < 0:
                amt = None
            with self._error_catcher():
                while self._fp is not None and not self._fp.isclosed():
                    try:
                        part = self._fp.read1(amt)
                    except _BrokenChunks as broken:
                        raise broken.as_urllib3_has_it(self) from None
                    if not part:
                        break
                    decoded = self._decode(part, decode_content, flush_decoder=False)
                    if decoded:
                        yield decoded
                if decode_content:
                    decoded = self._flush_decoder()
                    if decoded:
                        yield decoded
                if self._original_response:
                    self._original_response.close()

    _name_after(_BrokenChunks, http.client.IncompleteRead)
    _name_after(_Body, http.client.HTTPResponse)
    _name_after(_Urllib3Response, urllib3.response.HTTPResponse)

    def _raw(method, url, answer, preload_content=False, decode_content=False, **options):
        """urllib3's response to what Java brought."""
        status, version, _, _, reason, lines, _, _ = answer
        headers = _header_dict(lines)
        chunked = "chunked" in headers.get("transfer-encoding", "").lower()
        body = _Body(method, answer, chunked)
        response = _Urllib3Response(
            body=body,
            headers=headers,
            status=status,
            version=version,
            version_string="HTTP/1.1" if version == 11 else "HTTP/1.0",
            reason=reason,
            original_response=body,
            request_method=method,
            request_url=url,
            preload_content=False,
            decode_content=decode_content,
            **options,
        )
        body.whole = response.length_remaining
        if preload_content:
            response._body = response.read(decode_content=decode_content)
        return response

    # -- the connections of urllib3 ---------------------------------------------------------------

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
                    answer = _answer(open_(request, sent_body))
                elif isinstance(answer, _Failure):
                    raise answer
            except _Failure as raised:
                failure = raised
            else:
                if self.proxy is not None:
                    self._has_connected_to_proxy = True
                return _raw(method, url, answer, **options)
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
                return failure.as_os_error()
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

    _name_after(_HTTPConnection, StockHTTP)
    _name_after(_HTTPSConnection, StockHTTPS)

    urllib3.connectionpool.HTTPConnectionPool.ConnectionCls = _HTTPConnection
    urllib3.connectionpool.HTTPSConnectionPool.ConnectionCls = _HTTPSConnection

    # -- whether a script has changed what we stand in for ------------------------------------------

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

    # -- requests.get() and requests.head() ---------------------------------------------------------

    stock = requests.api.request
    primed = {}  # by thread: what the next connection of the stock code is to answer

    untouched = _watch(
        (requests, "Session session adapters sessions models Response"),
        (requests.sessions, "Session Request PreparedRequest HTTPAdapter default_headers"),
        (requests.sessions, "get_netrc_auth get_environ_proxies cookiejar_from_dict"),
        (requests.sessions, "merge_setting dispatch_hook extract_cookies_to_jar"),
        (Session, "__init__ request prepare_request send merge_environment_settings"),
        (Session, "get_adapter mount close resolve_redirects __enter__ __exit__"),
        (requests.models, "Response PreparedRequest REDIRECT_STATI"),
        (requests.models.PreparedRequest, "__init__ prepare prepare_method prepare_url"),
        (requests.models.PreparedRequest, "prepare_headers prepare_cookies prepare_auth"),
        (requests.models.PreparedRequest, "prepare_body prepare_hooks"),
        (requests.models, "requote_uri"),
        (Response, "__init__ raise_for_status iter_content content text json"),
        (HTTPAdapter, "__init__ send build_response get_connection_with_tls_context"),
        (HTTPAdapter, "cert_verify request_url add_headers init_poolmanager get_connection"),
        (requests.adapters, "PoolManager HTTPAdapter Response DEFAULT_RETRIES Retry"),
        (requests.adapters, "DEFAULT_CA_BUNDLE_PATH"),
        (requests.utils, "default_user_agent DEFAULT_ACCEPT_ENCODING"),
        (urllib3.poolmanager.PoolManager, "urlopen connection_from_host __init__"),
        (urllib3.connectionpool.HTTPConnectionPool, "urlopen _make_request ConnectionCls _new_conn"),
        (urllib3.connectionpool.HTTPSConnectionPool, "urlopen _make_request ConnectionCls _new_conn"),
        (urllib3.response.HTTPResponse, "read stream"),
        (urllib3.connectionpool, "warnings BaseHTTPResponse"),
        (warnings, "warn"),
    )

    # addresses that prepare_url() would leave as they are
    simple_url = re.compile(
        r"(https?)://([a-z0-9_-]+(?:\.[a-z0-9_-]+)*)(?::([1-9][0-9]{0,4}))?"
        r"(/[A-Za-z0-9_~!$'()*+,;=:@&/-]*(?:\.[A-Za-z0-9_~!$'()*+,;=:@&-][A-Za-z0-9._~!$'()*+,;=:@&/-]*)?"
        r"(?:\?[A-Za-z0-9._~!$'()*+,;=:@&/?-]+)?)"
    ).fullmatch
    prepared_url = re.compile(
        r"(https?)://([a-z0-9_.-]+)(?::([1-9][0-9]{0,4}))?(/[!-\"$-~]*)(?:#[!-~]*)?"
    ).fullmatch
    log = urllib3.connectionpool.log
    environment = os.environ._data
    environment_then = dict(environment)
    default_headers = {
        name.lower(): f"{name}: {value}" for name, value in requests.utils.default_headers().items()
    }
    known_names = {}  # header names: lower case, or None for those that the stock code looks after
    ca_bundle = requests.adapters.DEFAULT_CA_BUNDLE_PATH
    thread = __import__("_thread").get_ident
    new = object.__new__

    class _Answer(Response):
        """A response whose rarer parts are made when someone asks for them."""

        _next = None

        def __getattr__(self, name):
            make = _parts.get(name)
            wire = self.__dict__.get("_wire")
            if make is None or wire is None:
                raise AttributeError(
                    f"{type(self).__name__!r} object has no attribute {name!r}"
                )
            value = make(self, wire)
            self.__dict__[name] = value
            return value

        def __reduce__(self):
            return Response, (), self.__getstate__()

        def close(self):
            if "raw" in self.__dict__ or not self._content_consumed:
                super().close()

    _name_after(_Answer, Response)

    def _request_part(self, wire):
        method, url, headers, target, answer = wire
        with Session() as session:
            return session.prepare_request(requests.Request(method, url, headers=headers))

    def _raw_part(self, wire):
        method, url, headers, target, answer = wire
        options = {"retries": urllib3.Retry(0, read=False)}
        if self._content_consumed:  # as after reading: nothing is left
            nothing = (*answer[:2], 0, *answer[3:6], b"", "")
            raw = _raw(method, target, nothing, enforce_content_length=False, **options)
            raw._fp.whole = 0
            raw.read()
            raw.enforce_content_length = True
            if not raw.chunked:
                raw._fp_bytes_read = len(self._content)
                raw.length_remaining = raw.length_remaining and 0
            return raw
        scheme, host, port, _ = prepared_url(self.url).groups()
        pools = urllib3.connectionpool
        kind = pools.HTTPSConnectionPool if scheme == "https" else pools.HTTPConnectionPool
        options["pool"] = kind(host, int(port or PORTS[scheme]))  # for the texts of errors
        return _raw(method, target, answer, **options)

    def _cookies_part(self, wire):
        jar = requests.cookies.cookiejar_from_dict({})
        if "set-cookie" in wire[4][5].lower():
            requests.adapters.extract_cookies_to_jar(jar, self.request, self.raw)
        return jar

    _parts = {
        "headers": lambda self, wire: CaseInsensitiveDict(_header_dict(wire[4][5])),
        "encoding": lambda self, wire: requests.adapters.get_encoding_from_headers(self.headers),
        "cookies": _cookies_part,
        "request": _request_part,
        "raw": _raw_part,
        "elapsed": lambda self, wire: timedelta(microseconds=int(wire[4][7])),
        "history": lambda self, wire: [],
        "connection": lambda self, wire: HTTPAdapter(),
    }

    def _header_lines(headers):
        """The lines that the stock code would send; None where that is not for certain."""
        lines = default_headers.copy()
        for name, value in headers.items():
            if type(name) is not str or type(value) is not str:
                return None
            lower = known_names.get(name)
            if lower is None:
                lower = _known_name(name)
                if lower is None:
                    return None
            if not (value.isascii() and value.isprintable() and value.strip() == value):
                return None
            lines[lower] = name + ": " + value
        return "\n".join(lines.values())

    def _known_name(name):
        lower = name.lower()
        if not _NAME.fullmatch(name) or lower in (
            "host", "content-length", "transfer-encoding", "expect", "upgrade", "te", "trailer",
        ):
            return None
        if len(known_names) < 1000:
            known_names[name] = lower
        return lower

    default_lines = "\n".join(default_headers.values())

    def _environment_is_silent():
        """Whether no variable says where to go through or whom to trust."""
        nonlocal environment_then
        for name in os.environ:
            upper = name.upper()
            if upper.endswith("_PROXY") or upper in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NETRC"):
                return False
        if environment.get(b"HOME") != environment_at_start.get(b"HOME"):
            return False
        environment_then = dict(environment)
        return True

    environment_at_start = environment_then

    def request(method, url, **kwargs):
        if (
            (method == "get" or method == "head")
            and type(url) is str
            and untouched()
            and untouched_sockets()
            and (environment == environment_then or _environment_is_silent())
            and not log.isEnabledFor(logging.DEBUG)  # urllib3 tells of each request
        ):
            done = _common(method.upper(), url, kwargs)
            if done is not None:
                return done
        return stock(method, url, **kwargs)

    def _common(method, url, kwargs):
        """The response to a request with common arguments; None for any other."""
        lines = default_lines
        headers = params = verify = None
        connect_ms = read_ms = "0"
        stream = False
        for name, value in kwargs.items():
            if value is None:
                continue
            if name == "headers":
                if type(value) is not dict:
                    return None
                headers = dict(value)
                lines = _header_lines(headers)
                if lines is None:
                    return None
            elif name == "timeout":
                if type(value) is tuple:
                    if len(value) != 2:
                        return None
                    connect, limit = value
                else:
                    connect = limit = value
                for seconds in (connect, limit):
                    if seconds is not None and not (
                        (type(seconds) is int or type(seconds) is float) and 0 < seconds < 1e6
                    ):
                        return None
                connect_ms = str(_milliseconds(connect))
                read_ms = connect_ms if limit is connect else str(_milliseconds(limit))
            elif name == "verify":
                if value is not True and value is not False:
                    return None
                verify = value
            elif name == "allow_redirects":
                if value is not True and value is not False:
                    return None
            elif name == "stream":
                if value is not True and value is not False:
                    return None
                stream = value
            elif name == "params":
                if value:
                    params = value
            elif name == "proxies" or name == "cookies":
                if type(value) is not dict or value:
                    return None
            else:
                return None
        parts = simple_url(url) if params is None else None
        if parts is None:
            prepared = requests.models.PreparedRequest()
            try:
                prepared.prepare_url(url, params)
            except Exception:
                return None  # the stock code says it in its own way
            url = prepared.url
            parts = prepared_url(url)
            if parts is None:
                return None
        scheme, host, port, target = parts.groups()
        if scheme == "https":
            bundle = "" if verify is False else ca_bundle
            if verify is False:
                _warn(host)
        else:
            bundle = ""
        if port is None:
            name = host
            port = "443" if scheme == "https" else "80"
        else:
            name = host if int(port) == PORTS[scheme] else host + ":" + port
        data = get(
            f"{method}\n{scheme}\n{host}\n{port}\n{target}\n{connect_ms}\n{read_ms}\n{bundle}\n"
            f"{'head' if stream else 'whole'}\nHost: {name}\n{lines}"
        )
        if type(data) is str:
            if data.startswith("ELSEWHERE"):
                return None
            return _by_stock(_Failure(data), method, url, params, kwargs)
        answer = _answer(data)
        status, version, handle, flags, reason, fields, body, micros = answer
        if flags and ("S" in flags or not stream):
            return _by_stock(answer, method, url, params, kwargs)
        if handle and not stream:
            parts = [body]
            while True:
                data = read(handle, 1 << 20)
                if type(data) is str:
                    answer = (status, version, data, flags, reason, fields, b"".join(parts), micros)
                    return _by_stock(answer, method, url, params, kwargs)
                part = bytes(data)
                if not part:
                    break
                parts.append(part)
            body = b"".join(parts)
        response = new(_Answer)
        inside = response.__dict__
        inside["status_code"] = status
        inside["reason"] = reason
        inside["url"] = url
        inside["_content_consumed"] = not stream
        inside["_content"] = False if stream else body
        inside["_wire"] = (method, url, headers, target, answer)
        return response

    def _by_stock(answer, method, url, params, kwargs):
        """Lets the stock code make of an answer, or of its lack, what it would have made of it."""
        if params is not None:
            kwargs = {**kwargs, "params": None}  # they are in the address by now
        me = thread()
        primed[me] = answer
        try:
            with warnings.catch_warnings() if kwargs.get("verify") is False else _nothing:
                if kwargs.get("verify") is False:
                    warnings.simplefilter("ignore", InsecureRequestWarning)
                response = stock(method, url, **kwargs)
            if type(answer) is tuple:
                first = response.history[0] if response.history else response
                first.elapsed += timedelta(microseconds=int(answer[7]))
            return response
        finally:
            left = primed.pop(me, None)
            if type(left) is tuple and type(left[2]) is int and left[2]:
                close(left[2])

    def _warn(host):
        if warnings.filters and warnings.filters[0] == ("ignore", None, Warning, None, 0):
            return
        warnings.warn_explicit(
            f"Unverified HTTPS request is being made to host '{host}'. "
            "Adding certificate verification is strongly advised. See: "
            "https://urllib3.readthedocs.io/en/latest/advanced-usage.html"
            "#tls-warnings",
            InsecureRequestWarning,
            urllib3.connectionpool.__file__,
            1097,
            "urllib3.connectionpool",
            urllib3.connectionpool.__dict__.setdefault("__warningregistry__", {}),
        )

    import contextlib

    _nothing = contextlib.nullcontext()
    request.__doc__ = stock.__doc__
    request.__module__ = stock.__module__
    request.__qualname__ = stock.__qualname__
    requests.api.request = request
    requests.request = request
