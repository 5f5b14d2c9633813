#!/usr/bin/env bash
# Runs `elocute` with the arguments given, after installing what is missing; with none, it opens the window.
#
#   packaging/run.sh
#   packaging/run.sh assess RECORDING --text "What was read."
#
# ELOCUTE_VENV    where the virtual environment lives (default: .venv of this checkout)
# ELOCUTE_PYTHON  the Python to create it with (default: the first of 3.11 or newer that is found)
set -euo pipefail

ROOT=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
VENV=${ELOCUTE_VENV:-$ROOT/.venv}
EXTRAS=transcription
. "$ROOT/packaging/common.sh"

set_up
exec "$VENV/bin/elocute" "$@"
