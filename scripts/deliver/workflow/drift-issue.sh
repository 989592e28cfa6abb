#!/usr/bin/env bash
# Keeps one issue about the drift of an environment: opened or updated while there is drift, closed when it is gone.
#
#   GH_TOKEN=… GH_REPO=OWNER/REPOSITORY scripts/deliver/workflow/drift-issue.sh ENVIRONMENT FOLDER RUN_URL
#
# FOLDER is what drift.ts wrote: `drift`, which holds true or false, and report.md.
set -euo pipefail

if [ $# -ne 3 ]; then
  echo "usage: drift-issue.sh ENVIRONMENT FOLDER RUN_URL" >&2
  exit 2
fi
environment=$1 report=$2/report.md run=$3
drift=$(cat "$2/drift")
label=drift-$environment

# The label is the issue's name: titles can be edited. The oldest one counts, should there be two.
number=$(gh issue list --label "$label" --state open --json number --jq 'sort_by(.number)[0].number // empty')

if [ "$drift" = false ]; then
  if [ -z "$number" ]; then
    echo "no drift in $environment, no issue"
    exit 0
  fi
  gh issue close "$number" --comment "The drift is gone: $run"
  exit 0
fi

body=$(mktemp)
trap 'rm -f "$body"' EXIT
cat "$report" - > "$body" <<END

What is deployed to $environment is not what the main branch says, as of $run.
Somebody changed AWS by hand, or a deployment is waiting or has failed. Deploy to put it back, or commit the change.
END

if [ -n "$number" ]; then
  gh issue edit "$number" --body-file "$body"
else
  gh label create "$label" --force --color B60205 --description "$environment is not as committed"
  gh issue create --title "Drift in $environment" --label "$label" --body-file "$body"
fi
