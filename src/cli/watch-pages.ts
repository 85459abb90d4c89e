import { join } from 'node:path'
import { watch } from 'chokidar'
import type { Handbook } from '../base/index.ts'

/** Editors write a file in several strokes. */
const SETTLED = 20

/**
 * Calls `look` now and whenever a file of the handbook has changed, one look after the other, until `signal` ends it.
 * What a look gives back is what the handbook was then: where its pages, rules and proofs are to be watched.
 */
export async function watchPages(
  root: string,
  look: (changed: readonly string[]) => Promise<Handbook | undefined>,
  signal: AbortSignal,
): Promise<void> {
  const changed = new Set<string>()
  let wake = () => {}
  const watcher = watch([], { ignoreInitial: true, cwd: root, ignored: /(?:^|[\\/])(?:node_modules|\.git)(?:[\\/]|$)/ })
  watcher.on('all', (_, path) => {
    changed.add(path)
    wake()
  })
  signal.addEventListener('abort', () => wake(), { once: true })
  watcher.add('handbook.yaml')
  try {
    while (!signal.aborted) {
      const seen = [...changed]
      changed.clear()
      const handbook = await look(seen)
      if (handbook) watcher.add(listPlaces(handbook))
      while (changed.size === 0 && !signal.aborted) await new Promise<void>(resolve => (wake = resolve))
      await new Promise(resolve => setTimeout(resolve, SETTLED))
    }
  } finally {
    await watcher.close()
  }
}

function listPlaces({ file }: Handbook): string[] {
  return [...file.pages, ...file.rules, file.proofs, join('scripts', 'procedures')]
}
