import os
import pandas as pd
import requests
from fake_useragent import UserAgent

import warnings
warnings.filterwarnings('ignore')

def download(line: str, output_local_dir) -> str:

    ua = UserAgent()
    headers = {
        'User-Agent': ua.random,
    }

    line = line.strip()
    img_url_1, file_name = line.split('|==|')
    img_urls = [img_url_1]

    file_path = output_local_dir + file_name

    folder_pat = os.path.dirname(file_path)
    if not os.path.exists(folder_pat):
        os.makedirs(folder_pat, exist_ok=True)

    for img_idx, img_url in enumerate(img_urls):
        if len(img_url) == 0:
            continue

        if 'http:' not in img_url and 'https:' not in img_url:
            img_url = 'http:' + img_url

        max_request = 1
        request_idx = 0
        while request_idx < max_request:
            try:
                response = requests.get(img_url, headers=headers, timeout=10, verify=False)
                # response = requests.get(img_url, headers=headers, timeout=10, verify=False, proxies=proxies)
                response.raise_for_status()  # Raise an HTTPError for bad responses

                with open(file_path, "wb") as f:
                    f.write(response.content)
                return file_path

            except Exception as err:
                print(f"{img_url}  An error occurred: {err}")
                request_idx += 1

    return None

if __name__ == "__main__":
    with open('/home/app/dataset/download_1016/urls.txt', 'r') as f:
        lines = f.readlines()

    for line in lines:
        file_path = download(line, '//home/app/dataset/temp')
        print(file_path)

