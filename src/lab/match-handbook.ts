import type { HandbookFile } from '../environments/index.ts'
import { SERVICE_NAMES } from './lab.ts'
import { FACT_NAMES } from './lab-environment.ts'

/**
 * Why the practice deployment is none for a handbook, if it is not: nobody asked for it in `environments`, or pages may use facts and
 * services that it does not have. A page that is about something else must not be run against it.
 */
export function findMismatch({ environments, target, services }: HandbookFile): string | undefined {
  if (!Object.values(environments).some(({ lab }) => lab)) return 'no environment of its handbook.yaml says lab: true'
  const facts = Object.entries(target).flatMap(([name, { type }]) => {
    if (!FACT_NAMES.some(known => known === name)) return [name]
    return type === 'string' ? [] : [`${name} as a ${type}`]
  })
  if (facts.length > 0) return `its pages may use target.${facts.join(', target.')}, which ${LAB} does not have`
  const unknown = services.filter(name => !SERVICE_NAMES.some(known => known === name))
  if (unknown.length > 0) return `its pages may use the service ${unknown.join(', ')}, which ${LAB} does not have`
  return undefined
}

const LAB = 'the Upload Bridge that the lab stands up'
