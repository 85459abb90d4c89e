import type { FastifyRequest } from 'fastify'
import { foldRun, type Recording, type RunState } from '../../journal/index.ts'
import { Refused } from '../refusal.ts'
import type { ServerParts } from '../server-parts.ts'

/** A run of an environment that is served. Throws when there is none. */
export async function findServedRun(
  { params }: FastifyRequest,
  { store, served }: ServerParts,
): Promise<{ readonly run: string; readonly recording: Recording; readonly state: RunState }> {
  const run = String(Object(params).run)
  const recording = await store.read(run)
  const state = foldRun(recording?.events ?? [])
  if (!recording || !served.some(({ name }) => name === state.environment))
    throw new Refused(
      404,
      'There is no such run',
      'It may have been pruned, or belong to an environment that is not served',
    )
  return { run, recording, state }
}

/** Throws for a run that nobody carries on: there is nobody who would hear. */
export async function demandRunning({ id, by, outcome }: RunState, { store }: ServerParts): Promise<void> {
  if (outcome !== undefined) throw new Refused(409, 'The run is over', outcome)
  if (by && (await store.judgeRunner(id, by)) === 'gone')
    throw new Refused(
      409,
      'The run was interrupted',
      `Resume it first, here or in a terminal: handbook runs resume ${id}`,
    )
}
