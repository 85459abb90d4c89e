import { once } from 'node:events'
import { type FSWatcher, watch } from 'chokidar'
import { listPlaces, readHandbook } from '../handbook/index.ts'

/** Milliseconds to wait after a change: editors write a file in several steps. */
const SETTLED = 20

/** Calls `look` now and whenever a file of the handbook in `root` has changed, until `signal` ends it. Only one `look` runs at a time. */
export async function watchPages(root: string, look: () => Promise<void>, signal: AbortSignal): Promise<void> {
  let changed = false
  let wake = () => {}
  signal.addEventListener('abort', () => wake(), { once: true })
  let watcher: FSWatcher | undefined
  let watched = ''
  // The watcher must not keep the process alive: when its folder is removed while it closes, it would do so for ever.
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

/** Returns a watcher when it sees every change. */
async function startWatcher(root: string, places: readonly string[]): Promise<FSWatcher> {
  const watcher = watch(places, { cwd: root, ignoreInitial: true, persistent: false })
  await once(watcher, 'ready')
  return watcher
}

/** The paths to watch. When `handbook.yaml` cannot be read, the usual ones: somebody will repair it. */
async function findPlaces(root: string): Promise<readonly string[]> {
  const result = await readHandbook(root)
  return listPlaces('handbook' in result ? result.handbook.file : undefined)
}
