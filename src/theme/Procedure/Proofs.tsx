import type { ReactNode } from 'react'
import type { DrillCard } from '../../plugin/index.ts'
import { Badge, ProofBadge } from './Badge.tsx'
import styles from './Proofs.module.css'

/** What a procedure's drills have proven; each opens to what was broken, and what was measured. */
export function Proofs({ drills }: { readonly drills: readonly DrillCard[] }): ReactNode {
  if (drills.length === 0) return <Badge tone="plain">no drill is declared for this page</Badge>
  return drills.map(drill => <Proof key={drill.id} drill={drill} />)
}

function Proof({ drill }: { readonly drill: DrillCard }): ReactNode {
  return (
    <details className={styles.proof}>
      <summary>
        <ProofBadge drill={drill} />
        <span className={styles.fault}>{drill.fault}</span>
      </summary>
      <dl className={styles.facts}>
        {drill.facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}
