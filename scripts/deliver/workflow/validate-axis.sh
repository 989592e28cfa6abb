#!/usr/bin/env bash
# Lets each program named (terraform, tofu) validate what `npm run axis -- --out FOLDER` left. Needs no account.
#
#   scripts/deliver/workflow/validate-axis.sh FOLDER PROGRAM...
set -euo pipefail
folder=${1:?expected the folder of the stacks}
shift

# Terraform hashes the artifacts, which it looks for beside the synthesised folder.
npm run --silent build -- --out "$(dirname "$folder")/dist"
for program in "$@"; do
  for stack in "$folder"/*/*/; do
    # Each program has a registry of its own, and would refuse the other's lock file.
    rm -rf "$stack/.terraform" "$stack/.terraform.lock.hcl"
    "$program" -chdir="$stack" init -backend=false -input=false -no-color
    "$program" -chdir="$stack" validate -no-color
    echo "$program: $stack is valid"
  done
done
