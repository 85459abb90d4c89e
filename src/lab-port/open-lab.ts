import type { Handbook } from '../environments/index.ts'
import { commandsLab } from './commands-lab.ts'
import type { Lab } from './lab.ts'
import { moduleLab } from './module-lab.ts'

/** The lab that a handbook names; nothing when it names none. Throws a `LabError` for a module that is no lab. */
export async function openLab({ root, file }: Pick<Handbook, 'root' | 'file'>): Promise<Lab | undefined> {
  const { lab } = file
  if (lab?.commands) return commandsLab(root, lab, lab.commands)
  return lab?.module === undefined ? undefined : moduleLab(root, lab.module)
}
