import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { isAbsolute, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Lab, LabSnapshot } from './lab.ts'
import { LabError, toLabError } from './lab-error.ts'
import { readLabStatus } from './lab-status.ts'

/** The exports that a module must have as `lab`, or as its default. It may leave out the rest of `Lab`. */
type NamedLab = Pick<Lab, 'up' | 'down' | 'status' | 'break' | 'heal'> & Partial<Lab>

const VERBS = ['up', 'down', 'status', 'break', 'heal'] as const

/**
 * The lab that a JavaScript module exports. An error that the module throws is a `LabError` here. So is a module that cannot be loaded or
 * that is not a lab.
 */
export async function moduleLab(root: string, module: string): Promise<Lab> {
  const path = findModule(root, module)
  const lab = findLab(await load(path, module), module)
  return {
    profile: lab.profile ?? { name: 'deployment' },
    faults: lab.faults,
    mutations: lab.mutations ?? [],
    profiles: lab.profiles ?? [],
    workspaceMutations: lab.workspaceMutations ?? [],
    workload: lab.workload,
    draftFault: lab.draftFault,
    look: lab.look && (status => attempt(async () => ({ ...(await lab.look?.(status)) }))),
    up: options => attempt(async () => ({ ...(await lab.up(options)) })),
    down: (directory, options) => attempt(async () => (await lab.down(directory, options)) ?? 'ended'),
    status: directory => attempt(async () => readLabStatus(await lab.status(directory))),
    break: (directory, fault) => attempt(() => lab.break(directory, fault)),
    heal: (directory, fault) => attempt(() => lab.heal(directory, fault)),
    snapshot: folder => (lab.snapshot ? attempt(async () => lab.snapshot?.(folder)) : hashModule(path, lab)),
  }
}

/** A path, or a package as code in the handbook would find it. */
function findModule(root: string, module: string): string {
  if (isAbsolute(module)) return module
  if (/^\.{0,2}\//.test(module) || /\.[cm]?js$/.test(module)) return join(root, module)
  try {
    return createRequire(join(root, 'handbook.yaml')).resolve(module)
  } catch {
    return join(root, module)
  }
}

async function load(path: string, module: string): Promise<unknown> {
  try {
    if (path.endsWith('.cjs')) return createRequire(path)(path)
    const { importModule } = await import('./import-module.ts')
    return await importModule(pathToFileURL(path).href)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause)
    throw new LabError('missing-program', `the lab ${module} cannot be loaded: ${reason}`, { cause })
  }
}

function findLab(exported: unknown, module: string): NamedLab {
  const { lab, default: standard } = { lab: undefined, default: undefined, ...Object(exported) }
  for (const candidate of [lab, standard, Object(standard).lab]) if (isLab(candidate)) return candidate
  throw new LabError(
    'missing-program',
    `${module} exports no lab: an object with the functions ${VERBS.join(', ')}, as lab or as its default`,
  )
}

function isLab(value: unknown): value is NamedLab {
  if (typeof value !== 'object' || value === null) return false
  return VERBS.every(verb => typeof Object(value)[verb] === 'function')
}

async function attempt<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw toLabError(error)
  }
}

/** A module that does not say what its proofs stand on is hashed as a whole. All of it counts for each fault. */
async function hashModule(
  path: string,
  { faults, mutations = [] }: Pick<NamedLab, 'faults' | 'mutations'>,
): Promise<LabSnapshot | undefined> {
  if (!faults) return undefined
  const hash = createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
  const names = [...faults, ...mutations].map(({ name }) => name)
  const hashed = Object.fromEntries(names.map(name => [name, { hash, deployed: true }]))
  return { now: { faults: hashed, workload: hash, shipped: hash, problems: [] } }
}
