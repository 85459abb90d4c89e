import { editedConfiguration } from '../kit/edited-configuration.ts'

/** Somebody turned the log down, against the noise. */
export const quietLogs = editedConfiguration({
  name: 'quiet-logs',
  title: 'Only errors are logged',
  summary: 'log.level is error in the configuration: requests leave no line',
  set: { 'log.level': 'error' },
})
