import { editedConfiguration } from '../kit/edited-configuration.ts'

/** Somebody made room for one client. */
export const noQuota = editedConfiguration({
  name: 'no-quota',
  title: 'No client has a quota',
  summary: 'limits.bytesPerWindow is 0 in the configuration: one client may take the whole volume',
  set: { 'limits.bytesPerWindow': 0 },
})
