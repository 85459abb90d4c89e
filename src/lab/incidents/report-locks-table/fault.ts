import { heldSession } from '../../kit/held-session.ts'

/** A statement that takes hours keeps the table of uploads from changing, as an index that is not built concurrently does. */
export const reportLocksTable = heldSession({
  name: 'report-locks-table',
  title: 'A long statement locks the table of uploads',
  summary:
    'A nightly report locks the table of uploads against changes, and computes for an hour; what the service writes there waits',
  application: 'nightly-report',
  lock: 'lock table upload_bridge.uploads in share mode',
  busy: 'select pg_sleep(3600)',
})
