#!/usr/bin/env bash
# Starts the deployment of the environment that comes after one, if there is one.
#
#   GH_TOKEN=… GH_REPO=OWNER/REPOSITORY scripts/workflow/deploy-next.sh dev '["dev", "prod"]'
set -euo pipefail

if [ $# -ne 2 ]; then
  echo "usage: deploy-next.sh ENVIRONMENT ENVIRONMENTS" >&2
  exit 2
fi

next=$(jq -r --arg now "$1" '. as $all | index($now) as $at | if $at == null then empty else $all[$at + 1] // empty end' <<< "$2")
if [ -z "$next" ]; then
  echo "no environment comes after $1"
  exit 0
fi
gh workflow run deploy.yml --ref main --field "environment=$next"
echo "started the deployment of $next"
