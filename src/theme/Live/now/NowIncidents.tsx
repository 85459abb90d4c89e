import Link from '@docusaurus/Link'
import { useHistory } from '@docusaurus/router'
import type { ReactNode } from 'react'
import type { Now } from '../../../wire/index.ts'
import { sayDue, sayLasted } from '../incident/say-incident.ts'
import controls from '../press/controls.module.css'
import { usePresses } from '../press/use-presses.ts'
import styles from './NowIncidents.module.css'

/** The incidents that are open, and the one press that declares one: all else is said later. */
export function NowIncidents(props: {
  readonly now: Now
  readonly serverTime: number
  readonly reads: boolean
}): ReactNode {
  const { now, serverTime, reads } = props
  const { incidents, environment, alerts } = now
  const presses = usePresses()
  const history = useHistory()
  const shut = reads || presses.busy
  const declare = async () => {
    const declared = await presses.press<{ readonly incident: string }>('/api/incidents', {
      environment: environment.name,
    })
    if (declared) history.push(`/incidents?incident=${declared.incident}`)
  }
  return (
    <section className={styles.incidents} aria-label="Incidents">
      <ul>
        {incidents.map(({ id, severity, sees, declared, commander, due }) => {
          const { says, late } = sayDue(due, serverTime)
          return (
            <li key={id} className={styles.incident}>
              <Link to={`/incidents?incident=${id}`}>
                {severity ?? 'Incident'}: {sees ?? 'nobody has said yet what customers see'}
              </Link>
              <small>
                for {sayLasted(declared, undefined, serverTime)}, {commander ?? 'nobody'} commands,{' '}
                <span data-late={late}>{says}</span>
              </small>
            </li>
          )
        })}
      </ul>
      <button
        type="button"
        className={`${controls.button} ${incidents.length > 0 || alerts.length === 0 ? controls.small : ''}`}
        aria-disabled={shut}
        onClick={shut ? undefined : declare}
      >
        {incidents.length > 0 ? 'Declare another incident' : 'Declare an incident'}
      </button>
      <p role="status">{presses.says}</p>
    </section>
  )
}
