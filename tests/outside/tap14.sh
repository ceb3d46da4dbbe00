#!/bin/sh
# Reads `-o tap` with tap-parser, the reader of TAP 14 that node-tap uses: the canonical run, and runs of the program.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."
cargo build --quiet --package gonogo
gonogo=${CARGO_TARGET_DIR:-$PWD/target}/debug/gonogo
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund tap-parser@18 >/dev/null 2>&1
cp "$here/tap14.mjs" .
cp "$here/../../crates/gonogo-report/tests/golden/formats/tap" canonical.tap
run() {
  printf 'version: 1\ngate: %s\nchecks:\n  first: { command: ["true"] }\n  %s\n' "$1" "$2" > probes.yaml
  "$gonogo" check -q -o tap="$1.tap" > /dev/null 2>&1 || true
}
run go 'second: { command: ["true"], title: "x # SKIP y \\ # TODO" }'
run no-go 'second: { command: ["false"] }'
run hold 'second: { command: [/no/such/program] }'
run hostile 'second: { command: [printf, "%b", "\\nok 9 - x\\n1..1\\nBail out! x\\n---\\n...\\n# TODO\\033[2J"], expect: { stdout: fine } }'
node tap14.mjs canonical.tap go.tap no-go.tap hold.tap hostile.tap
