"""The seed's script as somebody writes it who has measured: one session, no made-up user agent."""

import os

import requests
from requests.adapters import HTTPAdapter

session = requests.Session()
session.trust_env = False  # no look for proxies and .netrc
session.mount("http://", HTTPAdapter(pool_maxsize=64))


def download(line, output_local_dir):
    url, name = line.split("|==|")
    path = output_local_dir + name
    os.makedirs(os.path.dirname(path), exist_ok=True)
    response = session.get(url, timeout=10)
    response.raise_for_status()
    with open(path, "wb") as file:
        file.write(response.content)
    return path
