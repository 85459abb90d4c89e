import { defectiveRelease } from './defective-release.ts'
import type { Fault } from './fault.ts'

/** A fault: a release of the API keeps 4 MB each second in a cache that nothing empties. */
export function leakingRelease(named: Pick<Fault, 'name' | 'title' | 'summary'>): Fault {
  return defectiveRelease({
    ...named,
    kind: 'incident',
    code: `
const cache = []
setInterval(function rememberAnswers() { cache.push(Buffer.alloc(4e6, cache.length + 1)) }, 1000)
`,
    restarted: ['api', 'worker'],
  })
}
