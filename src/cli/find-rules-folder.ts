import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Handbook } from '../environments/index.ts'
import { UsageError } from './usage-error.ts'

/** Where rules are, unless `handbook.yaml` says it. */
const FOLDER = 'static/monitoring'

/** The folder of the rules that a lab of this handbook takes. Throws a `UsageError` when it is not there. */
export async function findRulesFolder({ root, file }: Pick<Handbook, 'root' | 'file'>): Promise<string> {
  const [name = FOLDER] = file.rules
  const found = await stat(join(root, name)).catch(() => undefined)
  if (found?.isDirectory()) return join(root, name)
  throw new UsageError(
    `The lab takes its alert rules from a folder, and ${name} is ${found ? 'none' : 'not there'}`,
    `Name one first under rules: in handbook.yaml`,
  )
}
