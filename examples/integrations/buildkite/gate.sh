#!/bin/sh
# Runs the gate and annotates the build with it. Fails closed: the exit code is the one of gonogo, whatever becomes of
# the annotation.
set -u
gonogo check --env=production --phase=pre-deploy \
  --output=json=gonogo-report.json --output=buildkite=gonogo-annotation.md \
  -- deploy/probes.yaml
code=$?
case $code in
  0) style=success ;;
  3) style=warning ;;
  *) style=error ;;
esac
if [ -s gonogo-annotation.md ]; then
  buildkite-agent annotate --style "$style" --context gonogo < gonogo-annotation.md ||
    echo "the build could not be annotated" >&2
fi
exit "$code"
