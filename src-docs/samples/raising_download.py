"""Lets every error out, so that the failure log shows its class: DNS, TIMEOUT, HTTP_4xx and so on.

A line is `address|==|/path/below/the/target`, as in seed_download.py.
"""

import os

import requests


def download(line: str, output_local_dir: str) -> str:
    url, _, name = line.strip().partition("|==|")
    path = output_local_dir + name
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with requests.get(url, timeout=(5, 10), stream=True) as response:
        response.raise_for_status()
        with open(path, "wb") as file:
            for part in response.iter_content(1 << 16):
                file.write(part)
    return path
