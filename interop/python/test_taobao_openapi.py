"""taobao-openapi 1.1.0 (the official generated classes, /router/rest, epoch milliseconds) calls every method of the scene."""

import datetime
import importlib
import io
import json
import time
import unittest

import matou
from top import appinfo
from top.api.base import FileItem


def prepare(name, secret):
    """A request object of the generated class of this name, addressed to the demo."""
    generated = getattr(importlib.import_module(f"top.api.rest.{name}"), name)
    request = generated(matou.HOST, int(matou.PORT))
    request.set_app_info(appinfo(matou.QIMEN["app_key"], secret))
    request.target_app_key = matou.QIMEN["target_app_key"]
    request.sid = matou.WDT["sid"]
    return request


def call(name, **parameters):
    """One call through the generated class of this name."""
    request = prepare(name, matou.QIMEN["app_secret"])
    for key, value in parameters.items():
        setattr(request, key, value)
    return request.getResponse()["response"]


def succeed(name, **parameters):
    """The same, for calls that must succeed."""
    reply = call(name, **parameters)
    assert reply.get("errorcode") == 0, reply
    assert "flag" not in reply and "code" not in reply, reply
    return reply


def window(minutes=30):
    """The last minutes, in Beijing time, as the parameters are called."""
    end = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8)))
    start = end - datetime.timedelta(minutes=minutes)
    return {"start_time": start.strftime("%Y-%m-%d %H:%M:%S"), "end_time": end.strftime("%Y-%m-%d %H:%M:%S")}


class Story(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shop_no = matou.WDT["shop_no"]
        cls.specs = matou.spec_numbers()

    def test_1_base(self):
        shops = succeed("WdtShopQueryRequest", shop_no=self.shop_no)["shoplist"]
        self.assertEqual(shops[0]["platform_id"], 127)
        self.assertTrue(succeed("WdtWarehouseQueryRequest")["warehouses"])
        self.assertTrue(succeed("WdtLogisticsQueryRequest")["logistics_list"])

    def test_2_goods(self):
        goods_no = matou.fresh("G")
        pushed = [{"goods_no": goods_no, "goods_name": "联调货品", "spec_list": [{"spec_no": f"{goods_no}-A"}]}]
        reply = succeed("WdtGoodsPushRequest", goods_list=json.dumps(pushed, ensure_ascii=False))
        self.assertFalse(reply.get("errors"), reply)
        found = succeed("WdtGoodsQueryRequest", goods_no=goods_no)["goods_list"]
        self.assertEqual(found[0]["spec_list"][0]["spec_no"], f"{goods_no}-A")
        self.assertTrue(succeed("WdtSuitesQueryRequest", **window(60 * 24))["suites"])

    def test_3_orders(self):
        tid = matou.fresh("TB")
        goods_no, spec_no = self.specs[2]
        order = matou.order(tid, [(goods_no, spec_no, 3)])
        reply = succeed("WdtTradePushRequest", shop_no=self.shop_no, trade_list=json.dumps([order], ensure_ascii=False))
        self.assertEqual((reply["new_count"], reply["chg_count"]), (1, 0), reply)

        raw = succeed("WdtVipApiTradeQueryRequest", tid=tid)["trade_list"][0]
        self.assertEqual((raw["process_status"], raw["receiver_name"], raw["receiver_mobile"]), (20, "", ""))
        number = matou.release_and_ship(tid, "SF1234567890")
        trade = succeed("WdtTradeQueryRequest", trade_no=number)["trades"][0]
        self.assertEqual((trade["trade_status"], trade["logistics_no"], trade["buyer_nick"]), (95, "SF1234567890", ""))
        self.assertTrue(self.appears(number))
        out = succeed("WdtStockoutOrderQueryTradeRequest", src_order_no=number)["stockout_list"][0]
        self.assertEqual((out["status"], out["details_list"][0]["goods_count"]), (95, "3.0000"))

        while rows := succeed("WdtLogisticsSyncQueryRequest", shop_no=self.shop_no, limit=100)["trades"]:
            acks = [{"rec_id": row["rec_id"], "status": 0, "message": "同步成功"} for row in rows]
            self.assertFalse(succeed("WdtLogisticsSyncAckRequest", logistics_list=json.dumps(acks)).get("errors"))
        while rows := succeed("WdtApiGoodsStockChangeQueryRequest", shop_no=self.shop_no, limit=100)["stock_change_list"]:
            acks = [{key: row[key] for key in ("rec_id", "sync_stock", "stock_change_count")} for row in rows]
            self.assertFalse(succeed("WdtApiGoodsStockChangeAckRequest", stock_sync_list=json.dumps(acks)).get("errors"))

    def appears(self, number):
        """Whether the order turns up in the incremental window, which may be a second behind."""
        for _ in range(30):
            if number in [row["trade_no"] for row in succeed("WdtTradeQueryRequest", **window())["trades"]]:
                return True
            time.sleep(0.1)
        return False

    def test_4_stock(self):
        goods_no, spec_no = self.specs[3]
        before = self.stock(spec_no)
        info = {
            "outer_no": matou.fresh("IN"),
            "warehouse_no": matou.WDT["warehouse_no"],
            "is_check": 1,
            "goods_list": [{"spec_no": spec_no, "stockin_num": 7, "stockin_price": "12.50"}],
        }
        succeed("WdtStockinOrderPushRequest", stockin_info=json.dumps(info))
        self.assertEqual(self.stock(spec_no) - before, 7.0)

    def stock(self, spec_no):
        rows = succeed("WdtStockQueryRequest", spec_no=spec_no)["stocks"]
        return next(float(row["stock_num"]) for row in rows if row["warehouse_no"] == matou.WDT["warehouse_no"])

    def test_5_a_file_makes_it_multipart_and_is_not_signed(self):
        request = prepare("WdtShopQueryRequest", matou.QIMEN["app_secret"])
        request.shop_no = self.shop_no
        request.photo = FileItem("shop.txt", io.StringIO("\r\n--no boundary\r\n"))
        request.__class__ = type("WithFile", (type(request),), {"getMultipartParas": lambda self: ["photo"]})
        reply = request.getResponse()["response"]
        self.assertEqual((reply.get("errorcode"), len(reply["shoplist"])), (0, 1), reply)

    def test_5_an_empty_value_is_signed_by_this_client_and_counts_as_none(self):
        everything = succeed("WdtShopQueryRequest")["shoplist"]
        self.assertEqual(succeed("WdtShopQueryRequest", shop_no="", platform="")["shoplist"], everything)

    def test_6_failures_have_the_qimen_shape(self):
        order = matou.order(matou.fresh("TB"), [(*self.specs[0], 1)])
        unknown = call("WdtTradePushRequest", shop_no="nobody", trade_list=json.dumps([order]))
        self.assertEqual((unknown["flag"], unknown["code"], unknown["sub_code"]), ("failure", 15, "2310"), unknown)
        self.assertIn("店铺", unknown["sub_message"])
        self.assertNotIn("errorcode", unknown)
        request = prepare("WdtShopQueryRequest", "not the secret")
        refused = request.getResponse()["response"]
        self.assertEqual((refused["flag"], refused["code"]), ("failure", 25), refused)


if __name__ == "__main__":
    unittest.main()
