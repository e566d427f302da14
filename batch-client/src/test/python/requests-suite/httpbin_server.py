"""httpbin over http and https, as pytest-httpbin serves it but in a process of its own; ends with its input.

Prints both addresses and the file with the certificate to trust. A thread a request: one that a test has given up
must not hold up the next.
"""

import socketserver
import sys
import wsgiref.simple_server

from httpbin import app
from pytest_httpbin import certs, serve


class Plain(socketserver.ThreadingMixIn, wsgiref.simple_server.WSGIServer):
    daemon_threads = True


class Secure(socketserver.ThreadingMixIn, serve.SecureWSGIServer):
    daemon_threads = True


class SecureServer(serve.Server):  # pytest-httpbin's own insists on its class of server
    def __init__(self):
        super().__init__(application=app, server_class=Secure)
        self.protocol = "https"


with serve.Server(application=app, server_class=Plain) as plain, SecureServer() as secure:
    print(plain.url, secure.url, certs.where(), flush=True)
    sys.stdin.read()
