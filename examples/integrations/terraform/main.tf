# A gate before a change by Terraform or OpenTofu. No provider is needed: terraform_data is built in.
#
# Fails closed: a provisioner whose command ends above 0 fails the apply, and whatever depends on the gate is not
# changed. A `check` block is not enough: it warns, and the apply goes on. So here it only reads what the gate wrote,
# for whoever looks at a plan. `-target` can leave the gate out: do not allow it in the pipeline.

terraform {
  required_version = ">= 1.5"
}

variable "release" {
  type        = string
  description = "What is deployed; another release asks the gate again."
}

variable "environment" {
  type        = string
  default     = "production"
  description = "The environment whose values hold."
}

resource "terraform_data" "gate" {
  # Asked again at every apply: a GO of yesterday proves nothing.
  triggers_replace = [var.release, timestamp()]

  provisioner "local-exec" {
    command     = "exec gonogo check --env=\"$GATE_ENVIRONMENT\" --phase=pre-deploy --var=release=\"$GATE_RELEASE\" --output=json=gonogo-report.json probes.yaml"
    interpreter = ["/bin/sh", "-c"]
    working_dir = path.module
    on_failure  = fail
    # Values reach the shell as variables: none of them can become a command. Secrets come from the environment of
    # the pipeline and stand in no plan and no state.
    environment = {
      GATE_ENVIRONMENT = var.environment
      GATE_RELEASE     = var.release
    }
  }
}

resource "terraform_data" "deploy" {
  input      = var.release
  depends_on = [terraform_data.gate]
}

check "last_run" {
  assert {
    condition     = try(jsondecode(file("${path.module}/gonogo-report.json")).verdict, "none") == "GO"
    error_message = "The last run of the gate did not come to GO, or there was none."
  }
}
