import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { countOf, describeFailure } from '../../base/index.ts'
import type { Reconstruction } from '../../lab-port/index.ts'
import { copyBackup } from '../kit/copy-backup.ts'
import type { Deployment, Fault } from '../kit/fault.ts'
import { initializeRepository, storeBackup } from '../kit/store-backup.ts'
import { mutations } from '../mutations/index.ts'
import { AS_SHIPPED, type BridgeLabStatus, LEGACY } from '../status.ts'
import { collectDefects, composeRelease, type Defect, makeWorkshop, withWorkshop } from './compose-release.ts'
import { AFTER, FIRST, LAST, LEFT_OUT } from './legacy-plan.ts'

/** The facts that are other ones in a legacy lab. */
type LegacyFacts = Pick<BridgeLabStatus, 'profile' | 'reconstruction'>

/** Makes a lab as shipped a legacy one, and returns what is to be said of it. */
export async function makeLegacy(
  { deployment, facts }: { readonly deployment: Deployment; readonly facts: Pick<BridgeLabStatus, 'profile'> },
  log: (line: string) => void,
): Promise<LegacyFacts> {
  const start = performance.now()
  await makeBackup(deployment)
  const reconstruction = await breakEverything(deployment, mutations)
  const { made, leftOut } = reconstruction
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  log(`✔ legacy       ${countOf(made.length, 'mutation')} together (${seconds} s)`)
  for (const [name, why] of Object.entries(leftOut)) log(`– legacy       without ${name}: ${why}`)
  return { ...(facts.profile === AS_SHIPPED ? { profile: LEGACY } : {}), reconstruction }
}

/** The programs of a release. */
const PROGRAMS = ['api', 'worker', 'bridgectl']

/**
 * Makes a deployment what it was claimed to be once: every mutation is made together, all defective releases as one. A mutation that cannot
 * be made beside the others, or that does not last, is left out, with the reason. Throws when the service does not start with the rest.
 */
export async function breakEverything(deployment: Deployment, mutations: readonly Fault[]): Promise<Reconstruction> {
  const leftOut: Record<string, string> = { ...LEFT_OUT }
  const attempt = (mutation: Fault, work: () => Promise<unknown>) =>
    work().catch((error: unknown) => {
      deployment.signal.throwIfAborted()
      leftOut[mutation.name] = describeFailure(error)
    })
  const folder = join(deployment.notesPath, 'legacy')
  const inWorkshop = withWorkshop(deployment, await makeWorkshop(folder, PROGRAMS))
  const defects: Defect[] = []
  const chosen = inOrder(mutations.filter(({ name }) => !Object.hasOwn(LEFT_OUT, name)))
  const isAfter = ({ name }: Fault) => AFTER.includes(name)
  for (const mutation of chosen.filter(mutation => !isAfter(mutation)))
    await attempt(mutation, async () => defects.push(...(await collectDefects(mutation, inWorkshop))))
  const version = await composeRelease(deployment.releasesPath, defects)
  await deployment.bridgectl('releases', 'activate', version)
  await Promise.all([deployment.restart('api'), deployment.restart('worker')])
  for (const mutation of chosen.filter(isAfter)) await attempt(mutation, () => mutation.start(deployment))
  const released = new Set(defects.map(({ mutation }) => mutation))
  const lasts = (mutation: Fault) =>
    released.has(mutation.name) || mutation.isActive(isAfter(mutation) ? deployment : inWorkshop)
  for (const mutation of chosen)
    if (!Object.hasOwn(leftOut, mutation.name) && !lasts(mutation))
      leftOut[mutation.name] = 'beside the others it changes nothing'
  await rm(folder, { recursive: true })
  const made = chosen.flatMap(({ name }) => (Object.hasOwn(leftOut, name) ? [] : [name])).sort()
  return { made, leftOut }
}

/** In the order in which their defects run. */
function inOrder(mutations: readonly Fault[]): Fault[] {
  const isFirst = ({ name }: Fault) => FIRST.includes(name)
  const isLast = ({ name }: Fault) => LAST.includes(name)
  const rest = mutations.filter(mutation => !isFirst(mutation) && !isLast(mutation))
  return [...mutations.filter(isFirst), ...rest, ...mutations.filter(isLast)]
}

/** A first backup with its copy: some mutations do something to these. */
async function makeBackup(deployment: Deployment): Promise<void> {
  const folder = join(deployment.storagePath, '.backup-of-legacy')
  await initializeRepository(deployment)
  await deployment.bridgectl('backup', 'export', folder)
  await storeBackup(deployment, folder)
  await copyBackup(deployment)
  await rm(folder, { recursive: true })
}
