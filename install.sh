#!/bin/sh
# Installs auth0-mcp for the user who runs it; never needs root.
#
#   curl -fsSL <address of this file> | sh
#   sh install.sh [--version <version>] [--dir <folder>]
#   sh install.sh --uninstall [--dir <folder>]
#   ./install.sh --from-source [--dir <folder>]     in a clone; needs Node 20 or later and npm
#
# AUTH0_MCP_DOWNLOAD_URL names another folder to download from.

# One group to the end of the file: a shell that gets only a part of it runs nothing at all.
{
set -eu

# Filled in when a release is made.
REPOSITORY=''
PUBLIC_KEY=''

main() {
  # Ranges of letters, and the words of other programs, are then the ones that are meant below.
  LC_ALL=C
  export LC_ALL
  dir=${HOME:+$HOME/.local/bin}
  version=''
  task=download
  while [ $# -gt 0 ]; do
    case "$1" in
      --dir | --version)
        if [ $# -lt 2 ] || [ -z "$2" ]; then fail "$1 needs a value"; fi
        if [ "$1" = --dir ]; then dir=$2; else read_version "$2"; fi
        shift
        ;;
      --uninstall) task=uninstall ;;
      --from-source) task=build ;;
      --help | -h) usage; return ;;
      *) fail "unknown argument: $1 (see --help)" ;;
    esac
    shift
  done
  [ -n "$dir" ] || fail "HOME is not set; name a folder with --dir"
  [ -z "$version" ] || [ "$task" = download ] || fail "--version goes with a download only"

  [ "$task" != uninstall ] || { uninstall; return; }
  temporary=''
  staged=''
  trap clean EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  # Nobody may be left to read what is told here; some shells would then end without the first of these.
  trap 'exit 141' PIPE
  trap 'exit 143' TERM
  mkdir -p -- "$dir" 2>/dev/null || fail "the folder $dir cannot be made; name another one with --dir"
  dir=$(CDPATH='' cd -- "$dir" 2>/dev/null && pwd) || fail "the folder $dir cannot be entered"
  [ ! -d "$dir/auth0-mcp" ] || fail "$dir/auth0-mcp is a folder"
  # Its name cannot be foreseen and only its owner can open it: nobody else gets something into it before it is done.
  staged=$(mktemp "$dir/.auth0-mcp.XXXXXX" 2>/dev/null) ||
    fail "$dir cannot be written to; name another folder with --dir"
  temporary=$(mktemp -d "${TMPDIR:-/tmp}/auth0-mcp.XXXXXX") || fail "no temporary folder can be made"
  if [ "$task" = build ]; then build; else download; fi
  install_staged
}

read_version() {
  version=${1#v}
  case "$version" in
    '' | *[!0-9A-Za-z.+-]*) fail "$1 is no version" ;;
  esac
}

usage() {
  echo "Installs auth0-mcp for you; never needs root."
  echo "  sh install.sh [--version <version>] [--dir <folder>]   the newest release, or that one"
  echo "  sh install.sh --uninstall [--dir <folder>]"
  echo "  ./install.sh --from-source [--dir <folder>]            in a clone; needs Node 20 or later and npm"
  echo "AUTH0_MCP_DOWNLOAD_URL names another folder to download from."
}

fail() {
  say "install.sh: $1"
  exit 1
}

# Not echo: in some shells that takes a backslash in a folder's name for the beginning of something else.
say() {
  printf '%s\n' "$1" >&2
}

tell() {
  printf '%s\n' "$1"
}

clean() {
  [ -z "$staged" ] || rm -f "$staged"
  [ -z "$temporary" ] || rm -rf "$temporary"
}

uninstall() {
  if [ -f "$dir/auth0-mcp" ] || [ -L "$dir/auth0-mcp" ]; then
    rm -f -- "$dir/auth0-mcp" || fail "$dir/auth0-mcp cannot be removed"
    tell "Removed $dir/auth0-mcp. Sessions and the entries of MCP clients stay as they are."
    tell "To be rid of them too, install it again and run these before you remove it:"
    tell "  auth0-mcp logout --all              which also revokes what can be revoked"
    tell "  auth0-mcp clients remove <client>   for each that auth0-mcp clients list names"
  else
    tell "There is no auth0-mcp in $dir."
  fi
  # What is left of an installation or an upgrade that was killed.
  for left in "$dir"/.auth0-mcp.?????? "$dir"/.auth0-mcp-????????-????-????-????-????????????.tmp; do
    [ ! -f "$left" ] || rm -f -- "$left" || fail "$left cannot be removed"
  done
}

