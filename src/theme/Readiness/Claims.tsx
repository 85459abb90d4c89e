import type { ReactNode } from 'react'
import type { Scorecard } from '../../plugin/index.ts'

type Known = NonNullable<Scorecard>

/** What was claimed by hand, and what was not: in sentences, for these numbers do not add up. */
export function Claims({
  claimed,
  areas,
}: { readonly claimed: NonNullable<Known['claimed']> } & Pick<Known, 'areas'>): ReactNode {
  const { overall, mean, complete } = claimed
  const silent = areas.filter(area => area.claimed === null).map(({ title }) => title)
  const parts = complete.map(({ title, claimed }) => `${title.toLowerCase()} (${claimed} %)`)
  return (
    <p>
      {mean !== null &&
        mean !== overall &&
        `The ${overall} % claimed then is not the mean of its own parts, which is ${mean} %. `}
      {silent.length > 0 && `Nothing was claimed of: ${silent.join(', ')}. `}
      {parts.length > 0 && `Parts claimed as complete by hand, but not measured: ${parts.join(', ')}.`}
    </p>
  )
}
