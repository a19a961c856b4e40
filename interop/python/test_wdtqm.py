"""wdtqm 0.0.4 (made for Wangdian's flagship edition over Qimen: MD5, form, a second signature inside) calls every method of the scene."""

import unittest

import examples
import matou
import zone
from wdtqm import WdtQimenSDK

setUpModule, tearDownModule = zone.enter, zone.leave


def client(secret):
    """The client, pointed at the demo."""
    qimen, url = matou.QIMEN, f"{matou.BASE_URL}/router/qm"
    return WdtQimenSDK(qimen["app_key"], secret, qimen["target_app_key"], "flagship", "secret:salt", "customer", url)


class Story(unittest.TestCase):
    def test_every_method(self):
        sdk = client(matou.QIMEN["app_secret"])

        def call(method, params):
            return sdk.call_api(f"hu3cgwt0tc.{method}", {"sid": matou.WDT["sid"], **params})["response"]

        def refused(reply):
            if reply.get("flag") == "failure":
                return int(reply.get("sub_code") or reply["code"]), str(reply)
            return reply["errorcode"], reply["message"]

        examples.Player(call).play(self, refused)

    def test_a_wrong_secret(self):
        reply = client("not the secret").call_api("wdt.shop.query", {"sid": matou.WDT["sid"], "empty": ""})["response"]
        self.assertEqual((reply["flag"], reply["code"], reply["message"]), ("failure", 25, "Invalid signature"))
