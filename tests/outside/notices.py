"""Receives what gonogo sends, and reads it with the libraries of Standard Webhooks and CloudEvents."""

import http.server
import os
import subprocess
import sys
import tempfile
import threading

from cloudevents.http import from_http
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
GATE = """version: 1
gate: a gate
secrets: { hook: { env: HOOK }, key: { env: KEY } }
notify:
  event: { webhook: "${hook}/event", secret: "${key}", format: cloudevents }
  plain: { webhook: "${hook}/plain", secret: "${key}" }
checks:
  a: { command: [sh, -c, exit 3] }
"""
requests = []


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        requests.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
threading.Thread(target=server.serve_forever, daemon=True).start()
with tempfile.TemporaryDirectory() as folder:
    with open(os.path.join(folder, "probes.yaml"), "w", encoding="utf-8") as file:
        file.write(GATE)
    hook = f"http://127.0.0.1:{server.server_port}"
    env = {"PATH": os.environ["PATH"], "HOOK": hook, "KEY": KEY}
    done = subprocess.run([sys.argv[1], "check", "-q"], cwd=folder, env=env, check=False, stdout=subprocess.DEVNULL)
print("exit code", done.returncode)
for path, headers, body in sorted(requests):
    data = Webhook(KEY).verify(body.decode(), headers)
    print(path, "signature verified,", data["data"]["verdict"], data["data"]["reasons"][0]["id"])
    for change in (body + b" ", body.replace(b"NO-GO", b"GO", 1)):
        try:
            Webhook(KEY).verify(change.decode(), headers)
            print(path, "another body verified, too")
        except WebhookVerificationError:
            print(path, "another body is refused")
    if path == "/event":
        event = from_http(headers, body)
        known = {name: event[name] for name in ("specversion", "type", "source", "subject")}
        print(path, "CloudEvent", known, event.data["verdict"])
