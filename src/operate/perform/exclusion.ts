import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createFileStore, type RunStore, type RunUnderWay } from '../../journal/index.ts'
import type { RunRequest } from '../../runner/index.ts'
import { HERE } from '../open/open-environment.ts'

/** A run, as far as it matters for whom it excludes. */
interface Locking {
  readonly request: Pick<RunRequest, 'environment' | 'procedure' | 'rollsBack'>
  readonly store: RunStore
  readonly deployment?: string
}

/** Where a run locks what it changes: in the folder that the environment names, or beside its own record. */
export function openLeases({ store, deployment, request: { environment } }: Locking): Pick<RunStore, 'lease'> {
  const shared = environment.lock === undefined ? undefined : createFileStore(join(environment.lock, 'runs'))
  return {
    async lease(subject, holder) {
      const named = 'environment' in subject && deployment !== undefined ? { ...subject, deployment } : subject
      if (!shared) return store.lease(named, holder)
      try {
        // One that is not mounted is not made: nobody else would see it.
        if (!existsSync(environment.lock ?? '')) throw new Error('there is no such folder')
        return await shared.lease(named, holder)
      } catch (error) {
        const claim = await store.lease(named, holder)
        if (!claim.held) return claim
        const warning = `not excluded: runs of other checkouts, because they lock in ${environment.lock}, which cannot be used: ${error instanceof Error ? error.message : error}`
        return { ...claim, warning }
      }
    },
  }
}

/** The runs under way in an environment, also those of other checkouts that lock in the same folder. */
export async function findBeside(
  store: RunStore,
  { name, deployment, lock }: RunRequest['environment'],
): Promise<readonly RunUnderWay[]> {
  const stores = [store, ...(lock === undefined ? [] : [createFileStore(join(lock, 'runs'))])]
  const all = (await Promise.all(stores.map(one => one.underWay(name, deployment)))).flat()
  return all.filter(({ run }, at) => all.findIndex(other => other.run === run) === at)
}

/** Says whom the lock of a run does not exclude, when it may change something that others can reach. */
export function warnOfOthers({ request: { environment, procedure, rollsBack }, deployment }: Locking): string[] {
  const isLocal = environment.lock !== undefined || environment.name === HERE || isLab(environment, deployment)
  const changes = procedure.phases.some(({ steps }) => steps.some(({ risk }) => risk !== 'read'))
  if (isLocal || (!changes && rollsBack === undefined)) return []
  return [
    `not excluded: runs of other checkouts and machines, because ${environment.name} names no shared folder (lock)`,
  ]
}

/** A lab is of its own checkout: nobody else acts on it. */
function isLab(environment: RunRequest['environment'], deployment: string | undefined): boolean {
  return environment.deployment !== undefined || deployment !== undefined
}
