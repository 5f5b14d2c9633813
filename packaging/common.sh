# Set-up shared by run.sh and test.sh, which source this file after setting ROOT, VENV and EXTRAS.
# Everything is told on standard error: standard output belongs to the program that is started.
# shellcheck shell=bash

PATH="$PATH:/usr/sbin:/sbin" # ldconfig lives there
case $VENV in /*) ;; *) VENV=$PWD/$VENV ;; esac
STAMP="$VENV/.elocute-installed"

# System libraries and programs that no Python package carries:
#   what to look for | Debian | Fedora | Arch | Homebrew ("-": none is needed there) | what works only with it
# What to look for is a shared library (lib*.so.*), a font file (*.ttf) or a program.
SYSTEM_PACKAGES=(
    "libportaudio.so.2|libportaudio2|portaudio|portaudio|-|recording and playing sound"
    "libEGL.so.1|libegl1|libglvnd-egl|libglvnd|-|the window"
    "libGL.so.1|libgl1|libglvnd-glx|libglvnd|-|the window"
    "libdbus-1.so.3|libdbus-1-3|dbus-libs|dbus|-|the window"
    "libfontconfig.so.1|libfontconfig1|fontconfig|fontconfig|-|the window"
    "libxkbcommon-x11.so.0|libxkbcommon-x11-0|libxkbcommon-x11|libxkbcommon-x11|-|the window"
    "libxcb-cursor.so.0|libxcb-cursor0|xcb-util-cursor|xcb-util-cursor|-|the window"
    "libxcb-icccm.so.4|libxcb-icccm4|xcb-util-wm|xcb-util-wm|-|the window"
    "libxcb-keysyms.so.1|libxcb-keysyms1|xcb-util-keysyms|xcb-util-keysyms|-|the window"
    "libxcb-image.so.0|libxcb-image0|xcb-util-image|xcb-util-image|-|the window"
    "libxcb-render-util.so.0|libxcb-render-util0|xcb-util-renderutil|xcb-util-renderutil|-|the window"
    "libxcb-randr.so.0|libxcb-randr0|libxcb|libxcb|-|the window"
    "libxcb-shape.so.0|libxcb-shape0|libxcb|libxcb|-|the window"
    "libxcb-xkb.so.1|libxcb-xkb1|libxcb|libxcb|-|the window"
    "DejaVuSans.ttf|fonts-dejavu-core|dejavu-sans-fonts|ttf-dejavu|-|phonetic symbols in the window"
)

say() {
    printf '%s\n' "$*" >&2
}

die() {
    say "Elocute: $*"
    exit 1
}

# --- the stamp: what was installed, from where, with which Python -------------------------------

checksum() {
    if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi
}

installation() {
    cat "$ROOT/pyproject.toml" "$ROOT"/packaging/*.sh | checksum
    printf '%s\n' "$ROOT" "$EXTRAS" "$("$VENV/bin/python" -V 2>&1)"
}

is_installed() {
    [ -f "$STAMP" ] && [ -x "$VENV/bin/elocute" ] && [ "$(installation)" = "$(cat "$STAMP")" ]
}

# --- system packages ----------------------------------------------------------------------------

is_present() {
    case $1 in
        lib*.so.*)
            # Without ldconfig there is no telling: the program itself says what it misses.
            if ! command -v ldconfig >/dev/null; then return 0; fi
            ldconfig -p | grep -F "$1 " >/dev/null
            ;;
        *.ttf) find /usr/share/fonts /usr/local/share/fonts -name "$1" 2>/dev/null | grep . >/dev/null ;;
        pg_ctl) # Debian and Homebrew keep it off the path.
            command -v "$1" >/dev/null || compgen -G "/usr/lib/postgresql/*/bin/$1" >/dev/null ||
                compgen -G "/opt/homebrew/opt/postgresql@*/bin/$1" >/dev/null ||
                compgen -G "/usr/local/opt/postgresql@*/bin/$1" >/dev/null
            ;;
        *) command -v "$1" >/dev/null ;;
    esac
}

may_become_root() {
    [ "$(id -u)" = 0 ] && return 0
    command -v sudo >/dev/null || return 1
    # A password can be asked for only where somebody sits at a terminal.
    if [ -t 0 ] && [ -t 2 ]; then sudo -v >&2; else sudo -n true 2>/dev/null; fi
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

apt_get() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 \
        "$@" </dev/null >&2
}

