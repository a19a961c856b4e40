#!/usr/bin/env bash
# The official Java clients against a live Matou, also as a supplier of the simulated ASCP; and targets that Matou forwards and pushes to, which
# verify with the official Java helper. Needs MATOU_DEMO.
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
# Some merchant code of the demo's catalogue.
item() {
    curl -sS -H "Authorization: Bearer $(entry "['admin']['token']")" "$(entry "['base_url']")/admin/v1/goods?page_size=1" |
        python3 -c 'import json, sys; print(json.load(sys.stdin)["goods"][0]["specs"][0]["spec_no"])'
}
arguments=("$(entry "['base_url']")" "$(entry "['qimen']['app_key']")" "$(entry "['qimen']['app_secret']")"
    "$(entry "['qimen']['target_app_key']")" "$(entry "['wdt']['sid']")"
    "$(entry "['wms']['customer_id']")" "$(entry "['wms']['app_key']")" "$(entry "['wms']['app_secret']")" "$(entry "['wms']['owner_code']")" "$(entry "['wms']['warehouse_code']")" "$(item)")
# What these clients log about refusals goes to the other stream, and holds nothing that is looked for.
timeout 300 java -cp 'lib/*' Clients.java "${arguments[@]}" 2>/dev/null

# The other side: a target in Java that verifies each forwarded call with the official helper.
folder=$(mktemp -d)
targets=()
trap 'kill "${targets[@]}" 2>/dev/null || true; rm -rf "$folder"' EXIT
target() { # name, secret
    java -cp 'lib/*' Target.java "$2" "$folder/$1" >"$folder/$1.log" 2>&1 &
    targets+=($!)
    for _ in $(seq 300); do
        [ -f "$folder/$1" ] && return
        kill -0 "${targets[-1]}" 2>/dev/null || break
        sleep 0.1
    done
    cat "$folder/$1.log"
    exit 1
}
target port targetSecret
keys=("${arguments[@]:0:3}" 21360009)
python3 ../forward.py "$(cat "$folder/port")" targetSecret
timeout 120 java -cp 'lib/*' Forwarded.java "${keys[@]}" verified 2>/dev/null
# With another secret entered for it, the target refuses every call, and its refusal reaches the caller as one.
python3 ../forward.py "$(cat "$folder/port")" anotherSecret
timeout 120 java -cp 'lib/*' Forwarded.java "${keys[@]}" sign-check-failure 2>/dev/null

# A supplier of Tmall Global Direct: TOP's methods by the official client, pushes verified by the official helper.
secret="$(entry "['ascp']['app_secret']")"
target right "$secret"
target wrong "another secret"
timeout 300 java -cp 'lib/*' Ascp.java "${arguments[0]}" "$(entry "['admin']['token']")" "$(entry "['ascp']['app_key']")" "$secret" \
    ../ascp/story.json "$(cat "$folder/right")" "$(cat "$folder/wrong")" 2>"$folder/noise" || { grep -v '^Note\|WARN' "$folder/noise" | tail -5; exit 1; }
