#!/usr/bin/env bash
# install_test.sh BUILD [SYSTEMD_ANALYZE]: what `cmake --install` lays where, and that systemd takes the unit.
set -euo pipefail
build=$1 analyze=${2:-}
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

fail() { echo "install_test: $*" >&2; exit 1; }

install_to() { # prefix
  DESTDIR=$root/$2 cmake --install "$build" --prefix "$1" >"$root/log" 2>&1 || { cat "$root/log" >&2; fail "cmake --install failed"; }
}

expect() { # folder, expected files
  diff -u <(printf '%s\n' "${@:2}" | sort) <(cd "$root/$1" && find . -type f | sed 's,^\.,,' | sort) || fail "other files than expected (-) were installed (+)"
}

install_to /usr system
expect system /etc/imdswatch/imdswatch.yaml /usr/bin/imdswatch /usr/lib/systemd/system/imdswatch.service \
  /usr/lib/sysusers.d/imdswatch.conf /usr/share/imdswatch/imdswatch.schema.json
unit=$root/system/usr/lib/systemd/system/imdswatch.service
grep -qx 'ExecStart=/usr/bin/imdswatch run --config /etc/imdswatch/imdswatch.yaml' "$unit" || fail "$(grep ExecStart "$unit")"
"$root/system/usr/bin/imdswatch" check-config "$root/system/etc/imdswatch/imdswatch.yaml" >/dev/null || fail "the installed configuration is refused"

echo '# mine' >>"$root/system/etc/imdswatch/imdswatch.yaml"
install_to /usr system
tail -n 1 "$root/system/etc/imdswatch/imdswatch.yaml" | grep -qx '# mine' || fail "a changed configuration was overwritten"
[[ -f $root/system/etc/imdswatch/imdswatch.yaml.new ]] || fail "no new configuration beside the changed one"

install_to /opt/imds elsewhere
expect elsewhere /etc/opt/imds/imdswatch/imdswatch.yaml /opt/imds/bin/imdswatch /opt/imds/lib/systemd/system/imdswatch.service \
  /opt/imds/lib/sysusers.d/imdswatch.conf /opt/imds/share/imdswatch/imdswatch.schema.json
grep -qx 'ExecStart=/opt/imds/bin/imdswatch run --config /etc/opt/imds/imdswatch/imdswatch.yaml' \
  "$root/elsewhere/opt/imds/lib/systemd/system/imdswatch.service" || fail "the unit of another prefix names other paths"

[[ -n $analyze ]] || exit 0
"$analyze" security --offline=true --no-pager --threshold=15 "$unit" >"$root/log" 2>&1 || { cat "$root/log"; fail "the unit is not hardened as it was"; }
tail -n 1 "$root/log"
# What systemd says of a unit it says on standard error; the program must be where the unit names it.
sed -i "s,=/usr/bin/imdswatch ,=$root/system/usr/bin/imdswatch ," "$unit"
"$analyze" verify --man=no "$unit" >"$root/log" 2>&1 || { cat "$root/log"; fail "systemd refuses the unit"; }
if grep -F imdswatch "$root/log"; then fail "systemd complains of the unit"; fi
