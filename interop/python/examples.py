"""The dock's own list of examples (crates/docks/wdt/examples), played through somebody else's client.

One good call of each method, in an order in which each finds what it needs; between them what people do in the admin API. Each
method's example says which field to spoil for a bad call, and which code names it then.
"""

import copy
import datetime
import json
import pathlib
import re
import time

import matou

ROOT = pathlib.Path(__file__).resolve().parents[2]
FAMILIES = ["base", "goods", "order", "purchase", "stock", "aftersale"]
# The methods of the platform's page, as the coverage test of the dock lists them; all of them must be played.
METHODS = re.findall(r'"(wdt\.[a-z.]+)"', (ROOT / "crates/docks/wdt/tests/coverage/list.rs").read_text(encoding="utf-8").split("BEYOND")[0])


def load():
    """All steps, in order."""
    steps = []
    for family in FAMILIES:
        path = ROOT / "crates/docks/wdt/examples" / f"{family}.json"
        steps += json.loads(path.read_text(encoding="utf-8"))
    return steps


def beijing(minutes_ago=0):
    """A time as it is sent."""
    now = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8)))
    return (now - datetime.timedelta(minutes=minutes_ago)).strftime("%Y-%m-%d %H:%M:%S")


class Player:
    """Plays the list through `call(method, params) -> reply`; `params` are texts."""

    def __init__(self, call):
        self.call = call
        self.known = {
            "run": matou.fresh("")[:12],
            "shop_no": matou.WDT["shop_no"],
            "warehouse_no": matou.WDT["warehouse_no"],
            "other_warehouse_no": "WH02",
        }

    def filled(self, value):
        """The value with its variables replaced."""
        if isinstance(value, str):
            return re.sub(r"\{\{(\w+)\}\}", lambda found: str(self.known[found.group(1)]), value)
        if isinstance(value, list):
            return [self.filled(item) for item in value]
        if isinstance(value, dict):
            return {name: self.filled(item) for name, item in value.items()}
        return value

    def play(self, case, refused):
        """Plays everything; `refused(reply)` gives code and words of a failure, code 0 for a success."""
        played = set()
        for step in load():
            self.known.update(
                now=beijing(), half_hour_ago=beijing(30), hour_ago=beijing(60), today=beijing()[:10]
            )
            if "admin" in step:
                verb, path = self.filled(step["admin"]).split(" ", 1)
                reply = matou.admin(verb, path, self.filled(step.get("body")))
            else:
                with case.subTest(method=step["method"], kind="wrong"):
                    self.spoil(case, step, refused)
                with case.subTest(method=step["method"], kind="valid"):
                    reply = self.good(case, step, refused)
                    played.add(step["method"])
            for name, path in step.get("save", {}).items():
                self.known[name] = at(reply, path)
        case.assertEqual(set(METHODS) - played, set(), "methods of the platform's page that did not succeed")

    def good(self, case, step, refused):
        """The example as it stands. What was written this second may enter a window late, so an empty answer is asked for again."""
        for attempt in range(30):
            reply = self.call(step["method"], wire(self.filled(step["params"])))
            code, words = refused(reply)
            case.assertEqual(code, 0, f"{step['method']}: {words}")
            try:
                for path in step.get("save", {}).values():
                    at(reply, path)
                return reply
            except (LookupError, TypeError):
                if attempt == 29:
                    raise
                time.sleep(0.1)

    def spoil(self, case, step, refused):
        """The example with one field wrong: the code of the sheet, the field named."""
        wrong = step["wrong"]
        params = self.filled(copy.deepcopy(step["params"]))
        put(params, wrong["at"], wrong["value"])
        code, words = refused(self.call(step["method"], wire(params)))
        case.assertEqual(code, wrong["code"], f"{step['method']}: {words}")
        case.assertIn(wrong.get("says") or wrong["at"], words, step["method"])


def wire(params):
    """Every value a text; what is nested is JSON."""
    text = lambda value: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return {name: text(value) for name, value in params.items()}


def steps_of(path):
    """`a[0].b` as `["a", 0, "b"]`."""
    return [int(part) if part.isdigit() else part for part in re.findall(r"\w+", path)]


def at(reply, path):
    """A part of a reply."""
    for step in steps_of(path):
        reply = reply[step]
    return reply


def put(params, path, value):
    """Puts a value at a path; `None` removes what is there."""
    *way, last = steps_of(path)
    for step in way:
        params = params[step]
    if value is None:
        params.pop(last, None)
    else:
        params[last] = value
