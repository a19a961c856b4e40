#!/usr/bin/env bash
# The official Java clients against a live Matou, and a target of Matou's that verifies with the official Java helper. Needs MATOU_DEMO.
set -euo pipefail
cd "$(dirname "$0")/java"
missing=()
command -v javac >/dev/null || missing+=(default-jdk-headless)
command -v mvn >/dev/null || missing+=(maven)
if [ ${#missing[@]} -gt 0 ]; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq "${missing[@]}" >/dev/null
fi
sha256sum --check --status SHA256SUMS 2>/dev/null || mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib
sha256sum --check --quiet SHA256SUMS

entry() { python3 -c "import json, os; print(json.load(open(os.environ['MATOU_DEMO']))$1)"; }
arguments=("$(entry "['base_url']")" "$(entry "['qimen']['app_key']")" "$(entry "['qimen']['app_secret']")"
    "$(entry "['qimen']['target_app_key']")" "$(entry "['wdt']['sid']")"
    "$(entry "['wms']['customer_id']")" "$(entry "['wms']['app_key']")" "$(entry "['wms']['app_secret']")")
# What these clients log about refusals goes to the other stream, and holds nothing that is looked for.
timeout 300 java -cp 'lib/*' Clients.java "${arguments[@]}" 2>/dev/null
