# Hours for mistakes noticed today, days for those noticed this week, months for those that nobody noticed.
export RESTIC_PASSWORD_FILE=$TARGET_BACKUP_PASSWORD_FILE
# Only near: from here nothing in the copy may be deleted. Its own server thins it out.
restic --repo "$TARGET_BACKUP_REPOSITORY" forget --quiet --tag upload-bridge --group-by host \
  --keep-hourly 48 --keep-daily 14 --keep-weekly 8 --keep-monthly 12 --prune
for repository in "$TARGET_BACKUP_REPOSITORY" "$TARGET_BACKUP_COPY"; do
  restic --repo "$repository" check --quiet --read-data-subset=10%
done
