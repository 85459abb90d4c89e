# Only what the restore closed: what somebody closed or paused for another reason is theirs to open.
status=$(bridgectl status --json)
paused=$(jq --raw-output '.circuit | select(.paused) | .reason // empty' <<<"$status")
if [ -n "$paused" ] && [ "$paused" != 'a backup is being restored' ]; then
  echo "Deliveries stay paused: $paused. Once that is over: bridgectl deliveries resume, then this step again." >&2
  exit 1
fi
if jq --exit-status '.admission.reason == "storage"' <<<"$status" >/dev/null; then
  echo 'Admission stays closed for want of room. Once there is room: bridgectl admission open, then this step again.' >&2
  exit 1
fi
bridgectl admission open
bridgectl deliveries resume
