import { editedConfiguration } from '../kit/edited-configuration.ts'

/** Who did it is forgotten by the time that anybody asks. */
export const shortAuditTrail = editedConfiguration({
  name: 'short-audit-trail',
  title: 'The audit trail does not reach back far',
  summary: 'audit.maxSize is 1 MiB and audit.keep 3 in the configuration',
  set: { 'audit.maxSize': '1MiB', 'audit.keep': 3 },
})
