import { setTimeout as sleep } from 'node:timers/promises'

/** How to wait. */
export interface UntilOptions {
  /** The longest wait, in milliseconds. */
  readonly timeout: number
  /** Milliseconds between two checks. */
  readonly interval?: number
  readonly signal?: AbortSignal | undefined
}

/** Waits until a condition holds. Returns false at the timeout. Throws only the signal's reason. */
export async function waitUntil(
  condition: () => boolean | Promise<boolean>,
  { timeout, interval = 50, signal }: UntilOptions,
): Promise<boolean> {
  const end = performance.now() + timeout
  for (;;) {
    signal?.throwIfAborted()
    if (await condition()) return true
    if (performance.now() >= end) return false
    await sleep(interval)
  }
}

/** Whether an address answers with a 2xx status within the timeout in milliseconds. */
export async function answers(url: string, timeout = 2000): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeout) })
    await response.arrayBuffer()
    return response.ok
  } catch {
    return false
  }
}
