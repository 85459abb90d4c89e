import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execPath } from 'node:process'
import type { Service } from '../../environments/index.ts'
import { SERVICE_ACTIONS } from '../control/command-service.ts'
import type { ServiceName } from '../lab.ts'
import type { LabPlan } from '../plan/lab-plan.ts'
import { bundle } from './bridge-programs.ts'

/** Writes the commands of a lab's operators: `bridgectl` of the current release, and `lab-service`. */
export async function installPrograms(plan: LabPlan): Promise<void> {
  const { bin, directory, releases } = plan.paths
  await writeProgram(join(bin, 'bridgectl'), [execPath, join(releases, 'current', 'bridgectl.cjs')])
  await writeProgram(join(bin, 'lab-service'), [execPath, bundle(plan, 'lab/service.cjs'), directory])
}

/** The shell commands that start, stop, restart and show a service of the lab. */
export function serviceCommands({ paths }: Pick<LabPlan, 'paths'>, name: ServiceName): Service {
  const program = quote(join(paths.bin, 'lab-service'))
  return Object.fromEntries(SERVICE_ACTIONS.map(action => [action, `${program} ${name} ${action}`]))
}

/** A shell script that runs a bundle with this Node.js. */
async function writeProgram(path: string, command: readonly string[]): Promise<void> {
  await writeFile(path, `#!/bin/sh\nexec ${command.map(quote).join(' ')} "$@"\n`, { mode: 0o755 })
}

/** A word that a shell takes as it is. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
