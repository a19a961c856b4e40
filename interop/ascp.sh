#!/usr/bin/env bash
# docs/ascp.md as a supplier follows it: every shell block of the walk, in order, from an empty folder; its Chinese twin has the same blocks. At the end
# every row of the operation manual's table must be green, except what the platform does not support.
set -euo pipefail
cd "$(dirname "$0")/.."
program="$PWD/target/debug/matou"
[ -x "$program" ] || cargo build --quiet --package matou
for tool in curl jq; do
    command -v "$tool" >/dev/null || { export DEBIAN_FRONTEND=noninteractive; apt-get update -qq; apt-get install -y -qq "$tool" >/dev/null; }
done
# The blocks of sections 8 and 9 are no part of the walk: one takes minutes, the other wants somebody else's ERP.
blocks() { awk 'BEGIN { walk = 1 } /^## /{ walk = !/^## [89]\./ } /^```/{ inside = walk && /^```sh$/; next } inside' "$1"; }
bare() { blocks "$1" | sed 's/ *# .*//'; }
diff <(bare docs/ascp.md) <(bare docs/ascp.zh.md) >&2 || { echo "ascp: the two languages differ in their blocks"; exit 1; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# Before the walk stops its demo, the table is looked at.
blocks docs/ascp.md | sed '$d' >"$folder/walk.sh"
[ "$(grep -c until_is "$folder/walk.sh")" -gt 8 ] || { echo "ascp: the walk has lost its steps"; exit 1; }
cat >"$folder/run.sh" <<'RUN'
set -euo pipefail
trap 'kill $(jobs -p) 2>/dev/null || true' EXIT
# The page's own command, at a port that is free; in the background only.
matou() { exec "$MATOU" "$@" --listen 127.0.0.1:0; }
. ./walk.sh
call GET $A/ascp/channels/$ID/modules | jq -e '[.modules[].state] == ["unsupported"] + [range(5) | "working"]' >/dev/null
call GET $A/ascp/alarms | jq -e '[.alarms[] | select(.kind == "refund_due")] == []' >/dev/null
RUN
cd "$folder"
MATOU="$program" timeout 120 bash run.sh >walk.log 2>&1 || { echo "ascp: FAILED"; tail -40 walk.log; tail -20 matou.log 2>/dev/null; exit 1; }
echo "ascp: every block works as written"
