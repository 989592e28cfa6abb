#!/usr/bin/env bash
# Ends with 1 unless somebody typed what will be destroyed, before anything is asked of AWS.
#
#   ENVIRONMENT=dev CONFIRM=destroy-dev scripts/deliver/workflow/confirm-destroy.sh
set -euo pipefail

expected="destroy-${ENVIRONMENT:?set ENVIRONMENT}"
if [ "${CONFIRM:-}" != "$expected" ]; then
  echo "Nothing was destroyed: expected the text $expected, got '${CONFIRM:-}'" >&2
  exit 1
fi
