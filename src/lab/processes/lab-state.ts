import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { ProcessIdentity } from '../../base/index.ts'

/** A process of a lab, as its state file remembers it. */
export interface KnownProcess extends ProcessIdentity {
  readonly name: string
}

/** What the next `up` or `down` must know when this lab's supervisor was killed. */
export interface LabState {
  readonly state: 'starting' | 'running' | 'stopping' | 'down'
  readonly supervisor: ProcessIdentity
  readonly processes: readonly KnownProcess[]
}

/** Writes the state file so that a reader sees the old one or the new one; at once, since a kill may come any moment. */
export function writeState(path: string, state: LabState): void {
  writeFileSync(`${path}.new`, `${JSON.stringify(state, undefined, 2)}\n`)
  renameSync(`${path}.new`, path)
}

/** Reads the state file; `undefined` when there is none, or none of ours. */
export function readState(path: string): LabState | undefined {
  try {
    const state: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return isState(state) ? state : undefined
  } catch {
    return undefined
  }
}

function isState(value: unknown): value is LabState {
  if (!isObject(value) || !isIdentity(value.supervisor) || !Array.isArray(value.processes)) return false
  return (
    ['starting', 'running', 'stopping', 'down'].includes(String(value.state)) &&
    value.processes.every(known => isObject(known) && typeof known.name === 'string' && isIdentity(known))
  )
}

function isIdentity(value: unknown): value is ProcessIdentity {
  return isObject(value) && typeof value.pid === 'number' && typeof value.start === 'string'
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
