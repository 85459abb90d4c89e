import type { Fault } from '../../kit/fault.ts'
import { heldSession } from '../../kit/held-session.ts'
import { query } from '../../postgres/postgres.ts'

/** How many jobs the queue completes while the report runs: as many as in a day. */
const COMPLETED = 800_000

const report = heldSession({
  name: 'report-holds-snapshot',
  title: 'A long report keeps completed jobs in the queue',
  summary:
    'A report reads in one transaction since yesterday; PostgreSQL keeps for it every job that was completed, and the worker passes all of them to find its next one',
  application: 'monthly-report',
  lock: 'set transaction isolation level repeatable read; select count(*) from upload_bridge.uploads',
  busy: 'select pg_sleep(3600)',
})

/** A transaction that began before many jobs were completed: their rows cannot be removed, and the queue gets slow. */
export const reportHoldsSnapshot: Fault = {
  ...report,
  async start(deployment) {
    await report.start(deployment)
    await query(deployment.databaseUrl, COMPLETE)
  },
  async stop(deployment) {
    await report.stop(deployment)
    await query(deployment.databaseUrl, 'vacuum graphile_worker._private_jobs')
  },
}

/** Simulates time: the jobs of a day come and go at once. Nobody else ever sees one of them. */
const COMPLETE = `
  begin;
  insert into graphile_worker._private_jobs (task_id, run_at, max_attempts, key)
  select id, now() - interval '1 day' + n * interval '10 ms', 32767, 'completed:' || n
    from graphile_worker._private_tasks, generate_series(1, ${COMPLETED}) as n
   where identifier = 'deliver';
  delete from graphile_worker._private_jobs where key like 'completed:%';
  commit`
