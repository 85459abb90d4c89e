# Only what the restore closed: what somebody closed or paused for another reason, or for none, is theirs to open.
status=$(bridgectl status --json)
jq -ne 'input | has("circuit") and (.admission.open | type == "boolean")' <<<"$status" >/dev/null
paused=$(jq --raw-output '.circuit | select(.paused) | .reason // "nobody said why"' <<<"$status")
if [ -n "$paused" ] && [ "$paused" != 'a backup is being restored' ]; then
  echo "Deliveries stay paused: $paused. Once that is over: bridgectl deliveries resume, then this step again." >&2
  exit 1
fi
closed=$(jq --raw-output '.admission | select(.open == false) | .note // "for \(.reason), and nobody said why"' <<<"$status")
if [ -n "$closed" ] && [ "$closed" != 'a backup is being restored' ]; then
  echo "Admission stays closed: $closed. Once that is over: bridgectl admission open, then this step again." >&2
  exit 1
fi
bridgectl admission open
bridgectl deliveries resume
