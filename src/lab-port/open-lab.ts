import type { Handbook, HandbookFile } from '../environments/index.ts'
import { commandsLab } from './commands-lab.ts'
import type { Lab } from './lab.ts'
import { moduleLab } from './module-lab.ts'

/** The lab that a handbook names; nothing when it names none. Throws a `LabError` for a module that is no lab. */
export async function openLab({ root, file }: Pick<Handbook, 'root' | 'file'>): Promise<Lab | undefined> {
  const { lab } = file
  if (lab?.commands) return commandsLab(root, lab, lab.commands)
  return lab?.module === undefined ? undefined : moduleLab(root, lab.module)
}

/**
 * The reason why a lab does not fit a handbook, if there is one. The pages may use facts and services that the lab does not have, and that
 * no environment of the lab adds. A page that is about something else must not be run against this lab.
 */
export function findMismatch({ environments, target, services }: HandbookFile, { profile }: Lab): string | undefined {
  const { name, facts, services: ours } = profile
  const added = Object.values(environments).filter(({ lab }) => lab)
  const lacking = Object.entries(target).flatMap(([fact, { type }]) => {
    if (!facts || added.some(({ target }) => Object.hasOwn(target, fact))) return []
    const stated = Object.hasOwn(facts, fact) ? facts[fact] : undefined
    if (stated === undefined) return [fact]
    return stated === type ? [] : [`${fact} as a ${type}`]
  })
  if (lacking.length > 0)
    return `its pages may use target.${lacking.join(', target.')}, which the ${name} of its lab does not have`
  const unknown = services.filter(
    service => ours && !ours.includes(service) && !added.some(({ services }) => Object.hasOwn(services, service)),
  )
  if (unknown.length > 0)
    return `its pages may use the service ${unknown.join(', ')}, which the ${name} of its lab does not have`
  return undefined
}
