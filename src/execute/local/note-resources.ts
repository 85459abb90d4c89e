import { createHook } from 'node:async_hooks'
import { setImmediate, setTimeout } from 'node:timers'
import { findOwner, noteStarted } from './running-block.ts'

/** What Node goes on for, by Node's own name, in words. What a program prints goes with the program. */
const WORDS: Readonly<Record<string, string>> = {
  Timeout: 'a timer',
  PROCESSWRAP: 'a process',
  WORKER: 'a worker',
  MESSAGEPORT: 'a message port',
  TCPWRAP: 'a connection',
  TCPSERVERWRAP: 'a server',
  PIPESERVERWRAP: 'a server',
  UDPWRAP: 'a socket',
  FSEVENTWRAP: 'a watch of files',
  STATWATCHER: 'a watch of files',
}

/** What ends by itself, and soon. */
const BRIEF = new Set([
  'FSReqCallback',
  'FSReqPromise',
  'CloseReq',
  'GetAddrInfoReqWrap',
  'GetNameInfoReqWrap',
  'Immediate',
])

/** These close what they open on their own; so does a command. */
const TIDY = new Set<string | undefined>(['http', 'prom', 'fetch', undefined])

/** Has everything noted that a block starts and for which Node would go on: its timers, processes, workers, connections and servers. */
export function noteResources(): void {
  createHook({
    init(_, type, __, resource) {
      const verb = Object.hasOwn(WORDS, type) ? WORDS[type] : undefined
      const owner = verb === undefined ? undefined : findOwner()
      if (verb === undefined || owner === undefined) return
      if (owner.parent && TIDY.has(owner.parent.verb)) return
      noteStarted(owner.block, {
        verb,
        trace: new Error(verb),
        isResource: true,
        isPending: () => isReferenced(resource),
      })
    },
  }).enable()
}

/** The turns of Node's loop in which what was closed is gone. */
const CLOSING = 10

/** Waits until what ends by itself has ended, such as the reading of a file, and until what was closed is gone. */
export async function waitForBrief(isAnyPending: () => boolean): Promise<void> {
  for (let turn = 0; turn < CLOSING && isAnyPending(); turn++)
    await new Promise<void>(resolve => void setImmediate(resolve))
  for (let turn = 0; process.getActiveResourcesInfo().some(type => BRIEF.has(type)); turn++)
    await new Promise<void>(resolve => void (turn < 100 ? setImmediate(resolve) : setTimeout(resolve, 1)))
}

/** Whether a process was sent its end; what does not heed that is found among what a step leaves running. */
function isKilled(resource: object): boolean {
  const owner = Object.getOwnPropertySymbols(resource).find(({ description }) => description === 'owner_symbol')
  return owner !== undefined && Reflect.get(Reflect.get(resource, owner) ?? {}, 'killed') === true
}

/** Node does not go on for what was told to `unref`, nor for what is over; a timer that is over keeps its reference. */
function isReferenced(resource: object): boolean {
  if ('_destroyed' in resource && resource._destroyed === true) return false
  if (isKilled(resource)) return false
  return 'hasRef' in resource && typeof resource.hasRef === 'function' && resource.hasRef() === true
}
