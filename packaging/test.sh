#!/usr/bin/env bash
# Runs every check and the whole test suite, after installing what they need.
#
#   packaging/test.sh                          everything
#   packaging/test.sh tests/assessment -k text  the checks, then these tests: arguments go to pytest
#
# ELOCUTE_TEST_VENV  where the virtual environment lives (default: .venv-test of this checkout)
# ELOCUTE_PYTHON     the Python to create it with (default: the first of 3.11 or newer that is found)
# ELOCUTE_CORPORA    the folder of the speech corpora; tests that need them are skipped without it
set -euo pipefail

ROOT=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
VENV=${ELOCUTE_TEST_VENV:-$ROOT/.venv-test}
EXTRAS=test,train,transcription
. "$ROOT/packaging/common.sh"
SYSTEM_PACKAGES+=(
    "flite|flite|flite|flite|flite|the alignment benchmark"
    "pulseaudio|pulseaudio|pulseaudio|pulseaudio|-|the virtual microphone of the tests"
    "Xvfb|xvfb|xorg-x11-server-Xvfb|xorg-server-xvfb|-|the tests of the window"
    "xauth|xauth|xauth|xorg-xauth|-|the tests of the window"
    "pg_ctl|postgresql|postgresql-server|postgresql|postgresql@17|the tests of a library on a PostgreSQL server"
    "chromium|chromium|chromium|chromium|-|the tests of HTML reports in a browser"
    "DroidSansFallbackFull.ttf|fonts-droid-fallback|google-droid-sans-fonts|ttf-droid|-|Chinese names in the tests of reports"
    "shellcheck|shellcheck|ShellCheck|shellcheck|shellcheck|checking the shell scripts"
)

failed=()

check() {
    printf '\n== %s\n' "$*"
    "$@" </dev/null || failed+=("$*")
}

set_up
cd "$ROOT"
export PATH="$VENV/bin:$PATH"

check ruff check
check ruff format --check
check mypy
check lint-imports
if is_present shellcheck; then check shellcheck -x packaging/*.sh .ci/run; fi

# The whole suite on the cores there are, the tests of a file together: they share what is slow to make. More
# than four would take too much memory.
if [ $# = 0 ]; then set -- --numprocesses=auto --maxprocesses=4 --dist=loadfile; fi

printf '\n== pytest\n'
if [ ${#failed[@]} -gt 0 ]; then printf 'These checks failed, see above:\n'; printf '    %s\n' "${failed[@]}"; fi
status=0
python -m pytest "$@" </dev/null || status=$?
[ ${#failed[@]} = 0 ] || [ "$status" != 0 ] || status=1
exit "$status"
