import type { Configuration } from '../configuration/schema.ts'
import { BridgeProblem } from '../problem/bridge-problem.ts'
import { findArchive, mayBeArchive } from './archive/inspect-archive.ts'
import { inspectInProcess } from './archive/inspector.ts'
import { checkMalware } from './check-malware.ts'
import type { Ends } from './ends.ts'
import { checkType } from './file-types.ts'

/**
 * Inspects a complete file before it is acknowledged. Throws a problem with the reason when it is refused. Whoever has just written the file
 * says how it begins and ends, so that most files need not be read again.
 */
export type InspectContent = (path: string, name: string, ends?: Ends) => Promise<void>

/** Makes the function that inspects content: file type, archive and malware. `inspector` is the program of the API, to inspect archives. */
export function createInspectContent(configuration: () => Configuration, inspector: readonly string[]): InspectContent {
  const inTurn = limitAtOnce(mostInspectors)
  return async (path, name, ends) => {
    const { limits, scan } = configuration()
    await checkType(path, name)
    if ((ends === undefined || mayBeArchive(ends)) && (await findArchive(path)) !== undefined) {
      await inTurn(() => checkArchive(path, limits.archive, inspector))
    }
    await checkMalware(path, scan, ends)
  }
}

/** Refuses an archive that is not acceptable when it is unpacked (OWASP ASVS 5.2.3). */
async function checkArchive(
  path: string,
  { time, ...limits }: Configuration['limits']['archive'],
  program: readonly string[],
): Promise<void> {
  const refused = await inspectInProcess(path, limits, { program, time })
  if (refused !== undefined) throw new BridgeProblem('archive-refused', { detail: refused })
}

// Each takes a core and its memory. The others wait, and their time begins when they begin.
const mostInspectors = 2

function limitAtOnce(most: number): (work: () => Promise<void>) => Promise<void> {
  let free = most
  const waiting: (() => void)[] = []
  return async work => {
    if (free > 0) free -= 1
    else await new Promise<void>(resolve => waiting.push(resolve))
    try {
      await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) free += 1
      else next()
    }
  }
}
