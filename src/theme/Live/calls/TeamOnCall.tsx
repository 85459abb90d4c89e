import type { ReactNode } from 'react'
import { Telephone } from './Telephone.tsx'
import { useCalls } from './use-calls.ts'

/** Who of a team is on call now, on its page and on paper. Those who have not come in, and a handbook without a rota, see nothing. */
export function TeamOnCall({ team }: { readonly team: string }): ReactNode {
  const answered = useCalls()
  if (answered?.state !== 'answered' || answered.body.state === 'not-said') return null
  const { state, why, old = false, people, nobody } = answered.body
  if (state === 'unknown') return `The rota is unknown. ${why ?? ''}`
  if (nobody.includes(team)) return 'Nobody of the team is on call now.'
  return (
    <>
      {people
        .filter(person => person.team === team)
        .map(({ name, telephone, after }) => (
          <span key={`${name} ${telephone}`}>
            {after > 0 && `, after ${after} min `}
            {name} <Telephone number={telephone} />
          </span>
        ))}
      {old && '. The rota is old: somebody else may be on call.'}
    </>
  )
}
