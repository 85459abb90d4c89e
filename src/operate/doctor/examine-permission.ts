import { existsSync } from 'node:fs'
import type { Environment } from '../../environments/index.ts'
import type { Procedure } from '../../procedure/index.ts'
import { listOthers } from '../../runner/index.ts'
import type { UsedInPage } from '../open/used-in-page.ts'
import { bad, type Finding, good, note } from './finding.ts'

/** A dangerous step is refused on other machines, whether or not its block asks for them. */
export function examineHost(
  { hosts }: Environment,
  host: string,
  procedure: Procedure | undefined,
  used: UsedInPage | undefined,
): Finding[] {
  if (hosts.length === 0 || (procedure && !used?.assertsHost && listDangers(procedure).length === 0)) return []
  return hosts.includes(host)
    ? [good('host', `${host} is one of its hosts`)]
    : [bad('host', `${host} is none of its hosts`, `Go to ${hosts.join(' or ')}`)]
}

function listDangers(procedure: Procedure | undefined): readonly string[] {
  return (
    procedure?.phases.flatMap(({ steps }) => steps.flatMap(({ id, risk }) => (risk === 'danger' ? [id] : []))) ?? []
  )
}

/** A dangerous step of a protected environment wants somebody else who may approve. */
export function examineApproval(environment: Environment, procedure: Procedure | undefined, user: string): Finding[] {
  const dangers = listDangers(procedure)
  if (!environment.protected || dangers.length === 0) return []
  const steps = dangers.map(id => `#${id}`).join(', ')
  const others = listOthers(environment.approvers, [user])
  if (others.length > 0) return [note('approval', `${steps} wants the approval of somebody else: ${others.join(', ')}`)]
  const nobody =
    Object.keys(environment.approvers).length === 0
      ? 'wants an approval, and nobody may give one'
      : 'wants the approval of somebody else than you, and nobody else may give one'
  return [bad('approval', `${steps} ${nobody}`, `Add approvers to ${environment.name}, or give --break-glass REASON`)]
}

/** A folder that is not there excludes nobody. */
export function examineLock({ lock }: Environment): Finding[] {
  if (lock === undefined || existsSync(lock)) return []
  const says = `${lock} is not there: runs of other checkouts are not excluded`
  return [note('lock', says, 'Mount it, or make it where everybody who acts on this environment sees it')]
}
