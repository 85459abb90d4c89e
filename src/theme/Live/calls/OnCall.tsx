import type { ReactNode } from 'react'
import type { CallsNow } from '../../../wire/index.ts'
import { sayRefusal } from '../connection/ask.ts'
import { sayAge } from '../say-age.ts'
import { Telephone } from './Telephone.tsx'
import { useCalls } from './use-calls.ts'

/** Whom to call now, by a rota of which the age is said. */
export function OnCall({ serverTime }: { readonly serverTime: number }): ReactNode {
  const answered = useCalls()
  if (!answered) return null
  return (
    <section aria-labelledby="on-call-title">
      <h3 id="on-call-title">Whom to call</h3>
      {answered.state === 'answered' ? (
        <Calls calls={answered.body} serverTime={serverTime} />
      ) : (
        <p>
          The rota is unknown.{' '}
          {answered.state === 'refused' ? sayRefusal(answered.refusal) : 'The server does not answer.'}
        </p>
      )}
    </section>
  )
}

function Calls({ calls, serverTime }: { readonly calls: CallsNow; readonly serverTime: number }): ReactNode {
  const { state, why, written = '', old = false, people, nobody, outside } = calls
  if (state === 'not-said') return <p>handbook.yaml names no rota.</p>
  if (state === 'unknown') return <p>The rota is unknown. {why}</p>
  return (
    <>
      <ul>
        {people.map(({ team, name, telephone, after }) => (
          <li key={`${team} ${name} ${telephone}`}>
            {team}: {name} <Telephone number={telephone} />
            {after > 0 && <small>after {after} min without an answer</small>}
          </li>
        ))}
        {nobody.map(team => (
          <li key={team}>{team}: nobody is on call now</li>
        ))}
        {outside.map(one => (
          <li key={one.name}>
            {one.name} <Telephone number={one.telephone} />
            <small>{one.for}</small>
          </li>
        ))}
      </ul>
      <p>
        <small>
          The rota was written {sayAge(Math.max(0, serverTime - Date.parse(written)))} ago
          {old && ': it is old, and somebody else may be on call'}.
        </small>
      </p>
    </>
  )
}
