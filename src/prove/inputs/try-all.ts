import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Ports, startSharedExecutor } from '../../operate/index.ts'
import type { TryWorld } from './try-page.ts'

/** How many pages are tried at once: they wait about as long as they compute. */
const AT_ONCE = 3 * availableParallelism()

/** Does each of these tries, several at once, until the signal aborts. Their runs are recorded in a folder that is removed afterwards. */
export async function tryAll<T>(
  tries: readonly T[],
  ports: Ports,
  act: (one: T, world: Pick<TryWorld, 'folder' | 'executor'>) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'handbook-inputs-runs-'))
  const waiting = [...tries]
  const work = async () => {
    // To start a process for each block of each way takes longer than all else.
    const executor = startSharedExecutor(ports)
    try {
      for (let next = waiting.shift(); next && !ports.signal.aborted; next = waiting.shift())
        await act(next, { folder, executor })
    } finally {
      await executor.close()
    }
  }
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
