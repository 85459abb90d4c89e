import { HANDBOOK_FILE, type Handbook } from '../environments/index.ts'
import { findInHandbookFile } from '../handbook/index.ts'
import type { LabFacts } from './check-pages.ts'
import { UsageError } from './errors.ts'
import { listBreakable, openNamedLab } from './open-lab.ts'

/** What the lab that a handbook names says of itself; a lab that cannot be loaded is a problem of `handbook.yaml`. */
export async function askLab(handbook: Handbook): Promise<LabFacts> {
  try {
    const lab = await openNamedLab(handbook)
    return {
      faults: lab ? lab.faults?.map(({ name }) => name) : [],
      mutations: listBreakable(lab),
      readLab: async () => (await lab?.snapshot(handbook.root))?.now,
      problems: [],
    }
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    const place = await findInHandbookFile(handbook.root, ['lab', 'module'])
    const { message } = error
    return {
      faults: [],
      mutations: [],
      problems: [{ file: HANDBOOK_FILE, ...place, rule: 'handbook-file', severity: 'error', message }],
    }
  }
}
