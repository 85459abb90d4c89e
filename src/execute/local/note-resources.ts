import { createHook } from 'node:async_hooks'
import { Transform } from 'node:stream'
import { setImmediate, setTimeout } from 'node:timers'
import { findOwner, noteStarted } from './running-block.ts'

/** What Node goes on for, by Node's own name, in words. What a program prints goes with the program. */
const WORDS: Readonly<Record<string, string>> = {
  Timeout: 'a timer',
  PROCESSWRAP: 'a process',
  WORKER: 'a worker',
  MESSAGEPORT: 'a message port',
  TCPWRAP: 'a connection',
  PIPEWRAP: 'a connection',
  TCPSERVERWRAP: 'a server',
  PIPESERVERWRAP: 'a server',
  UDPWRAP: 'a socket',
  FSEVENTWRAP: 'a watch of files',
  STATWATCHER: 'a watch of files',
}

/** What Node computes or asks beside the block, and tells once: over when it has told. */
const TASKS: Readonly<Record<string, string>> = {
  PBKDF2REQUEST: 'the derivation of a key',
  SCRYPTREQUEST: 'the derivation of a key',
  DERIVEBITSREQUEST: 'the derivation of a key',
  KEYPAIRGENREQUEST: 'the generation of a key',
  KEYGENREQUEST: 'the generation of a key',
  KEYEXPORTREQUEST: 'the export of a key',
  RANDOMBYTESREQUEST: 'a request for random bytes',
  RANDOMPRIMEREQUEST: 'the search for a prime',
  CHECKPRIMEREQUEST: 'the check of a prime',
  CIPHERREQUEST: 'an encryption',
  HASHREQUEST: 'a hash',
  SIGNREQUEST: 'a signature',
  VERIFYREQUEST: 'the check of a signature',
  QUERYWRAP: 'a question to a name server',
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
const TIDY = new Set<string | undefined>(['http', 'prom', 'silence', 'fetch', undefined])

/** Kinds that Node gives up in silence when they were told to `unref`, and what tells whether one is still there. */
const UNREFERENCED: Readonly<Record<string, (resource: object, isTold: boolean) => boolean>> = {
  Timeout: resource => Reflect.get(resource, '_destroyed') === false,
  WORKER: (_, isTold) => !isTold,
  TCPSERVERWRAP: isOpen,
  PIPESERVERWRAP: isOpen,
  UDPWRAP: isOpen,
  FSEVENTWRAP: resource => Reflect.get(resource, 'initialized') === true,
}

/**
 * Has everything noted that a block starts and that goes on by itself: its timers, processes, workers, connections and servers, and what Node
 * computes or asks beside the block. What Node itself sets up and tells to `unref`, such as a time limit, is not the block's to end.
 */
export function noteResources(): void {
  const untold = new Set<number>()
  createHook({
    init(id, type, _, resource) {
      const verb = findVerb(type)
      const owner = verb === undefined ? undefined : findOwner()
      if (verb === undefined || owner === undefined) return
      if (owner.parent && TIDY.has(owner.parent.verb)) return
      const trace = new Error(verb)
      // The others are what a program reads and prints.
      if (type === 'PIPEWRAP' && !/\bconnect \(node:net:/.test(trace.stack ?? '')) return
      if (Object.hasOwn(TASKS, type) || type === 'WORKER') untold.add(id)
      noteStarted(owner.block, {
        verb,
        trace,
        isResource: true,
        ...(type === 'ZLIB' || Object.hasOwn(TASKS, type) ? { isTask: true } : {}),
        isPending: () => {
          const isTold = !untold.has(id)
          if (isPending(type, resource, isTold)) return true
          return isForgotten(type, resource, isTold) && isSetBy(owner.block.script, type, trace)
        },
      })
    },
    after: id => void untold.delete(id),
  }).enable()
}

function findVerb(type: string): string | undefined {
  if (type === 'ZLIB') return 'a compression'
  return Object.hasOwn(WORDS, type) ? WORDS[type] : Object.hasOwn(TASKS, type) ? TASKS[type] : undefined
}

function isPending(type: string, resource: object, isTold: boolean): boolean {
  if (type === 'ZLIB') return isCompressing(resource)
  // What was done at once has nobody to tell.
  if (Object.hasOwn(TASKS, type)) return !isTold && ('ondone' in resource || 'oncomplete' in resource)
  return isReferenced(resource)
}

/** Whether Node gave something up that is still there. */
function isForgotten(type: string, resource: object, isTold: boolean): boolean {
  return Object.hasOwn(UNREFERENCED, type) && UNREFERENCED[type]?.(resource, isTold) === true
}

/** Whether a stream that compresses, or the reverse, works, or is still given something. */
function isCompressing(resource: object): boolean {
  if ('buffer' in resource && resource.buffer !== null && resource.buffer !== undefined) return true
  const stream = findOwnerOf(resource)
  if (!(stream instanceof Transform) || stream.destroyed || stream.writableFinished) return false
  return stream.writableLength > 0 || stream.listenerCount('unpipe') > 0
}

/** Whether a script itself set something up, and not Node on its behalf. */
function isSetBy(script: string, type: string, { stack = '' }: Error): boolean {
  const between =
    type === 'Timeout' ? /(?:\(|at )node:(?:internal\/)?(?:async_hooks|timers)\b|\(<anonymous>\)/ : /\bnode:/
  const first = stack
    .split('\n')
    .slice(1)
    .find(frame => !frame.includes(__filename) && !between.test(frame))
  return first?.includes(script) === true
}

function isOpen(resource: object): boolean {
  return Number(Reflect.get(resource, 'fd')) >= 0
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

/** Milliseconds in which a command that the block sent its end has ended. */
const DYING = 1000

/** Waits for commands that the block itself sent their end; one that does not heed it stays pending. */
export async function waitForKilled(isAnyPending: () => boolean): Promise<void> {
  const deadline = performance.now() + DYING
  while (isAnyPending() && performance.now() < deadline) await new Promise<void>(resolve => void setTimeout(resolve, 1))
}

/** Whether a process was sent its end; what does not heed that is found among what a step leaves running. */
function isKilled(resource: object): boolean {
  const owner = findOwnerOf(resource)
  return owner !== undefined && Reflect.get(owner, 'killed') === true
}

/** The object to which Node gives what is heard of a resource. */
function findOwnerOf(resource: object): object | undefined {
  const key = Object.getOwnPropertySymbols(resource).find(({ description }) => description === 'owner_symbol')
  const owner: unknown = key === undefined ? undefined : Reflect.get(resource, key)
  return typeof owner === 'object' && owner !== null ? owner : undefined
}

/** Node does not go on for what was told to `unref`, nor for what is over; a timer that is over keeps its reference. */
function isReferenced(resource: object): boolean {
  if ('_destroyed' in resource && resource._destroyed === true) return false
  if (isKilled(resource)) return false
  return 'hasRef' in resource && typeof resource.hasRef === 'function' && resource.hasRef() === true
}
