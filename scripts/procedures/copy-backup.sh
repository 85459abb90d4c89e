# A copy elsewhere, read from there, and only then is it a backup that counts.
export RESTIC_PASSWORD_FILE=$TARGET_BACKUP_PASSWORD_FILE RESTIC_FROM_PASSWORD_FILE=$TARGET_BACKUP_PASSWORD_FILE
if [[ $TARGET_BACKUP_COPY == /* && ! -e $TARGET_BACKUP_COPY ]]; then
  if bridgectl backup status --json | jq -e .stored >/dev/null; then echo "$TARGET_BACKUP_COPY, which had backups, is gone" >&2; exit 1; fi
  restic --repo "$TARGET_BACKUP_COPY" init --quiet --from-repo "$TARGET_BACKUP_REPOSITORY" --copy-chunker-params
fi
restic --repo "$TARGET_BACKUP_COPY" copy --quiet --from-repo "$TARGET_BACKUP_REPOSITORY" "$STEP_STORE_SNAPSHOT"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# There it has another name, and says what it was copied from.
copied=$(restic --repo "$TARGET_BACKUP_COPY" snapshots --tag upload-bridge --json |
  jq -er --arg id "$STEP_STORE_SNAPSHOT" '[.[] | select(.original // .id | startswith($id))] | last | .id')
restic --repo "$TARGET_BACKUP_COPY" dump "$copied" manifest.json >"$folder/manifest.json"
bridgectl backup record stored "$folder" --snapshot "$STEP_STORE_SNAPSHOT"
