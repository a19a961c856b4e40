"""taobao-openapi 1.1.0: for each of the 54 methods the generated class sends a valid request and one with a field wrong."""

import importlib
import unittest

import examples
import matou
from top import appinfo


def call(method, params):
    """One call through the generated class `hu3cgwt0tc.wdt.*` of this method."""
    name = "".join(part.capitalize() for part in method.split(".")) + "Request"
    request = getattr(importlib.import_module(f"top.api.rest.{name}"), name)(matou.HOST, int(matou.PORT))
    request.set_app_info(appinfo(matou.QIMEN["app_key"], matou.QIMEN["app_secret"]))
    request.target_app_key = matou.QIMEN["target_app_key"]
    request.sid = matou.WDT["sid"]
    assert request.getapiname() == f"hu3cgwt0tc.{method}", request.getapiname()
    for key, value in params.items():
        setattr(request, key, value)
    return request.getResponse()["response"]


def refused(reply):
    """Code and words of a failure on Qimen."""
    if reply.get("flag") == "failure":
        return int(reply.get("sub_code") or reply["code"]), reply.get("sub_message") or reply["message"]
    return reply["errorcode"], ""


class EveryMethod(unittest.TestCase):
    def test_valid_and_wrong(self):
        examples.Player(call).play(self, refused)


if __name__ == "__main__":
    unittest.main()
