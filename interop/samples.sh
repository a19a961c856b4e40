#!/usr/bin/env bash
# The code that `matou sign --sample` writes, in all seven languages, run as it is against a live Matou: openapi2, and Qimen with each
# digest as form, with a JSON and with an XML body. Needs MATOU_DEMO (the demo's demo.json) and the built program.
set -euo pipefail
cd "$(dirname "$0")/.."
matou=target/debug/matou
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

need() { command -v "$1" >/dev/null || missing+=("$2"); }
missing=()
need curl curl; need openssl openssl; need php php-cli; need java default-jdk-headless; need go golang-go; need node nodejs
if [ ${#missing[@]} -gt 0 ]; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq "${missing[@]}" >/dev/null
fi

# Everything that somebody's quoting could get wrong.
nasty=$'旗舰店 A&B=1+2 "q" \'s\' $x \\n %41 😀'
printf '{\n  "page_size": 5,\n  "memo": "旗舰店 \\"q\\" %%41 😀"\n}\n' >"$folder/body.json"
printf '<?xml version="1.0" encoding="utf-8"?>\n<request><page_size>5</page_size><memo>旗舰店 &lt;&amp;</memo></request>\n' >"$folder/body.xml"

wanted() { # name, arguments of matou sign
    local name=$1
    shift
    "$matou" sign --demo "$MATOU_DEMO" "$@" --sample all --into "$folder/$name" >/dev/null
}
for digest in md5 hmac hmac-sha256; do
    wanted "$digest-form" --sign-method "$digest" wdt.shop.query page_size=5 "memo=$nasty" empty=
    wanted "$digest-json" --sign-method "$digest" --body "$folder/body.json" wdt.shop.query "memo2=$nasty"
    wanted "$digest-xml" --sign-method "$digest" --body "$folder/body.xml" wdt.shop.query "memo2=$nasty"
done
wanted openapi2 shop.php page_size=5 "memo=$nasty" empty=

entry() { python3 -c "import json, os; print(json.load(open(os.environ['MATOU_DEMO']))$1)"; }
appsecret=$(entry "['wdt']['appsecret']")
app_secret=$(entry "['qimen']['app_secret']")

failed=0
check() { # what, answer
    case "$2" in
    *'"errorcode":0,'*'"shoplist":[{'* | *'"code":0,'*'"shoplist":[{'*) echo "ok      $1" ;;
    *) echo "FAILED  $1: $2"; failed=1 ;;
    esac
}

# One cargo project for all of them, a program each.
rust="$folder/rust"
mkdir -p "$rust/src/bin"
cp "$folder/openapi2/Cargo.toml" "$rust/"
for call in "$folder"/*/call.sh; do
    name=$(basename "$(dirname "$call")")
    cp "$folder/$name/src/main.rs" "$rust/src/bin/$name.rs"
done
CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/target}/samples" cargo build --quiet --manifest-path "$rust/Cargo.toml"
binaries="${CARGO_TARGET_DIR:-$PWD/target}/samples/debug"

for call in "$folder"/*/call.sh; do
    at=$(dirname "$call")
    name=$(basename "$at")
    MATOU_SECRET=$app_secret
    [ "$name" = openapi2 ] && MATOU_SECRET=$appsecret
    export MATOU_SECRET
    check "$name curl" "$(bash "$at/call.sh" 2>&1)"
    check "$name python" "$(python3 "$at/call.py" 2>&1)"
    check "$name java" "$(java "$at/Call.java" 2>&1)"
    check "$name php" "$(php "$at/call.php" 2>&1)"
    check "$name go" "$(cd "$at" && GO111MODULE=off go run call.go 2>&1)"
    check "$name node" "$(node "$at/call.mjs" 2>&1)"
    check "$name rust" "$("$binaries/$name" 2>&1)"
done
exit "$failed"
