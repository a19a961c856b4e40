"""The documents that Matou writes about itself, judged by other people's validators."""

import json
import unittest
import urllib.request

import examples
import matou
from openapi_spec_validator import OpenAPIV31SpecValidator


def served(path):
    """A document of the running program."""
    with urllib.request.urlopen(f"{matou.BASE_URL}{path}", timeout=30) as response:
        return json.load(response)


class Documents(unittest.TestCase):
    def judge(self, document):
        self.assertEqual([error.message for error in OpenAPIV31SpecValidator(document).iter_errors()], [])

    def test_the_wangdian_api(self):
        document = json.loads((examples.ROOT / "docs/wangdian-openapi.json").read_text(encoding="utf-8"))
        self.judge(document)
        names = {path["post"]["x-qimen-method"] for path in document["paths"].values()}
        self.assertEqual(set(examples.METHODS) - names, set())
        self.assertEqual(served("/admin/v1/wangdian-openapi.json"), document)

    def test_the_collection(self):
        document = json.loads((examples.ROOT / "docs/wangdian-collection.json").read_text(encoding="utf-8"))
        self.assertEqual(served("/admin/v1/wangdian-collection.json"), document)

    def test_the_admin_api(self):
        self.judge(served("/admin/v1/openapi.json"))


if __name__ == "__main__":
    unittest.main()
