import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pid } from 'node:process'
import { LabError } from '../../lab-port/index.ts'

/** Where the kernel shows control groups. */
const ROOT = '/sys/fs/cgroup'

/** What the names of our groups begin with; the process that made one comes after it. */
const PREFIX = 'upload-bridge-lab-'

/** A control group of its own, whose processes together get only a share of one CPU. */
export interface LimitedCpu {
  /** Moves a process into it. Harmless when it is in it, or gone. */
  add(pid: number): void
  /** Whether the limit still holds. */
  holds(): boolean
  /** Takes its processes out, and removes it. */
  remove(): void
}

/**
 * Makes a control group that gets `quota` of every `period`, both in microseconds: what needs more waits until the next period. Works with
 * both versions of cgroups. Throws a `LabError` where this account may not make one.
 */
export function limitCpu({ quota, period }: { readonly quota: number; readonly period: number }): LimitedCpu {
  const { folder: parent, isFirst } = findHierarchy()
  clearLeftovers(parent)
  const folder = join(parent, `${PREFIX}${pid}-${randomUUID()}`)
  const file = (name: string) => join(folder, name)
  try {
    mkdirSync(folder)
    if (isFirst) {
      writeFileSync(file('cpu.cfs_period_us'), String(period))
      writeFileSync(file('cpu.cfs_quota_us'), String(quota))
    } else writeFileSync(file('cpu.max'), `${quota} ${period}`)
  } catch (cause) {
    if (existsSync(folder)) rmdirSync(folder)
    throw new LabError('cannot-break', `no limit can be put on the CPU in ${parent}: that takes root`, { cause })
  }
  const list = () => readFileSync(file('cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number)
  return {
    add: pid => move(pid, folder),
    holds: () =>
      existsSync(folder) && !/^(-1|max)/.test(readFileSync(file(isFirst ? 'cpu.cfs_quota_us' : 'cpu.max'), 'utf8')),
    remove: () => {
      // One that was started meanwhile is in it, too, until it is seen.
      for (let attempt = 0; existsSync(folder) && attempt < 20; attempt++) {
        for (const pid of list()) move(pid, parent)
        if (isRemoved(folder)) return
      }
    },
  }
}

/** The folder below which CPU may be limited, and whether it is of the first version of cgroups. */
function findHierarchy(): { readonly folder: string; readonly isFirst: boolean } {
  for (const name of ['cpu', 'cpu,cpuacct']) {
    const folder = join(ROOT, name)
    if (existsSync(join(folder, 'cpu.cfs_quota_us'))) return { folder, isFirst: true }
  }
  const shared = join(ROOT, 'cgroup.subtree_control')
  if (existsSync(shared) && readFileSync(shared, 'utf8').split(/\s+/).includes('cpu'))
    return { folder: ROOT, isFirst: false }
  throw new LabError('cannot-break', `${ROOT} has no control group of CPU time to which others can be added`)
}

/** Removes the groups of labs that were killed: nothing is in them any more. */
function clearLeftovers(parent: string): void {
  for (const name of readdirSync(parent)) {
    const [owner] = name.startsWith(PREFIX) ? name.slice(PREFIX.length).split('-') : []
    if (owner === undefined || existsSync(`/proc/${owner}`)) continue
    const folder = join(parent, name)
    const isEmpty = readFileSync(join(folder, 'cgroup.procs'), 'utf8').trim() === ''
    if (isEmpty) rmdirSync(folder)
  }
}

function isRemoved(folder: string): boolean {
  try {
    rmdirSync(folder)
    return true
  } catch (error) {
    if (Object(error).code === 'EBUSY') return false
    throw error
  }
}

function move(pid: number, folder: string): void {
  try {
    writeFileSync(join(folder, 'cgroup.procs'), String(pid))
  } catch (error) {
    // The process has ended.
    if (Object(error).code !== 'ESRCH') throw error
  }
}
