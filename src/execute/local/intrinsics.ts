import asyncHooks from 'node:async_hooks'
import events from 'node:events'
import fs from 'node:fs'
import stream from 'node:stream'
import timers from 'node:timers'
import util from 'node:util'

const { defineProperty, getOwnPropertyDescriptor, getPrototypeOf } = Object
const { deleteProperty, ownKeys } = Reflect

/** An object, and what it had. */
interface Kept {
  readonly object: object
  readonly keys: readonly PropertyKey[]
  readonly properties: readonly (PropertyDescriptor | undefined)[]
  /** Whether what it got since is taken away again. */
  readonly isWhole: boolean
}

/**
 * Keeps what JavaScript and Node give, of which a block may replace anything. Calling what is returned puts it all back: the end of a block
 * is judged and told by means of it.
 */
export function keepIntrinsics(): () => void {
  const kept: Kept[] = []
  const seen = new Set<object>()
  const keep = (object: unknown, isWhole: boolean) => {
    if ((typeof object !== 'object' && typeof object !== 'function') || object === null || seen.has(object)) return
    seen.add(object)
    const keys = ownKeys(object)
    kept.push({ object, keys, properties: keys.map(key => getOwnPropertyDescriptor(object, key)), isWhole })
    // Of a class, what its instances have.
    const { value: prototype }: PropertyDescriptor = getOwnPropertyDescriptor(object, 'prototype') ?? {}
    for (let at: unknown = prototype; at !== undefined && at !== null; at = getPrototypeOf(at)) keep(at, isWhole)
  }
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    const { value }: PropertyDescriptor = getOwnPropertyDescriptor(globalThis, name) ?? {}
    if (value !== globalThis && value !== process) keep(value, true)
  }
  for (const one of [[].values(), new Map().values(), new Set().values(), ''[Symbol.iterator](), async () => {}])
    for (let at: unknown = getPrototypeOf(one); at !== null; at = getPrototypeOf(at)) keep(at, true)
  for (const one of [globalThis, process, asyncHooks, events, fs, stream, timers, util]) keep(one, false)
  for (const one of [asyncHooks.AsyncLocalStorage, stream.Writable]) keep(one, false)
  return () => {
    for (let at = 0; at < kept.length; at++) {
      const one = kept[at]
      if (one) putBack(one)
    }
  }
}

/** Only by means that were taken before: whatever else it calls may be the block's. */
function putBack({ object, keys, properties, isWhole }: Kept): void {
  for (let at = 0; at < keys.length; at++) {
    const key = keys[at]
    const had = properties[at]
    if (key === undefined || had === undefined) continue
    const has = getOwnPropertyDescriptor(object, key)
    if (has && has.value === had.value && has.get === had.get && has.set === had.set) continue
    try {
      defineProperty(object, key, had)
    } catch {
      // It was frozen as it is now.
    }
  }
  if (!isWhole) return
  const now = ownKeys(object)
  for (let at = 0; at < now.length && now.length > keys.length; at++) {
    const key = now[at]
    let isOwn = false
    for (let index = 0; index < keys.length; index++) isOwn ||= keys[index] === key
    if (key !== undefined && !isOwn) deleteProperty(object, key)
  }
}
