# shellcheck shell=bash
# Goes into a copy of this repository as it lies on the disk, with its history and its packages, and takes it away in the end. To be
# sourced.
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
git clone --quiet --no-checkout --shared . "$copy"
git ls-files -z --cached --others --exclude-standard -- ':!static' |
  tar --create --null --files-from=- --ignore-failed-read 2>/dev/null | tar --extract --directory="$copy"
ln --symbolic --no-target-directory "$PWD/node_modules" "$copy/node_modules"
cd "$copy"
git read-tree HEAD
