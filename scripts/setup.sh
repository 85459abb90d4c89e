#!/usr/bin/env bash
# Installs what the handbook's tests and drills use beside Node: Debian packages, as root. Changes nothing else.
set -euo pipefail
packages=(bash curl jq openssh-client perl procps prometheus prometheus-alertmanager chromium shellcheck restic postgresql-client systemd zsh
  bzip2 xz-utils zstd nginx-light clamav-daemon openssl passwd util-linux libfaketime bubblewrap iproute2)
missing=()
for package in "${packages[@]}"; do
  dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
  echo "setup: everything is installed"
  exit 0
fi
run=()
[ "$(id -u)" -eq 0 ] || run=(sudo)
export DEBIAN_FRONTEND=noninteractive
# The packages' own services would take ports and write outside this folder: they are not started.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' | "${run[@]}" tee "$policy" >/dev/null
  "${run[@]}" chmod +x "$policy"
  trap '"${run[@]}" rm -f "$policy"' EXIT
fi
"${run[@]}" apt-get update -qq
"${run[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}"
echo "setup: installed ${missing[*]}"
