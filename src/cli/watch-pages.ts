import { once } from 'node:events'
import { type FSWatcher, watch } from 'chokidar'
import { listPlaces, readHandbook } from '../handbook/index.ts'

/** Editors write a file in several strokes; milliseconds. */
const SETTLED = 20

/** Calls `look` now and whenever a file of the handbook in `root` has changed, one look after the other, until `signal` ends it. */
export async function watchPages(root: string, look: () => Promise<void>, signal: AbortSignal): Promise<void> {
  let changed = false
  let wake = () => {}
  signal.addEventListener('abort', () => wake(), { once: true })
  let watcher: FSWatcher | undefined
  let watched = ''
  // The watcher does not keep the process alive, for one whose folder is removed while it closes would do so for ever.
  const alive = setInterval(() => {}, 2 ** 30)
  while (!signal.aborted) {
    const places = await findPlaces(root)
    if (places.join('\n') !== watched) {
      await watcher?.close()
      watcher = await startWatcher(root, places)
      watcher.on('all', () => {
        changed = true
        wake()
      })
      watched = places.join('\n')
    }
    changed = false
    await look()
    while (!changed && !signal.aborted) await new Promise<void>(resolve => (wake = resolve))
    await new Promise(resolve => setTimeout(resolve, SETTLED))
  }
  await watcher?.close()
  clearInterval(alive)
}

/** A watcher that misses nothing from now on. */
async function startWatcher(root: string, places: readonly string[]): Promise<FSWatcher> {
  const watcher = watch(places, { cwd: root, ignoreInitial: true, persistent: false })
  await once(watcher, 'ready')
  return watcher
}

/** What to watch; a file that cannot be read will be mended. */
async function findPlaces(root: string): Promise<readonly string[]> {
  const result = await readHandbook(root)
  return listPlaces('handbook' in result ? result.handbook.file : undefined)
}
