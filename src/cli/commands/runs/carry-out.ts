import { rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ParamValue } from '../../../procedure/index.ts'
import type { Ledger, RunRequest } from '../../../runner/index.ts'
import { startWorker } from '../../../worker/index.ts'
import { makeScratch } from '../../open-run-ledger.ts'
import { BUNDLES } from '../../paths.ts'
import { performRun, type ReadyRun } from '../../perform-run.ts'
import { readSecrets } from '../../read-secrets.ts'
import { inheritVariables } from '../../start-early.ts'
import type { Surroundings } from './open-recorded.ts'

/** What goes on with a recorded run, or takes it back. */
export interface Undertaking {
  readonly there: Surroundings
  /** The recorded run's folder. */
  readonly folder: string
  readonly params: Readonly<Record<string, ParamValue>>
  readonly mode: RunRequest['mode']
  readonly args: { readonly json: boolean | undefined; readonly 'break-glass': string | undefined }
  readonly request: Pick<RunRequest, 'only' | 'from' | 'resumes' | 'rollsBack'>
  readonly openLedger: (scratch: string) => { readonly ledger: Ledger; readonly warnings: readonly string[] }
  readonly warnings: readonly string[]
  readonly askEach: boolean
  readonly before?: ReadyRun['before']
}

/** Runs with a worker, a ledger and a folder for handing over, and puts them away. Gives the exit code. */
export async function carryOut({ there, folder, params, mode, args, ...rest }: Undertaking): Promise<number> {
  const { procedure, environment, cwd } = there
  const secrets = await readSecrets(environment, { env: process.env, folder: cwd })
  const inherited = inheritVariables(process.env)
  const scratch = makeScratch()
  const { ledger, warnings } = rest.openLedger(scratch)
  const worker = startWorker(join(BUNDLES, 'worker.cjs'), inherited)
  const breakGlass = args['break-glass']
  try {
    return await performRun({
      request: {
        procedure,
        environment,
        params,
        secrets,
        mode,
        ...rest.request,
        ...(breakGlass === undefined ? {} : { breakGlass }),
        cwd,
        inherited,
        warnings: [...warnings, ...there.warnings, ...rest.warnings],
      },
      worker,
      ledger,
      scratch,
      runs: dirname(folder),
      json: Boolean(args.json),
      askEach: rest.askEach,
      ...(rest.before === undefined ? {} : { before: rest.before }),
    })
  } finally {
    await worker.close()
    ledger.close()
    rmSync(scratch, { recursive: true, force: true })
  }
}
