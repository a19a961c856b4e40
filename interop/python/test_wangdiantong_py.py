"""wangdiantong-py 0.3.0 (openapi2, byte-length signatures, ASCII-escaped JSON) carries the business end to end."""

import datetime
import time
import unittest

import matou
from wangdiantong.client import OpenApiClient


def window(minutes):
    """The last minutes, in Beijing time."""
    end = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).replace(tzinfo=None)
    return end - datetime.timedelta(minutes=minutes), end


class Story(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.client = matou.openapi(OpenApiClient)
        cls.shop_no = matou.WDT["shop_no"]
        cls.specs = matou.spec_numbers()

    def test_1_orders_from_push_to_waybill(self):
        (goods_no, spec_no), (other_goods, other_spec) = self.specs[0], self.specs[1]
        tids = [matou.fresh("PY") for _ in range(50)]
        batch = [matou.order(tid, [(goods_no, spec_no, 2), (other_goods, other_spec, 1)]) for tid in tids]
        reply = self.client.orders.trade_push(self.shop_no, batch)
        self.assertEqual((reply["code"], int(reply["new_count"]), int(reply["chg_count"])), (0, 50, 0), reply)
        again = self.client.orders.trade_push(self.shop_no, batch)
        self.assertEqual(again["code"], 0, again)

        start, end = window(30)
        found = self.client.orders.trade_query(start, end, status=30, src_tid=tids[0])
        self.assertEqual(found["code"], 0, found)
        trade = found["trades"][0]
        self.assertEqual(trade["src_tids"], tids[0])
        self.assertEqual(trade["receiver_name"], "张三")
        self.assertEqual(trade["goods_list"][0]["spec_no"], spec_no)

        for i, tid in enumerate(tids[:10]):
            matou.release_and_ship(tid, f"7531234567{i:04}")

        acknowledged = {}
        while True:
            waiting = self.client.logistics.sync_query(self.shop_no, 4)
            self.assertEqual(waiting["code"], 0, waiting)
            if not waiting["trades"]:
                break
            acknowledged.update((row["tid"], row["logistics_no"]) for row in waiting["trades"])
            done = self.client.logistics.sync_ack(
                [self.client.logistics.item_for_ack(row["rec_id"]) for row in waiting["trades"]]
            )
            self.assertEqual(done["code"], 0, done)
        for i, tid in enumerate(tids[:10]):
            self.assertEqual(acknowledged[tid], f"7531234567{i:04}")

    def test_2_stock_back_to_the_mall(self):
        offered = 0
        while True:
            changes = self.client.stocks.change_query(self.shop_no, 100)
            self.assertEqual(changes["code"], 0, changes)
            rows = changes["stock_change_list"]
            if not rows:
                break
            offered += len(rows)
            done = self.client.stocks.sync_ack(
                [
                    self.client.stocks.item_for_ack(row["rec_id"], row["sync_stock"], row["stock_change_count"])
                    for row in rows
                ]
            )
            self.assertEqual(done["code"], 0, done)
        self.assertGreaterEqual(offered, 2)

        # 50 orders of 2 pieces: 20 shipped, 80 promised.
        row = self.stock_row(self.specs[0][1])
        self.assertEqual(float(row["stock_num"]) - float(row["avaliable_num"]), 80.0, row)

    def stock_row(self, spec_no):
        """The stock of a spec; a change may enter the incremental window a second late."""
        for _ in range(30):
            start, end = window(30)
            stock = self.client.stocks.query(start, end, spec_no=spec_no)
            self.assertEqual(stock["code"], 0, stock)
            for row in stock["stocks"]:
                if row["warehouse_no"] == matou.WDT["warehouse_no"]:
                    return row
            time.sleep(0.1)
        self.fail(f"the stock of {spec_no} did not appear")

    def test_3_goods_and_suites(self):
        start, end = window(60)
        goods = self.client.goods.query(start, end, goods_no=self.specs[0][0])
        self.assertEqual(goods["code"], 0, goods)
        self.assertEqual(goods["goods_list"][0]["goods_no"], self.specs[0][0])
        suites = self.client.goods.suites_query(start, end, suite_no=None)
        self.assertEqual(suites["code"], 0, suites)
        self.assertGreater(len(suites["suites"]), 0)

    def test_4_a_wrong_order_is_named(self):
        goods_no, spec_no = self.specs[0]
        wrong = matou.order(matou.fresh("PY"), [(goods_no, spec_no, 1)], trade_time="2099-01-01 00:00:00")
        reply = self.client.orders.trade_push(self.shop_no, [wrong])
        self.assertNotEqual(reply["code"], 0)
        self.assertIn(wrong["tid"], reply["message"])
        self.assertIn("下单时间非法", reply["message"])


if __name__ == "__main__":
    unittest.main()
