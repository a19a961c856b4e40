"""Tells the demo's Matou about a foreign target on a loopback port: a scene, an API for each body type, the target, the authorisation.

Arguments: port of the target, the secret that is entered for it.
"""

import json
import os
import sys
import urllib.error
import urllib.request

with open(os.environ["MATOU_DEMO"], encoding="utf-8") as file:
    DEMO = json.load(file)


def post(path, body):
    """One call of the admin API."""
    request = urllib.request.Request(
        f"{DEMO['base_url']}/admin/v1{path}",
        data=json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {DEMO['admin']['token']}", "Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.load(response)
    except urllib.error.HTTPError as refused:
        if refused.code != 409:
            sys.exit(f"POST {path}: {refused.code} {refused.read().decode()}")


port, secret = sys.argv[1:]
endpoint = {"url": f"http://127.0.0.1:{port}/qimen", "secret": secret, "private_allowed": True}
post("/scenes", {"code": "x1y2z3", "name": "somebody else's"})
post("/targets", {"target_app_key": "21360009", "name": "foreign", "kind": "http", "production": endpoint})
for body in ["form", "json", "xml"]:
    names = {"scene": "x1y2z3", "name": f"demo.{body}.push", "environment": "production"}
    definition = {
        "effect": "command",
        "body": body,
        "parameters": [{"name": "shop_no", "required": True, "place": "body" if body == "form" else "query"}],
    }
    post("/apis", {**names, "definition": definition})
    post("/apis/publish", names)
post("/authorisations", {"app_key": DEMO["qimen"]["app_key"], "target_app_key": "21360009", "sid": "*"})
