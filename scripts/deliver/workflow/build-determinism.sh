#!/usr/bin/env bash
# Builds the artifacts twice, in different folders, time zones and locales, and ends with 1 unless all bytes are equal.
#
#   scripts/deliver/workflow/build-determinism.sh
set -euo pipefail
cd "$(dirname "$0")/../../.."

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
TZ=Pacific/Kiritimati LANG=C npm run --silent build -- --out "$folder/one"
TZ=America/Los_Angeles LANG=de_DE.UTF-8 npm run --silent build -- --out "$folder/a/second/place"

diff --recursive "$folder/one" "$folder/a/second/place"
echo "both builds have the same bytes"