build() {
  root=.
  # Piped into a shell, this script is in no folder; then the one that it is started in counts.
  case "$0" in
    *.sh) root=$(dirname -- "$0") ;;
  esac
  root=$(CDPATH='' cd -- "$root" && pwd)
  if [ ! -f "$root/scripts/build.ts" ] || ! grep -q '"name": "auth0-mcp"' "$root/package.json" 2>/dev/null; then
    fail "--from-source works in a clone of the repository"
  fi
  command -v npm >/dev/null 2>&1 || fail "npm is not on the PATH; install Node 20 or later"
  (cd "$root" && npm run --silent build) </dev/null || fail "the build failed; nothing was installed"
  cp "$root/dist/auth0-mcp" "$staged" || fail "what was built cannot be copied; nothing was installed"
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
  check_base
  find_target
  archive=auth0-mcp-$target.tar.gz

  say "Downloading $shown/$archive"
  fetch SHA256SUMS
  check_signature
  fetch "$archive"
  expected=$(listed_sum)
  [ -n "$expected" ] || fail "SHA256SUMS does not list $archive; nothing was installed"
  actual=$(sha256 "$temporary/$archive")
  [ "$actual" = "$expected" ] || fail "$archive is not what SHA256SUMS says ($actual instead of $expected); nothing was installed"
  tar -xzOf "$temporary/$archive" auth0-mcp >"$staged" || fail "$archive cannot be unpacked; nothing was installed"
}

