import {
  accessSync,
  constants,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { pid } from 'node:process'
import { identify, isRunning, type ProcessIdentity } from '../../base/index.ts'
import { LabError } from '../../lab-port/index.ts'
import { labPaths } from '../plan/lab-plan.ts'

/** A folder that nobody else may start a lab in until it is released. */
export interface DirectoryClaim {
  /** The folder's absolute path without links. */
  readonly directory: string
  readonly owner: ProcessIdentity
  release(): void
}

/** Claims a folder for a lab. Throws `LabError` for a folder with a running lab or with other files. */
export function claimDirectory(path: string): DirectoryClaim {
  const directory = openDirectory(path)
  const { claim } = labPaths(directory)
  const entries = readdirSync(directory)
  if (entries.length > 0 && !entries.includes('lab.json') && !entries.includes('claim.json')) {
    throw new LabError('directory-not-ours', `${directory} is not empty and no lab was ever there; name another folder`)
  }
  const owner = identify(pid)
  if (!owner) throw new LabError('missing-program', 'a lab needs /proc to recognise its processes')
  const own = `${claim}.${pid}`
  writeFileSync(own, JSON.stringify(owner))
  try {
    while (!link(own, claim)) {
      const holder = readOwner(claim)
      if (holder && isRunning(holder)) {
        throw new LabError('already-running', `a lab runs in ${directory} already (process ${holder.pid})`)
      }
      rmSync(claim, { force: true })
    }
  } finally {
    rmSync(own, { force: true })
  }
  return { directory, owner, release: () => rmSync(claim, { force: true }) }
}

/** The process that has claimed a folder; undefined when it no longer runs. */
export function findClaimant(directory: string): ProcessIdentity | undefined {
  const owner = readOwner(labPaths(directory).claim)
  return owner && isRunning(owner) ? owner : undefined
}

function openDirectory(path: string): string {
  try {
    mkdirSync(path, { recursive: true })
    accessSync(path, constants.W_OK)
    return realpathSync(path)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new LabError('not-permitted', `${path} cannot be the lab's folder: ${reason}`, { cause })
  }
}

/** Only one of several processes can make the link at the same time. */
function link(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

function readOwner(claim: string): ProcessIdentity | undefined {
  try {
    const { pid, start } = JSON.parse(readFileSync(claim, 'utf8'))
    return typeof pid === 'number' && typeof start === 'string' ? { pid, start } : undefined
  } catch {
    return undefined
  }
}
