"""Google's Storage client for Python with a service account, for which it asks for scopes
of Cloud Storage and no other: storage_credentials.py ADDRESS."""
import os
import sys

import requests
from google.api_core.client_options import ClientOptions
from google.api_core.exceptions import Forbidden
from google.auth.transport.requests import AuthorizedSession
from google.cloud import storage
from google.oauth2 import service_account

url = "http://" + sys.argv[1]
options = ClientOptions(api_endpoint=url)
client = storage.Client(project="p1", client_options=options)
assert not any("cloud-platform" in scope for scope in client.SCOPE), client.SCOPE
bucket = client.create_bucket("python-guarded")
bucket.blob("a.wav").upload_from_string(b"sound")
with bucket.blob("streamed.wav", chunk_size=256 << 10).open("wb") as out:
    out.write(bytes(600 << 10))
assert "python-guarded" in [b.name for b in client.list_buckets()]

account = service_account.Credentials.from_service_account_file(
    os.environ["GOOGLE_APPLICATION_CREDENTIALS"], scopes=["https://www.googleapis.com/auth/devstorage.read_only"])
reader = storage.Client(project="p1", client_options=options, credentials=account)
assert [b.name for b in reader.list_blobs("python-guarded")] == ["a.wav", "streamed.wav"]
assert reader.bucket("python-guarded").blob("a.wav").download_as_bytes() == b"sound"
for write in (lambda blob: blob.upload_from_string(b"other"), lambda blob: blob.delete()):
    try:
        write(reader.bucket("python-guarded").blob("a.wav"))
        raise AssertionError("a token that is for reading has written")
    except Forbidden as refused:
        assert "insufficient authentication scopes" in str(refused), refused
assert AuthorizedSession(account).get(url + "/v1/voices").status_code == 403
assert requests.get(url + "/storage/v1/b?project=p1").status_code == 401

bucket.blob("a.wav").delete()
bucket.delete(force=True)
