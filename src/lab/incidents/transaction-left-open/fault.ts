import { heldSession } from '../../kit/held-session.ts'

/** Somebody changed the table of uploads by hand and never committed. */
export const transactionLeftOpen = heldSession({
  name: 'transaction-left-open',
  title: 'A transaction was left open in the database',
  summary:
    'A session that changes the table of uploads by hand stays idle in its transaction; what the service writes there waits for it',
  application: 'psql by hand',
  lock: 'lock table upload_bridge.uploads in share row exclusive mode',
})
