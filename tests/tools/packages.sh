#!/usr/bin/env bash
# Installs the Debian packages that the environments of the tests need and this machine lacks; says them where it may not.
set -euo pipefail

# A program and the package that has it. What the lab needs besides, the lab says (tests/lab).
needed=(
    "age age"
    "git git"
    "python3 python3"
    "update-ca-certificates ca-certificates"
)

PATH=$PATH:/usr/sbin:/sbin
missing=()
for line in "${needed[@]}"; do
    program=${line%% *}
    package=${line##* }
    command -v "$program" >/dev/null || missing+=("$package")
done
# The environments of the tests start from `python3 -m venv`, which Debian ships apart.
if ! command -v uv >/dev/null && ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
    missing+=(python3-venv)
fi
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "The tests need these Debian packages: ${missing[*]}." >&2
    echo "Install them, or what has their programs on this system, and run this again as root." >&2
    exit 1
fi
echo "packages: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
quietly() {
    local log
    log=$(mktemp)
    if ! "$@" >"$log" 2>&1 </dev/null; then
        cat "$log" >&2
        rm -f "$log"
        echo "\`$*\` failed; its messages are above." >&2
        exit 1
    fi
    rm -f "$log"
}
quietly apt-get -q update
quietly apt-get -q -y install --no-install-recommends "${missing[@]}"
