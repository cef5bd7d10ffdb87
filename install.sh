#!/bin/sh
# Installs auth0-mcp for the user who runs it; never needs root.
#
#   curl -fsSL <address of this file> | sh
#   sh install.sh [--version <version>] [--dir <folder>]
#   sh install.sh --uninstall [--dir <folder>]
#   ./install.sh --from-source [--dir <folder>]     in a clone; needs Node 20 or later and npm
#
# AUTH0_MCP_DOWNLOAD_URL names another folder to download from.
set -eu

# Filled in when a release is made.
REPOSITORY=''
PUBLIC_KEY=''

main() {
  dir=${HOME:+$HOME/.local/bin}
  version=''
  task=download
  while [ $# -gt 0 ]; do
    case "$1" in
      --dir | --version)
        if [ $# -lt 2 ] || [ -z "$2" ]; then fail "$1 needs a value"; fi
        if [ "$1" = --dir ]; then dir=$2; else version=${2#v}; fi
        shift
        ;;
      --uninstall) task=uninstall ;;
      --from-source) task=build ;;
      *) fail "unknown argument: $1 (there are --version, --dir, --uninstall and --from-source)" ;;
    esac
    shift
  done
  [ -n "$dir" ] || fail "HOME is not set; name a folder with --dir"
  case "$version" in
    *[!0-9A-Za-z.+-]*) fail "$version is no version" ;;
  esac

  [ "$task" != uninstall ] || { uninstall; return; }
  temporary=''
  staged=''
  trap clean EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  mkdir -p "$dir" 2>/dev/null || fail "the folder $dir cannot be made; name another one with --dir"
  dir=$(CDPATH='' cd -- "$dir" && pwd)
  [ -w "$dir" ] || fail "$dir cannot be written to; name another folder with --dir"
  [ ! -d "$dir/auth0-mcp" ] || fail "$dir/auth0-mcp is a folder"
  staged=$dir/.auth0-mcp.$$
  if [ "$task" = build ]; then build; else download; fi
  install_staged
}

fail() {
  echo "install.sh: $1" >&2
  exit 1
}

say() {
  echo "$1" >&2
}

clean() {
  [ -z "$staged" ] || rm -f "$staged"
  [ -z "$temporary" ] || rm -rf "$temporary"
}

uninstall() {
  if [ -f "$dir/auth0-mcp" ]; then
    rm -f "$dir/auth0-mcp" || fail "$dir/auth0-mcp cannot be removed"
    echo "Removed $dir/auth0-mcp. Sessions and the entries of MCP clients stay as they are."
  else
    echo "There is no auth0-mcp in $dir."
  fi
}

build() {
  root=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
  [ -f "$root/scripts/build.ts" ] || fail "--from-source works in a clone of the repository"
  command -v npm >/dev/null 2>&1 || fail "npm is not on the PATH; install Node 20 or later"
  (cd "$root" && npm run --silent build)
  cp "$root/dist/auth0-mcp" "$staged"
}

download() {
  if [ -n "${AUTH0_MCP_DOWNLOAD_URL:-}" ]; then
    base=${AUTH0_MCP_DOWNLOAD_URL%/}
  elif [ -z "$REPOSITORY" ]; then
    fail "it is not known where to download from: set AUTH0_MCP_DOWNLOAD_URL to the folder that holds the archives, or use --from-source in a clone"
  elif [ -n "$version" ]; then
    base=$REPOSITORY/releases/download/v$version
  else
    base=$REPOSITORY/releases/latest/download
  fi
  case "$base" in
    https://* | http://127.0.0.1[:/]* | http://localhost[:/]*) ;;
    *) fail "only https is downloaded from, not $base" ;;
  esac
  find_target
  archive=auth0-mcp-$target.tar.gz
  temporary=$(mktemp -d "${TMPDIR:-/tmp}/auth0-mcp.XXXXXX") || fail "no temporary folder can be made"

  say "Downloading $base/$archive"
  fetch SHA256SUMS
  check_signature
  fetch "$archive"
  expected=$(listed_sum)
  [ -n "$expected" ] || fail "SHA256SUMS does not list $archive; nothing was installed"
  actual=$(sha256 "$temporary/$archive")
  [ "$actual" = "$expected" ] || fail "$archive is not what SHA256SUMS says ($actual instead of $expected); nothing was installed"
  tar -xzOf "$temporary/$archive" auth0-mcp >"$staged" || fail "$archive cannot be unpacked; nothing was installed"
}

