import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { LabPlan } from '../plan/lab-plan.ts'

/** Who may approve dangers in a lab: its public key by its name, and the file of the private one. */
export interface SecondPerson {
  readonly approvers: Readonly<Record<string, readonly string[]>>
  readonly keyFile: string
}

/** Makes the key of a second person, who is nobody on this machine. */
export async function makeSecondPerson({ paths, env }: Pick<LabPlan, 'paths' | 'env'>): Promise<SecondPerson> {
  const keyFile = join(paths.data, 'second-person')
  await promisify(execFile)('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'second-person', '-f', keyFile], {
    env,
  })
  const line = (await readFile(`${keyFile}.pub`, 'utf8')).trim()
  return { approvers: { 'second-person': [line] }, keyFile }
}
