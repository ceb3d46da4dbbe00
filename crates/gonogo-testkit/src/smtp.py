"""A server of e-mail that writes down what it gets, as Python reads it."""

import asyncio
import email
import email.policy
import json
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

setup = json.loads(sys.argv[1])


class Handler:
    count = 0

    async def handle_DATA(self, server, session, envelope):
        if setup["refuses"]:
            return "554 5.7.1 not from you, ##vso[x]"
        message = email.message_from_bytes(envelope.content, policy=email.policy.SMTP)
        received = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "secured": session.ssl is not None or setup["mode"] == "tls",
            "login": session.auth_data.decode() if session.auth_data else None,
            "headers": [[name, str(value)] for name, value in message.items()],
            "defects": [str(defect) for defect in message.defects],
            "body": message.get_content(),
        }
        path = os.path.join(setup["folder"], f"{self.count:03}.json")
        self.count += 1
        with open(path + ".new", "w", encoding="utf-8") as file:
            json.dump(received, file)
        os.rename(path + ".new", path)
        return "250 2.0.0 taken"


def authenticate(server, session, envelope, mechanism, data):
    given = (data.login.decode(), data.password.decode())
    good = given == (setup["user"], setup["password"])
    return AuthResult(success=good, handled=False, auth_data=data.login if good else None)


async def main():
    context = None
    if setup["mode"] != "plain":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(setup["certificate"], setup["key"])
    wants_login = setup["user"] is not None
    handler = Handler()

    def protocol():
        return SMTP(
            handler,
            hostname="mail.test",
            tls_context=context if setup["mode"] == "starttls" else None,
            require_starttls=setup["mode"] == "starttls",
            authenticator=authenticate if wants_login else None,
            auth_required=wants_login,
            auth_require_tls=setup["mode"] == "starttls",
        )

    secured = context if setup["mode"] == "tls" else None
    loop = asyncio.get_running_loop()
    server = await loop.create_server(protocol, "127.0.0.1", setup["port"], ssl=secured)
    async with server:
        await server.serve_forever()


asyncio.run(main())