# Sets target to the part of an archive's name that stands for this machine.
find_target() {
  cpu=$(uname -m)
  case "$cpu" in
    x86_64 | amd64) cpu=x64 ;;
    aarch64 | arm64) cpu=arm64 ;;
    *) fail "there is no build for the processor $cpu" ;;
  esac
  case "$(uname -s)" in
    Linux)
      [ "$(getconf LONG_BIT 2>/dev/null || echo 64)" = 64 ] || fail "there is no build for 32-bit systems"
      target=linux-$cpu$(musl_suffix)
      ;;
    Darwin)
      # A shell that is translated for Apple silicon takes the processor for an Intel one.
      [ "$(sysctl -n sysctl.proc_translated 2>/dev/null || :)" != 1 ] || cpu=arm64
      target=darwin-$cpu
      ;;
    *) fail "there is no build for $(uname -s) here; for Windows there is auth0-mcp-windows-$cpu.zip" ;;
  esac
}

# A system may hold the loaders of both C libraries; ldd belongs to the one its programs use.
musl_suffix() {
  if command -v ldd >/dev/null 2>&1; then
    case "$(ldd --version 2>&1 || :)" in
      *musl*) echo -musl ;;
    esac
    return
  fi
  for loader in /lib64/ld-linux-*.so.* /lib/ld-linux-*.so.*; do
    [ ! -e "$loader" ] || return 0
  done
  for loader in /lib/ld-musl-*.so.1; do
    [ ! -e "$loader" ] || echo -musl
  done
}

# Downloads one file of the release.
fetch() {
  if command -v curl >/dev/null 2>&1; then
    case "$base" in
      https://*) curl -fsSL --proto '=https' --connect-timeout 20 -o "$temporary/$1" "$base/$1" ;;
      *) curl -fsSL --connect-timeout 20 -o "$temporary/$1" "$base/$1" ;;
    esac
  elif command -v wget >/dev/null 2>&1; then
    wget -q -O "$temporary/$1" "$base/$1"
  else
    fail "neither curl nor wget is on the PATH"
  fi </dev/null || fail "$base/$1 could not be downloaded; nothing was installed"
}

check_signature() {
  [ -n "$PUBLIC_KEY" ] || return 0
  if ! command -v minisign >/dev/null 2>&1; then
    say "The signature is not checked, because minisign is not installed; the checksum is."
    return 0
  fi
  fetch SHA256SUMS.minisig
  minisign -Vqm "$temporary/SHA256SUMS" -P "$PUBLIC_KEY" </dev/null ||
    fail "the signature of SHA256SUMS is wrong; nothing was installed"
}

listed_sum() {
  while read -r sum name; do
    [ "${name#\*}" != "$archive" ] || echo "$sum"
  done <"$temporary/SHA256SUMS"
}

sha256() {
  if command -v sha256sum >/dev/null 2>&1; then
    sum=$(sha256sum "$1")
  elif command -v shasum >/dev/null 2>&1; then
    sum=$(shasum -a 256 "$1")
  elif command -v openssl >/dev/null 2>&1; then
    sum=$(openssl dgst -sha256 -r "$1")
  else
    fail "the download cannot be checked: sha256sum, shasum and openssl are all missing"
  fi
  echo "${sum%% *}"
}

# Checks that the staged executable starts, then puts it in its place: a server that is running keeps its file.
install_staged() {
  chmod 755 "$staged"
  if ! installed=$("$staged" --version </dev/null 2>&1); then
    say "$installed"
    case "$installed" in
      *libstdc++*) fail "the executable needs libstdc++ (Alpine: apk add libstdc++); nothing was installed" ;;
      *) fail "the executable does not start on this machine; nothing was installed" ;;
    esac
  fi
  [ -z "$version" ] || [ "$task" = build ] || [ "$installed" = "$version" ] ||
    fail "the download is version $installed, not $version; nothing was installed"
  mv -f "$staged" "$dir/auth0-mcp"
  echo "Installed auth0-mcp $installed in $dir"
  advise_path
}

advise_path() {
  case ":${PATH:-}:" in
    *":$dir:"*)
      first=$(command -v auth0-mcp || :)
      [ "$first" = "$dir/auth0-mcp" ] || say "Another auth0-mcp comes first on your PATH: $first"
      return
      ;;
  esac
  case "${SHELL:-}" in
    */fish) mend="fish_add_path \"$dir\"" ;;
    */zsh) mend="echo 'export PATH=\"$dir:\$PATH\"' >>~/.zshrc" ;;
    */bash) mend="echo 'export PATH=\"$dir:\$PATH\"' >>~/.bashrc" ;;
    *) mend="echo 'export PATH=\"$dir:\$PATH\"' >>~/.profile" ;;
  esac
  echo "$dir is not on your PATH. To add it, run this and open a new terminal:"
  echo "  $mend"
}

{ main "$@"; }
