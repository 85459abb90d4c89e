# Rows, bytes, configuration and state of one moment go into a folder, are read back whole, and are stored encrypted.
export RESTIC_PASSWORD_FILE=$TARGET_BACKUP_PASSWORD_FILE
# Only for the first backup: later a folder that is gone or empty is a lost volume, and no new repository.
if [[ $TARGET_BACKUP_REPOSITORY == /* && ! -e $TARGET_BACKUP_REPOSITORY ]]; then
  if bridgectl backup status --json | jq -e .stored >/dev/null; then echo "$TARGET_BACKUP_REPOSITORY, which had backups, is gone" >&2; exit 1; fi
  restic --repo "$TARGET_BACKUP_REPOSITORY" init --quiet
fi
folder=$TARGET_STORAGE_PATH/.backup
rm -rf "$folder" # of one that was interrupted
trap 'rm -rf "$folder"' EXIT
# Uploads that are damaged fail the step, but only once all the others are safe.
bridgectl backup export "$folder" || damaged=1
bridgectl backup verify "$folder"
cd "$folder"
# Not --quiet: the last line is the summary, with the name of the snapshot.
restic --repo "$TARGET_BACKUP_REPOSITORY" backup --json --tag upload-bridge --host upload-bridge . |
  jq --raw-output 'select(.message_type == "summary") | "snapshot=\(.snapshot_id)", "bytes=\(.total_bytes_processed)"' |
  tee -a "$STEP_OUTPUT"
exit "${damaged:-0}"
