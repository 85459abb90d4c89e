import Link from '@docusaurus/Link'
import symptoms from '@generated/handbook/default/symptoms.json'
import { type ReactNode, useId, useState } from 'react'
import type { ProcedureCard, SymptomCard } from '../../plugin/index.ts'
import { AlertName, SeverityBadges } from '../Procedure/Badge.tsx'
import { ProofBadge } from '../Procedure/ProofBadge.tsx'
import { useSiteData } from '../Procedure/page-data.ts'
import { matchSymptoms, matchWords } from './match-words.ts'
import styles from './styles.module.css'

/** Every runbook, and a field that narrows the list: by an alert's name, or by a symptom. */
export default function RunbookList(): ReactNode {
  const [typed, setTyped] = useState('')
  const field = useId()
  const runbooks = useSiteData().procedures.filter(({ kind }) => kind === 'runbook')
  const found = matchWords(runbooks, typed)
  const heard = matchSymptoms(symptoms, typed)
  return (
    <div>
      <search className={`${styles.search} hb-needs-script hb-not-searched`}>
        <label htmlFor={field}>Alert or symptom</label>
        <input
          id={field}
          type="search"
          value={typed}
          placeholder={`${runbooks[0]?.alerts[0]?.name ?? 'An alert'}, an error code, what customers see`}
          autoComplete="off"
          spellCheck={false}
          onChange={event => setTyped(event.currentTarget.value)}
        />
      </search>
      <p className={styles.count} aria-live="polite">
        {typed.trim() === '' ? (
          ''
        ) : (
          <Count found={found.length} heard={heard.length} all={runbooks.length} typed={typed} />
        )}
      </p>
      <ul className={styles.list}>
        {found.map(runbook => (
          <Row key={runbook.path} runbook={runbook} />
        ))}
        {heard.map(symptom => (
          <Heard key={symptom.permalink} symptom={symptom} />
        ))}
      </ul>
    </div>
  )
}

function Count(props: {
  readonly found: number
  readonly heard: number
  readonly all: number
  readonly typed: string
}): ReactNode {
  const { found, heard, all, typed } = props
  const everywhere = <Link to={`/search?q=${encodeURIComponent(typed.trim())}`}>search the whole handbook</Link>
  if (found + heard === 0) return <>No runbook has all of these words. Try fewer, or {everywhere}.</>
  return (
    <>
      {found} of {all} runbooks{heard > 0 && `, ${heard} ${heard === 1 ? 'symptom' : 'symptoms'}`}; or {everywhere}
    </>
  )
}

/** A symptom in the words of people, and the runbooks for it. */
function Heard({ symptom: { title, permalink, group, runbooks } }: { readonly symptom: SymptomCard }): ReactNode {
  return (
    <li className={styles.row}>
      <Link to={permalink} className={styles.title ?? ''}>
        “{title}”
      </Link>
      <span className={styles.owner}>{group}</span>
      {runbooks.length > 0 && (
        <p className={styles.meaning}>
          {runbooks.map(runbook => (
            <Link key={runbook.permalink} to={runbook.permalink}>
              {runbook.title}
            </Link>
          ))}
        </p>
      )}
    </li>
  )
}

function Row({ runbook }: { readonly runbook: ProcedureCard }): ReactNode {
  const { permalink, title, alerts, owner, drills, meaning } = runbook
  return (
    <li className={styles.row}>
      <div>
        <Link to={permalink} className={styles.title ?? ''}>
          {title}
        </Link>
        {alerts.map(alert => (
          <span key={alert.name} className={styles.alert}>
            <AlertName name={alert.name} /> <SeverityBadges alert={alert} />
          </span>
        ))}
      </div>
      <div className={styles.state}>
        {drills.map(drill => (
          <span key={drill.id} className={styles.drill}>
            {drills.length > 1 && <code>{drill.fault}</code>}
            <ProofBadge drill={drill} />
          </span>
        ))}
        {owner && <span className={styles.owner}>{owner.name}</span>}
      </div>
      {meaning && <p className={styles.meaning}>{meaning}</p>}
    </li>
  )
}
