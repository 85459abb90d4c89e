import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseDocument } from 'yaml'
import type { LabPlan } from '../plan/lab-plan.ts'

/** A value of the lab's configuration that is not the one of production, and why. */
export interface Difference {
  /** Its dotted key: `api.port`. */
  readonly key: string
  readonly value: string | number | boolean
  readonly reason: string
}

/** The values that must differ in the lab, and no others. */
export function listDifferences({
  ports,
  url,
  downstreamUrl,
  timeScale,
  secretsMade = new Date().toISOString(),
}: Pick<LabPlan, 'ports' | 'url' | 'downstreamUrl' | 'timeScale' | 'secretsMade'>): readonly Difference[] {
  const scaled = (seconds: number, atLeast = 1) => `${Math.max(Math.round(seconds / timeScale), atLeast)}s`
  const SCALED = `as in production, ${timeScale} times as fast`
  const SIDE_BY_SIDE = 'labs run side by side on one machine'
  return [
    { key: 'environment', value: 'lab', reason: 'nobody may take its logs for those of production' },
    { key: 'api.port', value: ports.api, reason: SIDE_BY_SIDE },
    { key: 'api.publicUrl', value: url, reason: 'the address of this lab’s nginx' },
    { key: 'api.drainTimeout', value: scaled(30, 5), reason: `${SCALED}, and 5 s at least` },
    { key: 'worker.port', value: ports.worker, reason: SIDE_BY_SIDE },
    { key: 'storage.reserve', value: '4MiB', reason: 'the volume has 256 MiB' },
    { key: 'storage.expireAfter', value: scaled(7 * 86_400), reason: SCALED },
    { key: 'storage.retainDelivered', value: scaled(86_400), reason: SCALED },
    { key: 'limits.window', value: scaled(3600), reason: SCALED },
    {
      key: 'limits.bytesPerWindow',
      value: '4GiB',
      reason: 'sixteen times the volume, so that one client can reach it',
    },
    {
      key: 'downstream.url',
      value: `${downstreamUrl}/deliveries`,
      reason: 'the lab’s own downstream, which speaks HTTP on this machine',
    },
    {
      key: 'downstream.receivedUrl',
      value: `${downstreamUrl}/received`,
      reason: 'the lab’s own downstream lists what it received',
    },
    { key: 'downstream.timeout', value: scaled(10, 5), reason: `${SCALED}, and 5 s at least` },
    { key: 'downstream.answerTimeout', value: scaled(10, 5), reason: `${SCALED}, and 5 s at least` },
    { key: 'downstream.retry.max', value: scaled(300), reason: SCALED },
    { key: 'scan.address', value: `127.0.0.1:${ports.scanner}`, reason: SIDE_BY_SIDE },
    {
      key: 'secrets.rotatedAt',
      value: secretsMade,
      reason: 'the lab’s secrets are made when its machine is set up',
    },
  ]
}

/** The shipped files that the page joins. No section is in two of them, so the one that has it is the one to edit. */
export const SHIPPED_FILES = ['base.yaml', 'production.yaml', 'machine.yaml'] as const

/** The texts of the shipped files, as an operator edits them: with these values, and everything else as it is. */
export async function editShippedFiles(
  folder: string,
  differences: readonly Difference[],
): Promise<Readonly<Record<(typeof SHIPPED_FILES)[number], string>>> {
  const edit = async (name: (typeof SHIPPED_FILES)[number]) => {
    const file = parseDocument(await readFile(join(folder, name), 'utf8'))
    for (const { key, value } of differences) {
      const path = key.split('.')
      if (file.has(path[0])) file.setIn(path, value)
    }
    return file.toString()
  }
  const [base, production, machine] = SHIPPED_FILES
  return { [base]: await edit(base), [production]: await edit(production), [machine]: await edit(machine) }
}
