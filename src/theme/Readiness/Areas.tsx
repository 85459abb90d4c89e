import Link from '@docusaurus/Link'
import useBrokenLinks from '@docusaurus/useBrokenLinks'
import type { ReactNode } from 'react'
import type { AreaCard, CheckCard, ItemCard } from '../../plugin/index.ts'
import { Badge, type Tone } from '../Procedure/Badge.tsx'
import styles from './styles.module.css'

/** Every area with its items, and the results of their checks. */
export function Areas({ areas }: { readonly areas: readonly AreaCard[] }): ReactNode {
  const { collectAnchor } = useBrokenLinks()
  for (const { id, items } of areas)
    for (const anchor of [`area-${id}`, ...items.map(({ id }) => id)]) collectAnchor(anchor)
  return areas.map(area => (
    <section key={area.id}>
      <h3 className={styles.anchor} id={`area-${area.id}`}>
        {area.permalink ? <Link to={area.permalink}>{area.title}</Link> : area.title}{' '}
        <small className={styles.score}>{area.says}</small>
      </h3>
      <ul className={styles.items}>
        {area.items.map(item => (
          <Item key={item.id} item={item} permalink={area.permalink} />
        ))}
      </ul>
    </section>
  ))
}

const TONES: Readonly<Record<ItemCard['result'], Tone>> = {
  passed: 'good',
  failed: 'bad',
  unknown: 'warn',
  'not-applicable': 'plain',
}

function Item({ item, permalink }: { readonly item: ItemCard; readonly permalink: string | undefined }): ReactNode {
  const { id, title, need, result, reason, checks } = item
  const needs = need === 'required' ? '' : need === 'optional' ? 'optional' : 'if there are several users'
  return (
    <li id={id} className={styles.item}>
      <div className={styles.head}>
        <span>
          <code>{id}</code> {title} {needs && <small className={styles.quiet}>({needs})</small>}
        </span>
        <Badge tone={TONES[result]}>{result.replace('-', ' ')}</Badge>
      </div>
      {checks.length === 0 || result === 'not-applicable' ? (
        <p className={styles.quiet}>{reason}</p>
      ) : (
        checks.map(check => <Check key={check.id} check={check} permalink={permalink} />)
      )}
    </li>
  )
}

const PROOFS: Readonly<Record<CheckCard['proof'], Tone>> = { proven: 'good', changed: 'warn', 'not-proven': 'plain' }

function Check({ check, permalink }: { readonly check: CheckCard; readonly permalink: string | undefined }): ReactNode {
  const { id, title, result, reason, evidence, proof, proofSays } = check
  return (
    <details className={styles.check}>
      <summary>
        <span className={styles.result} data-tone={TONES[result]}>
          {result.replace('-', ' ')}
        </span>{' '}
        {title}
      </summary>
      {reason && <pre className={styles.evidence}>{reason}</pre>}
      {evidence && <pre className={styles.evidence}>{evidence}</pre>}
      <p className={styles.proof}>
        <Badge tone={PROOFS[proof]} icon={proof}>
          {proofSays}
        </Badge>
        {permalink && <Link to={`${permalink}#${id}`}>The check</Link>}
      </p>
    </details>
  )
}
