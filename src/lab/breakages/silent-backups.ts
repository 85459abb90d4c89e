import { changeAnswers, defectiveRelease } from '../kit/defective-release.ts'

/** Backups may fail for months, and nobody sees it. */
export const silentBackups = defectiveRelease({
  name: 'silent-backups',
  title: 'Metrics do not tell when a backup last succeeded',
  summary: 'A release leaves the timestamps of backups and restore drills out of its metrics',
  code: changeAnswers(`({ url }, reply, body) =>
  url.startsWith('/metrics') ? body.replace(/^upload_bridge_backup_.*\\n/gm, '') : body`),
})