# Sets the protocols that may be used, and shown to the address without a name and a password that may stand in it.
check_base() {
  rest=${base#*://}
  host=${rest%%/*}
  shown=${base%"$rest"}${host##*@}${rest#"$host"}
  case "$base" in
    https://*)
      protocols='=https'
      return
      ;;
    http://*)
      if is_this_machine; then
        protocols='=http,https'
        # Or else a proxy would answer in the place of this very machine.
        unset http_proxy all_proxy ALL_PROXY
        return
      fi
      ;;
  esac
  fail "only https is downloaded from, not $shown"
}

is_this_machine() {
  machine=${host##*@}
  case "${host%"$machine"}" in
    # What some programs take for the end of the host's name, so that it would be another one's.
    *[!0-9A-Za-z._~%+=,:@-]* | *@*@) return 1 ;;
  esac
  case "$machine" in
    127.0.0.1 | localhost | '[::1]') return ;;
    127.0.0.1:*[!0-9]* | localhost:*[!0-9]* | '[::1]:'*[!0-9]*) return 1 ;;
    127.0.0.1:* | localhost:* | '[::1]:'*) return ;;
  esac
  return 1
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
    # Without -g the brackets of an IPv6 address could be taken for a pattern.
    curl -fsSLg --proto "$protocols" --connect-timeout 20 --speed-limit 1 --speed-time 60 \
      -o "$temporary/$1" "$base/$1"
  elif command -v wget >/dev/null 2>&1; then
    fetch_with_wget "$1"
  else
    fail "neither curl nor wget is on the PATH"
  fi </dev/null || fail "$shown/$1 could not be downloaded; nothing was installed"
}

# wget follows a redirection to anywhere, and busybox's may not check certificates; but both tell, and are overruled.
fetch_with_wget() {
  case "$(wget --version 2>&1 || :)" in
    *GNU*) set -- "$1" -nv -t 3 -T 60 ;;
    *) set -- "$1" -q ;;
  esac
  file=$1
  shift
  failed=''
  last=''
  wget "$@" -S -O "$temporary/$file" "$base/$file" 2>"$temporary/words" || failed=1
  while read -r line; do
    last=$line
    [ "$protocols" = '=https' ] || continue
    case "$line" in
      [Ll]ocation:\ https://*) ;;
      [Ll]ocation:*://*) fail "$shown/$file leads to an address without https; nothing was installed" ;;
      *"certificate validation not implemented"*)
        fail "this wget does not check certificates; install curl. Nothing was installed"
        ;;
    esac
  done <"$temporary/words"
  [ -z "$failed" ] || { say "$last"; return 1; }
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

# The list may have been written with capitals, other line ends, or no last one.
listed_sum() {
  carriage_return=$(printf '\r')
  found=''
  while read -r sum name || [ -n "$sum" ]; do
    name=${name%"$carriage_return"}
    [ "${name#\*}" = "$archive" ] || continue
    sum=$(echo "$sum" | tr A-F a-f)
    case "$sum" in
      *[!0-9a-f]*) continue ;;
    esac
    [ -z "$found" ] || [ "$found" = "$sum" ] || fail "SHA256SUMS lists $archive with several sums; nothing was installed"
    found=$sum
  done <"$temporary/SHA256SUMS"
  echo "$found"
}

# The file goes in by its content: some of these programs mark a sum when the name is an unusual one.
sha256() {
  if command -v sha256sum >/dev/null 2>&1; then
    sum=$(sha256sum <"$1")
  elif command -v shasum >/dev/null 2>&1; then
    sum=$(shasum -a 256 <"$1")
  elif command -v openssl >/dev/null 2>&1; then
    sum=$(openssl dgst -sha256 -r <"$1")
  else
    fail "the download cannot be checked: sha256sum, shasum and openssl are all missing"
  fi
  echo "${sum%% *}"
}

# Checks that the staged executable starts, then puts it in its place: a server that is running keeps its file.
install_staged() {
  chmod 755 "$staged"
  installed=$("$staged" --version </dev/null 2>"$temporary/words") || explain_failure
  case "$installed" in
    '' | *[!0-9A-Za-z.+-]*) fail "the executable does not tell its version; nothing was installed" ;;
  esac
  [ -z "$version" ] || [ "$installed" = "$version" ] ||
    fail "the download is version $installed, not $version; nothing was installed"
  mv -f "$staged" "$dir/auth0-mcp" || fail "$dir/auth0-mcp cannot be replaced; nothing was installed"
  tell "Installed auth0-mcp $installed in $dir"
  advise_path
}

explain_failure() {
  words=$(cat "$temporary/words")
  case "$words" in
    *libstdc++*) fail "the executable needs libstdc++ (Alpine: apk add libstdc++); nothing was installed" ;;
    *"ermission denied"*) fail "$dir is a place where no program may be run; name another folder with --dir" ;;
  esac
  say "$words"
  fail "the executable does not start on this machine; nothing was installed"
}

advise_path() {
  case ":${PATH:-}:" in
    *":$dir:"* | *":$dir/:"*)
      first=$(command -v auth0-mcp || :)
      case "$first" in
        "$dir/auth0-mcp" | "$dir//auth0-mcp") ;;
        *) say "Another auth0-mcp comes first on your PATH: $first" ;;
      esac
      return
      ;;
  esac
  tell "$dir is not on your PATH."
  entry=$dir
  [ -z "${HOME:-}" ] || [ "${dir#"$HOME"/}" = "$dir" ] || entry=\$HOME/${dir#"$HOME"/}
  case "${entry#\$HOME}" in
    # What a shell could take for something else is not put into a line that is to be copied.
    *[!0-9A-Za-z/._\ +-]*) return ;;
  esac
  case "${SHELL:-}" in
    */fish) mend="fish_add_path \"$entry\"" ;;
    *) mend="echo 'export PATH=\"$entry:\$PATH\"' >>$(settings_file)" ;;
  esac
  tell "To add it, run this and open a new terminal:"
  tell "  $mend"
}

# The file that a new terminal's shell reads, as that shell is to be told it.
settings_file() {
  home='~'
  case "${SHELL:-}:$(uname -s)" in
    */zsh:*) echo "\"\${ZDOTDIR:-\$HOME}/.zshrc\"" ;;
    */bash:Darwin)
      # A terminal starts a login shell there, which reads the second one only as long as there is not the first.
      if [ ! -e "${HOME:-}/.bash_profile" ] && [ -e "${HOME:-}/.profile" ]; then
        echo "$home/.profile"
      else
        echo "$home/.bash_profile"
      fi
      ;;
    */bash:*) echo "$home/.bashrc" ;;
    *) echo "$home/.profile" ;;
  esac
}

main "$@"
}
