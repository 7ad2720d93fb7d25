"""A stand-in of NCALayer for the demonstration and for browser tests: the same words, keys of the test authority.

It opens no window and asks for no password: `choose` says whose key signs (interop.md 6.2, 6.3, 6.5). It listens
on this machine only. Its signatures count only where the test authority is trusted.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

HOST = "127.0.0.1"
GREETING = json.dumps({"result": {"version": "1.4"}})
HEARTBEAT = "--heartbeat--"
BASICS, OLD = "kz.gov.pki.knca.basics", "kz.gov.pki.knca.commonUtils"
AUTHENTICATE = "1.3.6.1.5.5.7.3.2"
UNKNOWN = {"success": False, "errorCode": "MODULE_NOT_FOUND"}
MOST = 4 * 1024 * 1024  # bytes of one message


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose key the page asks for; numbers are empty where it leaves the choice."""

    authentication: bool
    iin: str = ""
    bin: str = ""


# Makes a CMS (DER) of the bytes, attached or not.
Sign = Callable[[bytes, bool], bytes]


@dataclass
class Double:
    """Answers like NCALayer. `choose` gives the key that fits, or None: its window was closed.

    `knows_basics=False` makes an old installation; `heard` are the methods that were asked for.
    """

    choose: Callable[[Wanted], Sign | None]
    knows_basics: bool = True
    heard: list[str] = field(default_factory=list)

    def answer(self, message: str | bytes) -> str:
        """The answer to one message; whatever comes, there is one."""
        if message == HEARTBEAT:
            return HEARTBEAT
        try:
            request = json.loads(message)
            module, method, args = request["module"], request["method"], request.get("args")
            self.heard.append(method)
            return json.dumps(self._answer(module, method, args))
        except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
            return json.dumps({"status": False, "code": "INVOCATION_ERROR", "message": repr(error)})

    def _answer(self, module: str, method: str, args: Any) -> Mapping[str, Any]:
        if module == BASICS and self.knows_basics:
            if method == "sign":
                return self._basics(args)
            return {"status": False, "code": "INVOCATION_ERROR", "message": method}
        if module == OLD:
            return self._old(method, args)
        return UNKNOWN

    def _basics(self, args: Mapping[str, Any]) -> Mapping[str, Any]:
        signer, how = args["signerParams"], args["signingParams"]
        authentication = AUTHENTICATE in signer["extKeyUsageOids"]
        wanted = Wanted(authentication, signer.get("iin") or "", signer.get("bin") or "")
        sign = self.choose(wanted)
        if sign is None:
            return {"status": True, "body": {}}
        texts = args["data"] if isinstance(args["data"], list) else [args["data"]]
        made = [
            _signed(
                sign, base64.b64decode(text) if how["decode"] else text.encode(), how["encapsulate"]
            )
            for text in texts
        ]
        return {
            "status": True,
            "body": {"result": made if isinstance(args["data"], list) else made[0]},
        }

    def _old(self, method: str, args: Any) -> Mapping[str, Any]:
        if method == "getActiveTokens":
            return {"code": "200", "message": "", "responseObject": ["PKCS12"]}
        if method != "createCAdESFromBase64":
            return {"code": "500", "message": f"Unknown method: {method}"}
        _storage, usage, text, attached = args
        sign = self.choose(Wanted(usage == "AUTHENTICATION"))
        if sign is None:
            return {"code": "500", "message": "action.canceled"}
        made = _signed(sign, base64.b64decode(text), attached)
        return {"code": "200", "message": "", "responseObject": made}


def _signed(sign: Sign, content: bytes, attached: bool) -> str:
    return base64.b64encode(sign(content, attached)).decode()


def server(double: Double, port: int) -> Server:
    """A server on this machine, not yet serving; port 0 takes a free one. `OSError`: the port is taken."""

    def talk(connection: ServerConnection) -> None:
        try:
            connection.send(GREETING)
            for message in connection:
                connection.send(double.answer(message))
        except ConnectionClosed:
            pass

    return serve(talk, HOST, port, max_size=MOST)


@contextmanager
def running(double: Double, port: int = 0) -> Iterator[str]:
    """The double at work inside the block, in a thread; gives its address."""
    with server(double, port) as made:
        Thread(target=made.serve_forever, daemon=True).start()
        yield f"ws://{HOST}:{made.socket.getsockname()[1]}/"
