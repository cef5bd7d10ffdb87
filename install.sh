#!/bin/sh
# Builds auth0-mcp from this clone and installs it: ./install.sh [--dir <folder>]
# Needs Node 20 or later and npm. Never needs root.
set -eu

main() {
  dir="${HOME:?HOME is not set}/.local/bin"
  while [ $# -gt 0 ]; do
    case "$1" in
      --dir)
        [ $# -ge 2 ] && [ -n "$2" ] || fail "--dir needs a folder"
        dir=$2
        shift 2
        ;;
      --from-source) shift ;;
      *) fail "unknown argument: $1" ;;
    esac
  done

  root=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
  [ -f "$root/package.json" ] || fail "run it from a clone of the repository"
  command -v npm >/dev/null 2>&1 || fail "npm is not on the PATH; install Node 20 or later"

  (cd "$root" && npm run --silent build)
  mkdir -p "$dir"
  # Copied beside and renamed, so that a server that is running keeps its file.
  staged="$dir/.auth0-mcp.$$"
  trap 'rm -f "$staged"' EXIT
  cp "$root/dist/auth0-mcp" "$staged"
  chmod 755 "$staged"
  "$staged" --version >/dev/null || fail "the executable does not start on this machine"
  mv -f "$staged" "$dir/auth0-mcp"
  echo "Installed auth0-mcp $("$dir/auth0-mcp" --version) in $dir"
  case ":$PATH:" in
    *":$dir:"*) ;;
    *) echo "$dir is not on your PATH; add it in your shell's start-up file: export PATH=\"$dir:\$PATH\"" ;;
  esac
}

fail() {
  echo "install.sh: $1" >&2
  exit 1
}

main "$@"
