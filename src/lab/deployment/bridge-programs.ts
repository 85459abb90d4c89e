import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { execPath, getuid } from 'node:process'
import { findProgram } from '../../base/index.ts'
import { LabError } from '../../lab-port/index.ts'
import { type LabPlan, logPath } from '../plan/lab-plan.ts'
import { runAsNobody } from '../postgres/postgres-user.ts'
import type { Program } from '../processes/managed-process.ts'
import { answers } from '../processes/wait-until.ts'

/** The API or the worker of whichever release is the current one when it starts. */
export function bridgeProgram(plan: LabPlan, name: 'api' | 'worker'): Program {
  const { paths, env } = plan
  const url = name === 'api' ? plan.url : plan.workerUrl
  return {
    name,
    command: asServiceUser(plan, [execPath, join(paths.releases, 'current', `${name}.cjs`), '--config', paths.config]),
    cwd: paths.directory,
    env,
    log: logPath(plan, name),
    reloadSignal: 'SIGHUP',
    isReady: () => answers(`${url}/livez`),
  }
}

// No deployment runs as root, and so neither does root's lab, where it can help it.
function asServiceUser({ env }: LabPlan, command: readonly [string, ...string[]]): readonly [string, ...string[]] {
  if (getuid?.() !== 0 || findProgram(['setpriv'], env.PATH) === undefined) return command
  const [first = command[0], ...rest] = runAsNobody()
  return [first, ...rest, ...command]
}

/** The downstream to which uploads are delivered. */
export function sinkProgram(plan: LabPlan): Program {
  const { paths, ports, env } = plan
  return {
    name: 'downstream',
    command: [
      execPath,
      bundle(plan, 'lab/sink.cjs'),
      '--port',
      String(ports.downstream),
      '--data',
      join(paths.data, 'downstream', 'received.ndjson'),
    ],
    cwd: paths.directory,
    env,
    log: logPath(plan, 'downstream'),
    isReady: () => answers(`${plan.downstreamUrl}/healthz`),
  }
}

/** The path of a bundle, which must have been built. */
export function bundle({ bundles }: Pick<LabPlan, 'bundles'>, name: string): string {
  const path = join(bundles, name)
  if (existsSync(path)) return path
  throw new LabError('missing-program', `${path} is missing; run npm run build:cli`)
}
