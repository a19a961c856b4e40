"""taobaopy 6.0.1 (HMAC-MD5, form, asks for gzip) calls every method of the scene."""

import unittest

import examples
import matou
import zone
from taobaopy.taobao import TaoBaoAPIClient

setUpModule, tearDownModule = zone.enter, zone.leave


def client(secret):
    """The client, pointed at the demo; it adds the path itself."""
    return TaoBaoAPIClient(matou.QIMEN["app_key"], secret, domain=matou.BASE_URL)


class Story(unittest.TestCase):
    def setUp(self):
        self.client = client(matou.QIMEN["app_secret"])

    def call(self, method, params):
        """One call; the client turns attribute names into method names."""
        common = {"target_app_key": matou.QIMEN["target_app_key"], "sid": matou.WDT["sid"]}
        name = "hu3cgwt0tc__" + method.replace(".", "_")
        return getattr(self.client, name)(**{**common, **params})["response"]

    def test_every_method(self):
        def refused(reply):
            if reply.get("flag") == "failure":
                return int(reply.get("sub_code") or reply["code"]), str(reply)
            return reply["errorcode"], reply["message"]

        examples.Player(self.call).play(self, refused)

    def test_a_wrong_secret(self):
        self.client = client("not the secret")
        reply = self.call("wdt.shop.query", {"memo": "旗舰店", "empty": ""})
        self.assertEqual((reply["flag"], reply["code"], reply["message"]), ("failure", 25, "Invalid signature"))
