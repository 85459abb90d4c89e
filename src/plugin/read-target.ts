import { readHandbook } from '../environments/index.ts'
import type { GuardContext } from './guard-bash.ts'

/** What the handbook says that every target states; nothing when its file is wrong, which the plugin tells. */
export async function readTarget(root: string): Promise<GuardContext['target']> {
  const result = await readHandbook(root)
  return 'handbook' in result ? result.handbook.file.target : {}
}
