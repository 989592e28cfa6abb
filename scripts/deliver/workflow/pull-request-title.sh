#!/usr/bin/env bash
# Ends with 1 unless a title is a conventional one: it becomes the commit's on the main branch (CONTRIBUTING.md).
#
#   TITLE='feat(etl): …' scripts/deliver/workflow/pull-request-title.sh
set -euo pipefail

types='build|chore|ci|docs|feat|fix|perf|refactor|revert|style|test'
pattern="^($types)(\([a-z0-9-]+\))?!?: [^ ].{0,98}[^ .]$"

# In a variable, as a title may hold anything.
if [[ "${TITLE:?set TITLE to the title}" =~ $pattern ]]; then
  echo "the title is fine"
else
  echo "The title must be like 'feat(etl): say what it does': one of $types, a scope if you like," >&2
  echo "a colon, a space, and 2 to 100 characters without a full stop at the end." >&2
  exit 1
fi
