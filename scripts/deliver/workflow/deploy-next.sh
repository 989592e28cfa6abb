#!/usr/bin/env bash
# Starts the deployment of the environment that comes after one, if there is one.
#
#   GH_TOKEN=… GH_REPO=OWNER/REPOSITORY scripts/deliver/workflow/deploy-next.sh dev '["dev", "prod"]'
set -euo pipefail

if [ $# -ne 2 ]; then
  echo "usage: deploy-next.sh ENVIRONMENT ENVIRONMENTS" >&2
  exit 2
fi

next=$(node -p 'const all = JSON.parse(process.argv[2]), at = all.indexOf(process.argv[1]); (at >= 0 && all[at + 1]) || ""' "$1" "$2")
if [ -z "$next" ]; then
  echo "no environment comes after $1"
  exit 0
fi
gh workflow run deploy.yml --ref main --field "environment=$next"
echo "started the deployment of $next"
