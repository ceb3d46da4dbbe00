#!/bin/sh
# Reads every file of examples/integrations, action.yml, templates/ and .pre-commit-hooks.yaml with the linter or the
# schema of its own program, and says what each was read with. Ends above 0 at the first that is refused.
#
# From PyPI: check-jsonschema (which carries the schemas of the CIs), kubernetes-validate, zizmor, yamllint, pre-commit. From Debian:
# make, shellcheck, systemd. terraform is used where it is installed.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
  check-jsonschema==0.39.0 kubernetes-validate==1.37.0 zizmor==1.32.0 yamllint==1.38.0 pre-commit==4.7.0
PATH=$work/venv/bin:$PATH
export PATH
cd "$top"

# Says what was read with what; the first failure ends the script, with all that the tool said.
with() {
  tool=$1 file=$2
  shift 2
  if "$@" > "$work/said" 2>&1; then
    echo "ok  $file  ($tool)"
  else
    echo "REFUSED  $file  ($tool)"
    cat "$work/said"
    exit 1
  fi
}

schema() {
  with "check-jsonschema $1" "$2" check-jsonschema --regex-variant python --builtin-schema "vendor.$1" "${3:-$2}"
}

examples=examples/integrations

schema github-actions action.yml
schema github-workflows $examples/github/gate.yml
with "check-jsonschema, every job has a timeout" $examples/github/gate.yml \
  check-jsonschema --builtin-schema custom.github-workflows-require-timeout $examples/github/gate.yml
schema github-workflows $examples/github/shards.yml
with "check-jsonschema, every job has a timeout" $examples/github/shards.yml \
  check-jsonschema --builtin-schema custom.github-workflows-require-timeout $examples/github/shards.yml
mkdir -p "$work/repo/.github/workflows"
cp action.yml "$work/repo/"
cp $examples/github/gate.yml $examples/github/shards.yml "$work/repo/.github/workflows/"
with "zizmor, pedantic" "action.yml, $examples/github/gate.yml, $examples/github/shards.yml" \
  zizmor --offline --no-progress --persona pedantic "$work/repo"

# A component is two documents, the second with inputs put in; GitLab does that, here a line of sed does.
sed -n '1,/^---$/{/^---$/!p}' templates/gonogo.yml > "$work/spec.yml"
sed '1,/^---$/d; s/\$\[\[ inputs\.job \]\]/gonogo/; s/\$\[\[ inputs\.timeout \]\]/15 minutes/; s/\$\[\[ inputs\.[a-z]* \]\]/some/' \
  templates/gonogo.yml > "$work/component.gitlab-ci.yml"
with "yamllint" "templates/gonogo.yml, its inputs" yamllint --strict -d '{extends: relaxed, rules: {line-length: disable}}' "$work/spec.yml"
schema gitlab-ci "templates/gonogo.yml, its job" "$work/component.gitlab-ci.yml"
schema gitlab-ci $examples/gitlab/.gitlab-ci.yml
schema gitlab-ci $examples/gitlab/shards.gitlab-ci.yml
schema azure-pipelines $examples/azure/azure-pipelines.yml
schema azure-pipelines $examples/azure/gonogo.yml
schema buildkite $examples/buildkite/pipeline.yml
schema circle-ci $examples/circleci/config.yml
with "pre-commit validate-config" $examples/pre-commit/.pre-commit-config.yaml \
  pre-commit validate-config $examples/pre-commit/.pre-commit-config.yaml
with "pre-commit validate-manifest" .pre-commit-hooks.yaml pre-commit validate-manifest .pre-commit-hooks.yaml

with kubernetes-validate $examples/kubernetes/job.yaml \
  kubernetes-validate --strict $examples/kubernetes/job.yaml
for file in shards.yaml merge.yaml; do
  with kubernetes-validate $examples/kubernetes/$file \
    kubernetes-validate --strict $examples/kubernetes/$file
done
with kubernetes-validate $examples/kubernetes/cronjob.yaml \
  kubernetes-validate --strict $examples/kubernetes/cronjob.yaml
sed 's/{{ .Release.Name }}/shop/' $examples/helm/gonogo-hook.yaml > "$work/hook.yaml"
with "kubernetes-validate, with a name put in" $examples/helm/gonogo-hook.yaml \
  kubernetes-validate --strict "$work/hook.yaml"
python3 - $examples/argo-rollouts/analysistemplate.yaml > "$work/analysis-job.yaml" <<'PYTHON'
# The job inside an AnalysisTemplate, as a job of its own: its schema is one of Kubernetes.
import sys
lines = open(sys.argv[1]).read().split("        job:\n", 1)[1].splitlines()
print("apiVersion: batch/v1\nkind: Job")
print("\n".join(line[10:] for line in lines).replace("metadata:", "metadata:\n  name: gonogo", 1))
PYTHON
with "kubernetes-validate, its job" $examples/argo-rollouts/analysistemplate.yaml \
  kubernetes-validate --strict "$work/analysis-job.yaml"

for script in $examples/shell/deploy.sh $examples/buildkite/gate.sh tests/outside/*.sh; do
  with "shellcheck" "$script" shellcheck "$script"
  with "sh -n" "$script" sh -n "$script"
done
with "make -n" $examples/make/Makefile make -n -C $examples/make deploy
for step in get check; do
  python3 - $step > "$work/$step.sh" <<'PYTHON'
# The script of a step of action.yml.
import sys
lines = iter(open("action.yml").read().splitlines())
next(line for line in lines if line.strip() == f"id: {sys.argv[1]}")
next(line for line in lines if line.strip() == "run: |")
print("#!/bin/bash")
for line in lines:
    if line.strip() and not line.startswith(" " * 8):
        break
    print(line[8:])
PYTHON
  with "shellcheck" "action.yml, step $step" shellcheck "$work/$step.sh"
done

# systemd looks whether the programs are there: here one of the name is.
mkdir -p "$work/units"
cp $examples/systemd/gonogo.timer "$work/units/"
sed "s|/usr/bin/gonogo|$(command -v true)|" $examples/systemd/gonogo.service > "$work/units/gonogo.service"
printf '[Service]\nType=oneshot\nExecStart=%s\n' "$(command -v true)" > "$work/units/gonogo-alert@.service"
with "systemd-analyze verify" "$examples/systemd" env SYSTEMD_UNIT_PATH="$work/units:" \
  systemd-analyze verify --man=no "$work/units/gonogo.service" "$work/units/gonogo.timer"
with "systemd-analyze security, at most 2.0" $examples/systemd/gonogo.service env SYSTEMD_UNIT_PATH="$work/units:" \
  systemd-analyze security --offline=yes --threshold=20 "$work/units/gonogo.service"

cp -r $examples/terraform "$work/terraform"
if command -v terraform > /dev/null; then
  with "terraform fmt" $examples/terraform/main.tf terraform fmt -check "$work/terraform"
  (cd "$work/terraform" && with "terraform validate" $examples/terraform/main.tf \
    sh -c 'terraform init -backend=false -input=false && terraform validate')
else
  echo "not read  $examples/terraform/main.tf  (no terraform here)"
fi
for file in $examples/flagger/canary.yaml $examples/argo-rollouts/analysistemplate.yaml; do
  with "yamllint; the schema of its custom resource is in no package" "$file" \
    yamllint --strict -d '{extends: relaxed, rules: {line-length: disable}}' "$file"
done
echo "not read  $examples/jenkins/Jenkinsfile  (its linter is a running Jenkins)"
echo "not read  $examples/flagger/Dockerfile  (its images are placeholders)"
