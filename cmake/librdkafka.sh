#!/usr/bin/env bash
# A librdkafka of 2.10 or newer, as a static library, built from the source package of Debian's testing suite.
#
#   librdkafka.sh            build it if it is not there yet; print its folder (include/librdkafka, lib/librdkafka.a)
#   librdkafka.sh --where    print its folder, or nothing; never builds
#
# The source comes through apt with a sources file and index folder of its own: nothing else on the machine changes, apt checks
# the archive's signature and the hashes, and the archive's address is that of the machine's own configuration. Results are kept
# by distribution and version under ${XDG_CACHE_HOME:-~/.cache}/imdswatch and shared by all checkouts.
set -euo pipefail

suite=testing
least=2.10
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
build_packages=(g++ make dpkg-dev xz-utils patch libssl-dev zlib1g-dev libzstd-dev libcurl4-openssl-dev)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/imdswatch
platform=$(. /etc/os-release && echo "$ID-${VERSION_CODENAME:-$VERSION_ID}")-$(uname -m)
home=$cache/librdkafka/$platform

say() { echo "librdkafka: $*" >&2; }
die() { say "$*"; exit 1; }

where() {
  local version
  while read -r version; do
    if [[ -f $home/$version/.complete ]] && dpkg --compare-versions "$version" ge "$least"; then
      echo "$home/$version"
      return 0
    fi
  done < <(ls "$home" 2>/dev/null | sort -rV)
  return 1
}

# apt, but with a state of its own under $work. An index past its date serves too (mirrors are frozen, clocks differ): it is
# signed all the same, and $least says how old a version it may bring.
own_apt() {
  apt-get -qq -o Dir::Etc::sourcelist="$work/testing.sources" -o Dir::Etc::sourceparts=/dev/null -o Dir::State::lists="$work/lists" \
    -o Dir::Cache="$work/cache" -o Dir::State::status=/var/lib/dpkg/status -o APT::Sandbox::User=root \
    -o Acquire::Languages=none -o Acquire::Check-Valid-Until=false -o APT::Update::Error-Mode=any "$@"
}

write_sources() {
  local archive
  archive=$(apt-get indextargets --format '$(REPO_URI)' 'Origin: Debian' 'Label: Debian' 'Component: main' | head -n 1)
  [[ -n $archive ]] || die "this machine's apt knows no Debian archive (run apt-get update?); install a librdkafka of $least or newer yourself"
  printf 'Types: deb-src\nURIs: %s\nSuites: %s\nComponents: main\nSigned-By: %s\n' "$archive" "$suite" "$keyring" >"$work/testing.sources"
}

fetch_source() {
  [[ -r $keyring ]] || die "$keyring is missing: install debian-archive-keyring"
  mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/source"
  write_sources
  if ! own_apt update >&2; then
    die "the $suite suite can't be read or its signature not be checked; if a key is missing, upgrade debian-archive-keyring"
  fi
  (cd "$work/source" && own_apt source --download-only librdkafka >&2)
  # apt has checked the hashes against the signed index; the maintainer's own signature on the .dsc adds nothing to that. Without
  # Debian's patches, which exchange bundled code for libraries that an older Debian lacks.
  (cd "$work/source" && dpkg-source --no-check --skip-patches -x ./*.dsc tree >/dev/null)
}

build() {
  local version=$1
  say "building $version (about a minute)"
  cd "$work/source/tree"
  # Its own configure, not its CMake: that one knows SCRAM only together with Cyrus SASL. None of the caller's flags leak in.
  env -u CC -u CXX -u CFLAGS -u CXXFLAGS -u CPPFLAGS -u LDFLAGS -u PKG_CONFIG_PATH \
    ./configure --prefix="$work/out" --disable-gssapi --disable-lz4-ext --enable-static >"$work/build.log" 2>&1 &&
    make -s -C src -j"$(nproc)" librdkafka.a >>"$work/build.log" 2>&1 || { tail -n 40 "$work/build.log" >&2; die "the build of $version failed"; }
  grep -q '^#define WITH_SASL_SCRAM 1' config.h && grep -q '^#define WITH_SASL_OAUTHBEARER 1' config.h && grep -q '^#define WITH_ZSTD 1' config.h ||
    die "the build of $version lacks SCRAM, OAUTHBEARER or zstd"
  mkdir -p "$work/out/include/librdkafka" "$work/out/lib"
  cp src/rdkafka.h src/rdkafka_mock.h "$work/out/include/librdkafka/"
  cp src/librdkafka.a "$work/out/lib/"
  cp LICENSES.txt "$work/out/"
  touch "$work/out/.complete"
}

main() {
  local missing version
  if where; then return 0; fi
  [[ ${1:-} == --where ]] && return 0
  command -v apt-get >/dev/null || die "this is no Debian: install a librdkafka of $least or newer yourself"
  missing=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "${build_packages[@]}" 2>/dev/null | awk '$2 == "installed" {print $1}' | sort |
    comm -13 - <(printf '%s\n' "${build_packages[@]}" | sort) | tr '\n' ' ')
  [[ -z $missing ]] || die "needs packages: apt-get install --no-install-recommends $missing"
  mkdir -p "$home"
  exec 9>"$cache/librdkafka/.lock"
  flock 9
  if where; then return 0; fi
  work=$(mktemp -d "$home/.work-XXXXXX")
  trap 'rm -rf "$work"' EXIT
  fetch_source
  version=$(dpkg-parsechangelog -l "$work/source/tree/debian/changelog" -S Version)
  dpkg --compare-versions "$version" ge "$least" || die "the $suite suite has $version, $least is needed"
  (build "$version")
  rm -rf "${home:?}/$version"
  mv "$work/out" "$home/$version"
  where
}
main "$@"
