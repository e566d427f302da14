"""What Java's connections bring, as http.client's and urllib3's responses.

Like its neighbours it is evaluated once a context, before any script: connections.py stands on it, and requests.py
on both. Java calls the one function in each and takes it away again, so that a script finds requests and urllib3
as it knows them.
"""


def _install_answers(read, rest, close):
    import http.client
    import io
    import ssl
    from types import SimpleNamespace

    import urllib3.exceptions
    import urllib3.response
    from urllib3._collections import HTTPHeaderDict
    from urllib3.exceptions import InvalidChunkLength, ProtocolError

    BAD_CHUNK = "Bad chunk header: "  # HttpClient's words

    def _name_after(ours, stock):
        """For messages, and for scripts that look at names."""
        ours.__name__, ours.__qualname__ = stock.__name__, stock.__qualname__
        ours.__module__ = stock.__module__

    class _Failure(Exception):
        """What Java says of a request without an answer, or of a body without an end."""

        def __init__(self, text):
            self.kind, number, self.text = text.split("\t", 2)
            self.number = int(number)

        def as_error(self):
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
            if kind == "TOO_LARGE":
                return MemoryError(self.text)
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
            """Some bytes, at least so many unless the body ends; all that are left for None."""
            if self._at < len(self._start):
                return
            if self._handle == 0:
                self._start, self._at, self._over = b"", 0, True
                return
            data = self._handle
            if type(data) is int:
                data = rest(data) if least is None else read(data, least)
            if isinstance(data, str):
                failure = _Failure(data)
                self._handle, self._start, self._at = 0, b"", 0
                if failure.kind == "INCOMPLETE" and not self.chunked:
                    return  # urllib3 asks once more, and says what is missing
                self._over = True
                if failure.kind == "INCOMPLETE" or failure.kind == "PROTOCOL":
                    raise _BrokenChunks(failure)
                raise failure.as_error()
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
                data = parts[0] if len(parts) == 1 else b"".join(parts)
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
            self._more(None)
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

    return SimpleNamespace(
        Failure=_Failure, answer=_answer, header_dict=_header_dict, raw=_raw, name_after=_name_after
    )
