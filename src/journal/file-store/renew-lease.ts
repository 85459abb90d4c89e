import { open, readFile } from 'node:fs/promises'
import { COUNTER_DIGITS, COUNTER_MARK } from './lease-file.ts'

/**
 * Counts on in a lease's file until it is stopped, so that others see that its holder is alive. It is written over in place: a file
 * that somebody took over is gone, and is not made anew. What cannot be written is tried again: others take it for a holder who is gone.
 */
export function renewLease(file: string, renews: number): () => void {
  let count = 0
  let position: number | undefined
  let busy = false
  const renew = async () => {
    position ??= (await readFile(file)).indexOf(COUNTER_MARK) + COUNTER_MARK.length
    count += 1
    // Opened anew each time: on a shared folder, what is closed is what others see.
    const opened = await open(file, 'r+')
    try {
      if (!stopped) await opened.write(String(count).padStart(COUNTER_DIGITS, '0'), position)
    } finally {
      await opened.close()
    }
  }
  const timer = setInterval(() => {
    if (busy) return
    busy = true
    void renew()
      .catch(() => undefined)
      .finally(() => {
        busy = false
      })
  }, renews).unref()
  let stopped = false
  return () => {
    stopped = true
    clearInterval(timer)
  }
}
