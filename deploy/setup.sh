#!/usr/bin/env bash
# Makes .venv from requirements.lock: once on the network, afterwards from the user's caches alone.
set -euo pipefail
cd "$(dirname "$0")/.."

venv=.venv
stamp=$venv/.installed
state="$PWD $(cat requirements.lock pyproject.toml deploy/setup.sh | sha256sum)"
wheels=${XDG_CACHE_HOME:-$HOME/.cache}/catalogue-apprentissage/wheels

say() { printf '%s\n' "$*" >&2; }

# A name on PATH proves nothing (a version manager's shim may refuse to run): each one is tried.
newest_python() {
  local name
  for name in python3.14 python3.13 python3.12 python3.11 python3; do
    if "$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$name"
      return
    fi
  done
  say "Python 3.11 ou plus récent, avec le module venv, est nécessaire : apt-get install python3 python3-venv"
  return 1
}

# The lock stays the one place that names uv's version and hashes.
locked_uv() { awk '/^[^ ]/ { keep = /^uv==/ } keep' requirements.lock; }

install_uv() {
  local lock=$venv/uv.lock
  locked_uv >"$lock"
  local offline=(--no-index --find-links "$wheels")
  "$venv/bin/python" -m pip install --quiet --require-hashes "${offline[@]}" -r "$lock" 2>/dev/null && return
  "$venv/bin/python" -m pip download --quiet --require-hashes --no-deps --dest "$wheels" -r "$lock"
  "$venv/bin/python" -m pip install --quiet --require-hashes "${offline[@]}" -r "$lock"
}

# The caches first: with exact pins and hashes they give the same result, and no network is needed.
cached_first() { "$@" --quiet --offline 2>/dev/null || "$@" --quiet; }

[ "$(cat "$stamp" 2>/dev/null || true)" = "$state" ] && [ -x "$venv/bin/catalogue" ] && exit 0

if ! "$venv/bin/python" -c '' 2>/dev/null; then
  python=$(newest_python)
  say "Environnement Python : $venv ($("$python" --version))"
  rm -rf "$venv"
  "$python" -m venv "$venv"
fi
mkdir -p "$wheels"
[ "$("$venv/bin/uv" --version 2>/dev/null | cut -d' ' -f2)" = "$(locked_uv | sed -n 's/^uv==\([^ ]*\).*/\1/p')" ] || install_uv

export VIRTUAL_ENV=$PWD/$venv
cached_first "$venv/bin/uv" pip sync --require-hashes requirements.lock
cached_first "$venv/bin/uv" pip install --no-deps --editable .
printf '%s\n' "$state" >"$stamp"
say "Prêt : $venv"
