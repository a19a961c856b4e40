"""What the stories share: the demo's entries, and what a person does in the admin API. Speaks no platform protocol."""

import json
import os
import urllib.request
import uuid

with open(os.environ["MATOU_DEMO"], encoding="utf-8") as file:
    DEMO = json.load(file)

BASE_URL = DEMO["base_url"]
HOST, PORT = BASE_URL.removeprefix("http://").split(":")
WDT = DEMO["wdt"]
QIMEN = DEMO["qimen"]


def fresh(prefix):
    """A number nobody used before."""
    return f"{prefix}{uuid.uuid4().hex[:16].upper()}"


def admin(method, path, body=None):
    """One call of the admin API."""
    request = urllib.request.Request(
        f"{BASE_URL}/admin/v1{path}",
        data=None if body is None else json.dumps(body).encode(),
        method=method,
        headers={"Authorization": f"Bearer {DEMO['admin']['token']}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.load(response)


def spec():
    """Some spec of the demo's catalogue."""
    return spec_numbers()[0]


def spec_numbers():
    """Merchant codes of the demo's catalogue, as its own API gives them out."""
    if not _SPECS:
        from wangdiantong.client import OpenApiClient

        client = openapi(OpenApiClient)
        import datetime

        now = datetime.datetime.now() + datetime.timedelta(hours=_hours_to_beijing())
        reply = client.goods.query(now - datetime.timedelta(days=29), now, page_size=5)
        assert reply["code"] == 0, reply
        for goods in reply["goods_list"]:
            _SPECS.extend((goods["goods_no"], row["spec_no"]) for row in goods["spec_list"])
    return _SPECS


_SPECS = []


def _hours_to_beijing():
    import time

    return 8 + (time.altzone if time.localtime().tm_isdst > 0 else time.timezone) / 3600


def openapi(client_class):
    """The openapi2 client, pointed at the demo. Its base URL is a class attribute that it reads from the environment."""
    client_class.API_BASE_URL = BASE_URL
    return client_class(WDT["sid"], WDT["appkey"], WDT["appsecret"])


def order(tid, lines, **changes):
    """A paid order of the mall with Chinese text in it; `lines` are (goods_no, spec_no, pieces)."""
    rows = [
        {
            "oid": f"{tid}-{i}",
            "num": num,
            "price": "99.00",
            "status": 30,
            "refund_status": 0,
            "goods_id": f"M-{goods_no}",
            "spec_id": f"M-{spec_no}",
            "goods_no": goods_no,
            "spec_no": spec_no,
            "goods_name": "示例货品（联调）",
            "spec_name": "红色 L",
            "adjust_amount": 0,
            "discount": 0,
            "share_discount": 0,
        }
        for i, (goods_no, spec_no, num) in enumerate(lines)
    ]
    paid = sum(99 * row["num"] for row in rows) + 10
    return {
        "tid": tid,
        "trade_status": 30,
        "pay_status": 2,
        "delivery_term": 1,
        "trade_time": "2026-01-02 03:04:05",
        "pay_time": "2026-01-02 03:05:06",
        "buyer_nick": f"买家{tid[-6:]}",
        "receiver_name": "张三",
        "receiver_province": "北京",
        "receiver_city": "北京市",
        "receiver_district": "海淀区",
        "receiver_address": "花园路1号，东门",
        "receiver_mobile": "19900000000",
        "receiver_zip": "100000",
        "buyer_message": "请发顺丰，谢谢",
        "post_amount": 10,
        "cod_amount": 0,
        "ext_cod_fee": 0,
        "other_amount": 0,
        "paid": paid,
        "order_list": rows,
        **changes,
    }


def release_and_ship(tid, waybill):
    """What the operator does: audit the order of this raw order, and ship it."""
    found = admin("GET", f"/orders?tid={tid}")["orders"]
    assert len(found) == 1, found
    number = found[0]["trade_no"]
    admin("POST", f"/orders/{number}/audit")
    admin("POST", f"/orders/{number}/ship", {"logistics_no": "ZTO", "waybill": waybill})
    return number
