#!/bin/sh
# Deploys, if the gate says GO.
#
# Fails closed: 0 is the only code that leads on. A gonogo that is not there (127), was killed (137) or is interrupted
# (130, 143) is none of the codes below, and ends in the last branch.
set -eu

code=0
gonogo check --env=production --phase=pre-deploy --output=json=gonogo-report.json probes.yaml || code=$?

case $code in
  0) ;;
  1) echo "NO-GO: something is proved wrong. Not deployed." >&2 ;;
  2) echo "The gate could not be read: nothing was looked at. Not deployed." >&2 ;;
  3) echo "HOLD: something could not be proved. Not deployed." >&2 ;;
  4) echo "The report could not be written, or gonogo itself failed. Not deployed." >&2 ;;
  *) echo "gonogo ended with $code. Not deployed." >&2 ;;
esac
[ "$code" -eq 0 ] || exit "$code"

echo "deploying"
