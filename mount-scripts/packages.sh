# shellcheck shell=sh
# Installs Debian packages by name: install_packages NAME... asks apt only for those that are missing.
install_packages() {
  missing=
  for package in "$@"; do
    case $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) in
    installed) ;;
    *) missing="$missing $package" ;;
    esac
  done
  [ -n "$missing" ] || return 0
  as_root=
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || {
      echo "these packages are missing, and neither root nor sudo is here to install them:$missing" >&2
      return 1
    }
    as_root=sudo
  fi
  echo "installing:$missing"
  # The names are words on purpose. The lists are fetched only if the first try knows too little.
  # shellcheck disable=SC2086
  apt_get $as_root install -y --no-install-recommends $missing 2>/dev/null ||
    { apt_get $as_root update && apt_get $as_root install -y --no-install-recommends $missing; }
}

# apt_get [sudo] WORD...: without questions, patient with another apt that runs, quiet unless it fails.
apt_get() {
  prefix=
  if [ "$1" = sudo ]; then
    prefix="sudo"
    shift
  fi
  apt_log=$(mktemp) || return 1
  # shellcheck disable=SC2086
  $prefix env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 "$@" >"$apt_log" 2>&1
  apt_status=$?
  [ "$apt_status" = 0 ] || tail -n 5 "$apt_log" >&2
  rm -f "$apt_log"
  return "$apt_status"
}

# What a build needs beside the Swift toolchain, and what a mount needs.
# shellcheck disable=SC2034 # read by the scripts that source this
build_packages="fuse3 libfuse3-dev pkg-config"

# How the optimised program is built. With Swift's libraries in it the program is faster, and runs where Swift is not
# installed; other linkers than lld complain about functions of these libraries.
# shellcheck disable=SC2034
release_options="-c release --static-swift-stdlib -Xswiftc -use-ld=lld"
