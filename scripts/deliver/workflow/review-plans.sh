#!/usr/bin/env bash
# Renders plans for the job's summary, whole, and for a comment, cut to GitHub's limit.
#
#   scripts/deliver/workflow/review-plans.sh TITLE LIST COMMENT
#
# LIST is a file with the paths of plans, one a line, as plan-stacks.ts prints them. GITHUB_STEP_SUMMARY and RUN_URL
# are used where they are set.
set -euo pipefail

if [ $# -ne 3 ]; then
  echo "usage: review-plans.sh TITLE LIST COMMENT" >&2
  exit 2
fi
title=$1 list=$2 comment=$3
summary=${GITHUB_STEP_SUMMARY:-/dev/stderr}

mapfile -t plans < "$list"
if [ "${#plans[@]}" = 0 ]; then
  echo "**$title**: nothing is deployed" | tee -a "$summary" > "$comment"
  exit 0
fi

options=(--title "$title" --noise .github/known-noise.json --summary "$summary")
[ -z "${RUN_URL:-}" ] || options+=(--link "$RUN_URL")
npm run --silent plan-review -- "${options[@]}" "${plans[@]}" > "$comment"
