"""wangdiantong-py 0.3.0: every method that it offers was called by the stories, and its plain caller reaches all 54 on openapi2."""

import inspect
import unittest

import examples
import matou
from wangdiantong.api.base import BaseAPIEndpoint
from wangdiantong.client import OpenApiClient

# What the client calls platform goods; the one method of its that the stories of test_wangdiantong_py.py do not need.
PLATFORM = 127


class EveryMethod(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.client = matou.openapi(OpenApiClient)

    def test_platform_goods(self):
        goods_no, spec_no = matou.spec_numbers()[0]
        row = {"goods_id": matou.fresh("M"), "spec_id": "1", "goods_no": goods_no, "spec_no": spec_no, "status": 1, "price": "9.90"}
        # The misspelt name is the client's.
        reply = self.client.goods.goods_push_platfrom(matou.WDT["shop_no"], PLATFORM, [row])
        self.assertEqual((reply["code"], int(reply["new_count"]), int(reply["chg_count"])), (0, 1, 0), reply)
        again = self.client.goods.goods_push_platfrom(matou.WDT["shop_no"], PLATFORM, [{**row, "price": "8.80"}])
        self.assertEqual((again["code"], int(again["new_count"]), int(again["chg_count"])), (0, 0, 1), again)

    def test_nothing_that_it_offers_is_left_out(self):
        endpoints = dict(inspect.getmembers(self.client, lambda member: isinstance(member, BaseAPIEndpoint)))
        offered = {
            f"{area}.{name}"
            for area, endpoint in endpoints.items()
            for name, _ in inspect.getmembers(endpoint, inspect.ismethod)
            if not name.startswith("_") and not name.startswith("item_")
        }
        here = examples.ROOT / "interop/python"
        stories = "".join((here / file).read_text(encoding="utf-8") for file in ("test_wangdiantong_py.py", "test_wangdiantong_py_all.py"))
        self.assertGreater(len(offered), 8)
        self.assertEqual([name for name in sorted(offered) if f"client.{name}(" not in stories], [])

    def test_all_54_through_its_plain_caller(self):
        def call(method, params):
            php = {"wdt.shop.query": "shop", "wdt.logistics.query": "logistics"}.get(method)
            return self.client.goods._post(f"/openapi2/{php or method.removeprefix('wdt.').replace('.', '_')}.php", data=params)

        examples.Player(call).play(self, lambda reply: (reply["code"], reply["message"]))


if __name__ == "__main__":
    unittest.main()
