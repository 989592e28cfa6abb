#!/usr/bin/env bash
# Writes the labels of the pull request that made a commit of the main branch, as the event of it would have them,
# for plan-guard's --event. No labels where a commit came without a pull request.
#
#   GH_TOKEN=… GH_REPO=OWNER/REPOSITORY scripts/deliver/workflow/merged-pull-request.sh SHA FILE
set -euo pipefail

if [ $# -ne 2 ]; then
  echo "usage: merged-pull-request.sh SHA FILE" >&2
  exit 2
fi
sha=$1 file=$2

# Others may hold the commit too, and never be merged: only the one whose merge made it counts.
gh api "repos/${GH_REPO:?OWNER/REPOSITORY}/commits/$sha/pulls" \
  --jq "{pull_request: {labels: [.[] | select(.merged_at != null and .merge_commit_sha == \"$sha\") | .labels[] | {name}]}}" \
  > "$file"
cat "$file"
