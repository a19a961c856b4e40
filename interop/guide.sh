#!/usr/bin/env bash
# docs/gateway-guide.md as a user follows it: every shell block, in order, from an empty folder; and its Chinese twin has the same blocks.
set -euo pipefail
cd "$(dirname "$0")/.."
export MATOU="$PWD/target/debug/matou"
[ -x "$MATOU" ] || cargo build --quiet --package matou
blocks() { sed -n '/^```sh$/,/^```$/{/^```/!p;}' "$1"; }
diff <(blocks docs/gateway-guide.md) <(blocks docs/gateway-guide.zh.md) >/dev/null || { echo "guide: the two languages differ in their blocks"; exit 1; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
blocks docs/gateway-guide.md >"$folder/guide.sh"
cd "$folder"
timeout 120 bash -euo pipefail -c 'trap "kill \$(jobs -p) 2>/dev/null || true" EXIT; . ./guide.sh' || { echo "guide: FAILED"; cat guide/matou.log 2>/dev/null | tail -20; exit 1; }
echo "guide: every block works as written"
