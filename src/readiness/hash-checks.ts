import { createHash } from 'node:crypto'
import type { Step } from '../procedure/index.ts'

/** Where the sources of breakages are, by their names. */
const SOURCES: readonly ((name: string) => string)[] = [
  name => `src/lab/breakages/${name}.ts`,
  name => `src/lab/incidents/${name}/fault.ts`,
  name => `src/prove/workspace/breakages/${name}.ts`,
]

/** SHA-256 of what each check's proof stands on: its block, and the sources of its breakages. */
export async function hashChecks(
  checks: readonly Step[],
  readText: (path: string) => Promise<string | undefined>,
): Promise<ReadonlyMap<Step, string>> {
  const sources = new Map<string, string>()
  for (const name of new Set(checks.flatMap(({ breaks }) => breaks))) {
    const texts = await Promise.all(SOURCES.map(source => readText(source(name))))
    sources.set(name, texts.find(text => text !== undefined)?.replaceAll('\r\n', '\n') ?? '')
  }
  return new Map(
    checks.map(check => {
      const parts = [check.block.hash, ...check.breaks.toSorted().map(name => sources.get(name) ?? '')]
      return [check, createHash('sha256').update(JSON.stringify(parts)).digest('hex')]
    }),
  )
}
