import type { Handbook } from '../../../environments/index.ts'
import { demandLab, UsageError } from '../../../operate/index.ts'
import { findLabFolder } from '../../paths.ts'

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

/** Throws a `UsageError` when a lab runs already that was made in another way: it would be taken for the one that was asked for. */
export async function demandOwnProfile({ profile }: { readonly profile?: string }, handbook: Handbook): Promise<void> {
  if (profile === undefined) return
  const running = await (await demandLab(handbook)).status(findLabFolder(handbook.root))
  if (!running || running.profile === profile) return
  throw new UsageError(
    `The lab that runs is not ${profile}, but ${running.profile ?? 'made in the usual way'}`,
    'End it first: handbook lab down',
  )
}
