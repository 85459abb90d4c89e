# Hours for mistakes noticed today, days for those noticed this week, months for those that nobody noticed.
export RESTIC_PASSWORD_FILE=$TARGET_BACKUP_PASSWORD_FILE
for repository in "$TARGET_BACKUP_REPOSITORY" "$TARGET_BACKUP_COPY"; do
  restic --repo "$repository" forget --quiet --tag upload-bridge --group-by host \
    --keep-hourly 48 --keep-daily 14 --keep-weekly 8 --keep-monthly 12 --prune
  restic --repo "$repository" check --quiet --read-data-subset=10%
done
