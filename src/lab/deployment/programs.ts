import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execPath, getuid } from 'node:process'
import { findProgram } from '../../base/index.ts'
import type { ServiceCommands } from '../../environments/index.ts'
import { LabError } from '../../lab-port/index.ts'
import { SERVICE_ACTIONS } from '../control/control-server.ts'
import { type LabPlan, logPath } from '../plan/lab-plan.ts'
import { runAsNobody } from '../postgres/postgres-user.ts'
import type { LabProgram } from '../processes/managed-process.ts'
import { answers } from '../processes/wait-until.ts'
import type { ServiceName } from '../status.ts'

/** The API or the worker, of the release that is current when it starts. */
export function bridgeProgram(plan: LabPlan, name: 'api' | 'worker'): LabProgram {
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

// No deployment runs as root. So a lab of root does not either, if possible.
function asServiceUser({ env }: LabPlan, command: readonly [string, ...string[]]): readonly [string, ...string[]] {
  if (getuid?.() !== 0 || findProgram(['setpriv'], env.PATH) === undefined) return command
  const [first = command[0], ...rest] = runAsNobody()
  return [first, ...rest, ...command]
}

/** The downstream to which uploads are delivered. */
export function sinkProgram(plan: LabPlan): LabProgram {
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

/** The path of a bundle. Throws `LabError` when it was not built. */
export function bundle({ bundles }: Pick<LabPlan, 'bundles'>, name: string): string {
  const path = join(bundles, name)
  if (existsSync(path)) return path
  throw new LabError('missing-program', `${path} is missing; run npm run build:cli`)
}

/** Writes the commands of a lab's operators: `bridgectl` of the current release, and `lab-service`. */
export async function installPrograms(plan: LabPlan): Promise<void> {
  const { bin, directory, releases } = plan.paths
  await writeProgram(join(bin, 'bridgectl'), [execPath, join(releases, 'current', 'bridgectl.cjs')])
  await writeProgram(join(bin, 'lab-service'), [execPath, bundle(plan, 'lab/service.cjs'), directory])
}

/** The shell commands that start, stop, restart and show a service of the lab. */
export function serviceCommands({ paths }: Pick<LabPlan, 'paths'>, name: ServiceName): ServiceCommands {
  const program = quote(join(paths.bin, 'lab-service'))
  return Object.fromEntries(SERVICE_ACTIONS.map(action => [action, `${program} ${name} ${action}`]))
}

/** A shell script that runs a bundle with this Node.js. */
async function writeProgram(path: string, command: readonly string[]): Promise<void> {
  await writeFile(path, `#!/bin/sh\nexec ${command.map(quote).join(' ')} "$@"\n`, { mode: 0o755 })
}

/** A word, quoted for a shell if needed. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
