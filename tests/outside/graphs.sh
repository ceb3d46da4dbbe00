#!/bin/sh
# Reads the golden graphs with Graphviz (`dot`) and Mermaid, and says what they saw.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
golden=$here/../../crates/gonogo-report/tests/golden
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
for graph in plan plan-hostile; do
  dot -Tsvg "$golden/$graph.dot" > "$graph.svg"
  echo "$graph.dot: $(grep -c '<g id="node' "$graph.svg") nodes, $(grep -c '<g id="edge' "$graph.svg") edges, $(grep -c '<g id="clust' "$graph.svg") groups"
done
npm install --silent --no-audit --no-fund mermaid@11 jsdom@26 >/dev/null
cp "$here/mermaid.mjs" .
node mermaid.mjs "$golden/plan.mmd" "$golden/plan-hostile.mmd"
