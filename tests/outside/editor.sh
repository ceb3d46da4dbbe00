#!/bin/sh
# Asks the YAML language server what it offers in a gate file with the schema that gonogo prints.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cp "$here/../../docs/reference/gonogo.schema.json" gonogo.schema.json
npm install --silent --no-audit --no-fund yaml-language-server@1 >/dev/null
cp "$here/editor.mjs" .
node editor.mjs
