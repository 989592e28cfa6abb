#!/usr/bin/env bash
# Builds OpenTofu from the source that Go's checksum database knows for this version, and puts it into a folder.
# (`go install` refuses a module that replaces others, as this one does.)
#
#   scripts/deliver/workflow/install-opentofu.sh FOLDER
set -euo pipefail
folder=$(mkdir -p "${1:?expected a folder}" && cd "$1" && pwd)
version=v1.10.10

source=$(go mod download -json "github.com/opentofu/opentofu@$version" | jq --raw-output .Dir)
cd "$source"
go build -o "$folder/tofu" ./cmd/tofu
"$folder/tofu" version
