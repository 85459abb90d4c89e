# A copy elsewhere, read from there, and only then is it a backup that counts.
export RESTIC_PASSWORD_FILE=$TARGET_BACKUP_PASSWORD_FILE RESTIC_FROM_PASSWORD_FILE=$TARGET_BACKUP_PASSWORD_FILE
if [[ $TARGET_BACKUP_COPY == /* && ! -e $TARGET_BACKUP_COPY ]]; then
  restic --repo "$TARGET_BACKUP_COPY" init --quiet --from-repo "$TARGET_BACKUP_REPOSITORY" --copy-chunker-params
fi
restic --repo "$TARGET_BACKUP_COPY" copy --quiet --from-repo "$TARGET_BACKUP_REPOSITORY" "$STEP_STORE_SNAPSHOT"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
restic --repo "$TARGET_BACKUP_COPY" dump --tag upload-bridge latest manifest.json >"$folder/manifest.json"
bridgectl backup record stored "$folder" --snapshot "$STEP_STORE_SNAPSHOT"
