#!/bin/sh
# Opens the page of a report in Chromium: how long it takes with 10, 300 and 10,000 checks, pictures of it
# (into pages/), and what axe-core finds that is not accessible, in light and dark, wide and narrow.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$here/../.."
cargo build --quiet --package gonogo-report --example page
page=${CARGO_TARGET_DIR:-target}/debug/examples/page
"$page" > "$work/canonical.html"
for count in 10 300 10000; do
  "$page" "$count" > "$work/$count.html"
done
cp "$here/page.mjs" "$here/pictures.mjs" "$here/browser.mjs" "$work"
mkdir -p "$here/pages"
cd "$work"
node pictures.mjs "$here/pages" 10.html 300.html 10000.html
npm install --silent --no-audit --no-fund axe-core@4 >/dev/null
node page.mjs canonical.html 300.html
