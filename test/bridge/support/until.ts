import { setTimeout as wait } from 'node:timers/promises'

/** Waits until a condition gives something; generous, for slow machines. Fails with what it waited for. */
export async function until<Value>(
  what: string,
  condition: () => Promise<Value | undefined | false> | Value | undefined | false,
  patience = 60_000,
): Promise<Value> {
  const deadline = Date.now() + patience
  for (;;) {
    const value = await condition()
    if (value !== undefined && value !== false) return value
    if (Date.now() > deadline) throw new Error(`waited ${patience} ms in vain until ${what}`)
    await wait(25)
  }
}
