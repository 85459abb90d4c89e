import { join } from 'node:path'
import { startWorker } from '../../../execute/index.ts'
import type { RunRequest } from '../../../runner/index.ts'
import { BUNDLES } from '../../paths.ts'
import { performRun, type ReadyRun } from '../../perform-run.ts'
import { inheritVariables } from '../../start-early.ts'
import type { Surroundings } from './open-recorded.ts'

/** What goes on with a recorded run, or takes it back. */
export interface Undertaking extends Omit<ReadyRun, 'request' | 'worker' | 'json'> {
  readonly args: { readonly json: boolean | undefined; readonly 'break-glass': string | undefined }
  readonly request: Pick<RunRequest, 'params' | 'mode' | 'only' | 'from' | 'resumes' | 'rollsBack' | 'warnings'>
}

/** Runs where the recorded run took place. Gives the exit code. */
export async function carryOut(there: Surroundings, { args, request, ...rest }: Undertaking): Promise<number> {
  const { procedure, environment, cwd } = there
  const inherited = inheritVariables(process.env)
  const worker = startWorker(join(BUNDLES, 'worker.cjs'), inherited)
  const breakGlass = args['break-glass']
  try {
    return await performRun({
      ...rest,
      request: {
        ...request,
        procedure,
        environment,
        cwd,
        inherited,
        ...(breakGlass === undefined ? {} : { breakGlass }),
        warnings: [...there.warnings, ...request.warnings],
      },
      worker,
      json: Boolean(args.json),
    })
  } finally {
    await worker.close()
  }
}
