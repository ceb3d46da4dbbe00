#!/bin/sh
# Reads `-o otlp` with Google's protobuf, strictly, and with the collector's own decoder, which also takes a push: the
# canonical run, and runs of the program. Needs python3 and go.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."
cargo build --quiet --package gonogo
gonogo=${CARGO_TARGET_DIR:-$PWD/target}/debug/gonogo
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv reader
reader/bin/pip install --quiet --disable-pip-version-check opentelemetry-proto==1.38.0
cp "$here/../../crates/gonogo-report/tests/golden/formats/otlp" canonical
run() {
  printf 'version: 1\ngate: %s\nchecks:\n  first: { command: ["true"] }\n  %s\n' "$1" "$2" > probes.yaml
  "$gonogo" check -q -o otlp="$1" > /dev/null 2>&1 || true
}
run go 'second: { command: ["true"], needs: [first] }'
run no-go 'second: { tcp: "127.0.0.1:1", retry: { attempts: 3, backoff: 10ms } }'
run hold 'second: { command: [/no/such/program] }'
run hostile 'second: { command: [printf, "%b", "\"}]}\\n\\033[2J##vso[x]"], expect: { stdout: fine } }'
reader/bin/python "$here/otlp.py" canonical go no-go hold hostile
mkdir collector
cp "$here/otlp.go" collector/main.go
files=$(printf '%s/%s ' "$work" canonical "$work" go "$work" no-go "$work" hold "$work" hostile)
cd collector
go mod init collector > /dev/null 2>&1
go get go.opentelemetry.io/collector/pdata@v1.40.0 > /dev/null 2>&1
go mod tidy > /dev/null 2>&1
# shellcheck disable=SC2086
go run . "$gonogo" $files
