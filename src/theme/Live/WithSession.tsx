import type { ReactNode } from 'react'
import type { Session } from '../../wire/index.ts'
import styles from './Alone.module.css'
import { useSession } from './session.ts'

/** Shows something to those who have come in; to others, why they do not see it. `what` begins a sentence: `Runs`. */
export function WithSession(props: {
  readonly what: string
  readonly children: (session: Session) => ReactNode
}): ReactNode {
  const { what, children } = props
  const answered = useSession()
  if (answered?.state === 'answered') return children(answered.body)
  return (
    <p className={styles.alone} role="status">
      {answered === undefined
        ? 'Asking the server …'
        : answered.state === 'refused'
          ? `${what} are shown to those who have come in. Open the link that the handbook’s server printed when it started.`
          : 'The handbook’s server does not answer. It is asked again every few seconds.'}
    </p>
  )
}
