import { HANDBOOK_FILE, type Handbook } from '../environments/index.ts'
import { findInHandbookFile } from '../handbook/index.ts'
import { LabError, openLab } from '../lab-port/index.ts'
import type { LabFacts } from '../operate/index.ts'
import { listBreakable } from '../prove/index.ts'
import { openLabContent } from './open-lab-content.ts'

/** What the lab that a handbook names says of itself; a lab that cannot be loaded is a problem of `handbook.yaml`. */
export async function askLab(handbook: Handbook): Promise<LabFacts> {
  try {
    const lab = await openLab(handbook)
    return {
      faults: lab ? lab.faults?.map(({ name }) => name) : [],
      mutations: listBreakable(lab),
      readLab: () => openLabContent(handbook.root, lab),
      problems: [],
    }
  } catch (error) {
    if (!(error instanceof LabError)) throw error
    const place = await findInHandbookFile(handbook.root, ['lab', 'module'])
    const { message } = error
    return {
      faults: [],
      mutations: [],
      problems: [{ file: HANDBOOK_FILE, ...place, rule: 'handbook-file', severity: 'error', message }],
    }
  }
}
