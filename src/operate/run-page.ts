import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { askFiring } from '../alerts/index.ts'
import type { Environment } from '../environments/index.ts'
import { startWorker } from '../execute/index.ts'
import { foldRun, type RunEvent, type RunState } from '../journal/index.ts'
import type { Procedure } from '../procedure/index.ts'
import { makeRunId, openLedger, runProcedure } from '../runner/index.ts'
import type { RunWorld } from './run-world.ts'

/** A run of a page by itself, and the hash that its ledger ends with. */
export interface DrilledRun {
  readonly state: RunState
  readonly events: readonly RunEvent[]
  readonly head: string
}

/** Runs a page exactly as it is published: by itself, asking nobody. */
export async function runPage(
  procedure: Procedure,
  environment: Environment,
  world: RunWorld,
  listen: (event: RunEvent) => void,
): Promise<DrilledRun> {
  const secrets = await world.readSecrets(environment)
  const worker = startWorker(join(world.bundles, 'worker.cjs'), world.inherited)
  const ledger = openLedger(world.runs, makeRunId(new Date()), () => new Date())
  const scratch = mkdtempSync(join(tmpdir(), 'handbook-drill-'))
  const events: RunEvent[] = []
  try {
    await runProcedure(
      {
        procedure,
        environment,
        params: Object.fromEntries(
          procedure.params.flatMap(({ name, default: value }) => (value === undefined ? [] : [[name, value]])),
        ),
        secrets,
        mode: 'auto',
        cwd: world.root,
        inherited: world.inherited,
        by: world.by,
        warnings: [],
      },
      {
        worker,
        ledger,
        listen(event) {
          events.push(event)
          listen(event)
        },
        confirm: async () => 'stop',
        firingAlerts: () => askFiring(environment.alertmanagerUrl),
        signal: world.signal,
        scratch,
      },
    )
    return { state: foldRun(events), events, head: ledger.head() }
  } finally {
    ledger.close()
    await worker.close()
    rmSync(scratch, { recursive: true, force: true })
  }
}
