import type { Handbook } from '../../../environments/index.ts'
import { demandLab, UsageError } from '../../../operate/index.ts'

/** The option that says how a lab is made. */
export const profileOption = {
  type: 'string',
  valueHint: 'NAME',
  description: 'How the lab is made; what there is to choose, the lab says',
} as const

/** The profile that was named, if any. Throws a `UsageError` for one that the lab does not have. */
export async function readProfile(
  name: string | undefined,
  handbook: Handbook,
): Promise<{ readonly profile?: string }> {
  if (name === undefined) return {}
  const { profiles } = await demandLab(handbook)
  if (profiles.some(profile => profile.name === name)) return { profile: name }
  const known = profiles.map(profile => `${profile.name}: ${profile.title}`).join('; ')
  throw new UsageError(`The lab has no profile ${name}`, known === '' ? 'It can be made in one way only' : known)
}
