import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Deployment, Fault } from '../../kit/fault.ts'
import { query } from '../../postgres/postgres.ts'

const INDEX = 'graphile_worker.jobs_main_index'

/** How many removals of delivered uploads wait for their time: those of a day with many uploads. */
const WAITING = 800_000

/** Their keys begin like this, so that the fault can remove them again. */
const PREFIX = 'remove-bytes:00000000'

// The database knows it, and a fault must say at once whether it is in effect. So its end is watched.
const missing = new Set<string>()

/** Somebody dropped the index by which the worker finds its next job. */
export const indexDropped: Fault = {
  name: 'index-dropped',
  title: 'An index of the queue is missing',
  summary:
    'Somebody drops an index that looks unused; 800,000 removals wait in the queue, and the worker reads all of them to find its next job',
  async start(deployment) {
    const url = deployment.databaseUrl
    const { rows } = await query(url, `select pg_get_indexdef('${INDEX}'::regclass) as definition`)
    await writeFile(notePath(deployment), String(rows[0]?.definition))
    await query(url, QUEUE)
    await query(url, `drop index ${INDEX}`)
    missing.add(deployment.notesPath)
    void watchForIndex(deployment)
  },
  async stop(deployment) {
    const definition = await readFile(notePath(deployment), 'utf8').catch(() => undefined)
    if (definition === undefined) return
    const url = deployment.databaseUrl
    // An index of that name that is not valid is what a build left that broke off.
    if (!(await hasIndex(url))) await query(url, `drop index if exists ${INDEX}; ${definition}`)
    missing.delete(deployment.notesPath)
    await query(url, `delete from graphile_worker._private_jobs where key like '${PREFIX}%'`)
    await query(url, 'vacuum graphile_worker._private_jobs')
    await rm(notePath(deployment))
  },
  isActive: ({ notesPath }) => missing.has(notesPath),
}

/** Simulates time: as many uploads as are delivered in a day wait for the removal of their bytes tomorrow. */
const QUEUE = `
  insert into graphile_worker._private_jobs (task_id, payload, run_at, max_attempts, key)
  select task.id, json_build_object('id', upload.id), now() + interval '1 day', 32767, 'remove-bytes:' || upload.id
    from graphile_worker._private_tasks as task, (select lpad(to_hex(n), 32, '0') from generate_series(1, ${WAITING}) as n) as upload(id)
   where task.identifier = 'remove-bytes'`

/** Waits until somebody else made the index again, or the fault was healed. */
async function watchForIndex(deployment: Deployment): Promise<void> {
  const { notesPath, signal } = deployment
  while (missing.has(notesPath) && !signal.aborted) {
    await sleep(500, undefined, { signal }).catch(() => undefined)
    if (await hasIndex(deployment.databaseUrl).catch(() => false)) missing.delete(notesPath)
  }
}

async function hasIndex(url: string): Promise<boolean> {
  const { rowCount } = await query(
    url,
    `select from pg_index where indexrelid = to_regclass('${INDEX}') and indisvalid`,
  )
  return rowCount === 1
}

function notePath({ notesPath }: Deployment): string {
  return join(notesPath, 'index-dropped.sql')
}
