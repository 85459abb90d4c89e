import type { Configuration } from '../configuration/schema.ts'
import { checkArchive } from './check-archive.ts'
import { checkMalware } from './check-malware.ts'
import { checkType } from './file-types.ts'

/** Looks at a complete file before it is acknowledged; throws the problem that says why it is refused. */
export type InspectContent = (path: string, name: string) => Promise<void>

/** Makes the function that looks at content: type, archive, malware. */
export function createInspectContent(configuration: () => Configuration): InspectContent {
  return async (path, name) => {
    const { limits, scan } = configuration()
    const isArchive = await checkType(path, name)
    if (isArchive) await checkArchive(path, limits.archive)
    await checkMalware(path, scan)
  }
}