# Installs Debian packages; the package lists are fetched only where they lack a package.
apt_install() {
    command -v apt-get >/dev/null && may_become_root || return 1
    say "Elocute: installing $* with apt-get ..."
    apt_get install -y --no-install-recommends "$@" 2>/dev/null && return 0
    apt_get update && apt_get install -y --no-install-recommends "$@"
}

# Prints the command that installs the given row of SYSTEM_PACKAGES here; nothing where none is needed.
install_command() {
    local debian fedora arch brew
    IFS='|' read -r _ debian fedora arch brew _ <<<"$1"
    if command -v apt-get >/dev/null; then
        echo "apt-get install $debian"
    elif command -v dnf >/dev/null; then
        echo "dnf install $fedora"
    elif command -v pacman >/dev/null; then
        echo "pacman -S $arch"
    elif [ "$(uname -s)" = Darwin ]; then
        if [ "$brew" != - ]; then echo "brew install $brew"; fi
    else
        echo "the package of your system that contains ${1%%|*}"
    fi
}

# Never fails: what is missing here limits what the program can do, not whether it starts.
install_system_packages() {
    local row what debian purpose command missing=()
    for row in "${SYSTEM_PACKAGES[@]}"; do
        IFS='|' read -r what debian _ <<<"$row"
        is_present "$what" || missing+=("$debian")
    done
    # All at once is faster; what fails then is tried one by one.
    [ ${#missing[@]} = 0 ] || apt_install "${missing[@]}" || true
    for row in "${SYSTEM_PACKAGES[@]}"; do
        IFS='|' read -r what debian _ _ _ purpose <<<"$row"
        command=$(install_command "$row")
        if [ -z "$command" ] || is_present "$what" || apt_install "$debian"; then continue; fi
        say "Elocute: $what is missing, which is needed for $purpose. Everything else works without it."
        say "         To install it, as administrator:  $command"
    done
}

# --- Python -------------------------------------------------------------------------------------

is_recent_python() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    local candidate
    for candidate in "${ELOCUTE_PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11 python; do
        if is_recent_python "$candidate"; then
            command -v "$candidate"
            return 0
        fi
    done
    return 1
}

require_python() {
    find_python && return 0
    apt_install python3 python3-venv && find_python && return 0
    die "Python 3.11 or newer is needed and was not found. Install it, or name it: ELOCUTE_PYTHON=/path/to/python3"
}

# Debian keeps a part of Python's own venv module in a package of its own.
require_venv_module() {
    local package
    "$1" -c 'import ensurepip, venv' 2>/dev/null && return 0
    package="$("$1" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
    apt_install "$package" && "$1" -c 'import ensurepip, venv' 2>/dev/null && return 0
    die "$1 cannot create virtual environments. Ask your administrator to run:  apt-get install $package"
}

is_usable_venv() {
    [ -x "$VENV/bin/python" ] && is_recent_python "$VENV/bin/python" && "$VENV/bin/python" -c 'import pip' 2>/dev/null
}

create_venv() {
    local python
    if [ -e "$VENV" ] && [ ! -f "$VENV/pyvenv.cfg" ] && [ -n "$(ls -A "$VENV")" ]; then
        die "$VENV holds something else than a virtual environment. Move it away, or set another place."
    fi
    python=$(require_python) || exit 1
    require_venv_module "$python"
    say "Elocute: creating a virtual environment in $VENV ..."
    "$python" -m venv --clear "$VENV" >&2 || die "$VENV could not be created with $python: see above."
}

install_package() {
    say "Elocute: installing Python packages; this takes a few minutes the first time ..."
    "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --use-pep517 \
        --editable "$ROOT${EXTRAS:+[$EXTRAS]}" </dev/null >&2 ||
        die "the installation stopped: see above. The next run goes on from here."
}

# --- all of it ----------------------------------------------------------------------------------

# Installs what is missing; returns at once where the stamp, written last, says that nothing is.
set_up() {
    is_installed && return 0
    install_system_packages
    is_usable_venv || create_venv
    rm -f "$STAMP"
    install_package
    installation >"$STAMP"
    say "Elocute: ready."
}
