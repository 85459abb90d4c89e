import type { ReactNode } from 'react'
import type { DrillCard } from '../../plugin/index.ts'
import styles from './Badge.module.css'
import { Badge, type Tone } from './Badge.tsx'

const TONES: Readonly<Record<DrillCard['state'], Tone>> = { proven: 'good', changed: 'warn', 'not-proven': 'plain' }

/** What a drill's proof is worth, in words, picture and colour; broken, where it must be, between what it says. */
export function ProofBadge({ drill: { state, says, fault } }: { readonly drill: DrillCard }): ReactNode {
  const parts = says.split(/(?<=,) /)
  return (
    <Badge tone={TONES[state]} icon={state} title={`Fault: ${fault}`}>
      {parts.map((part, at) => (
        <span key={part}>
          {at > 0 && ' '}
          <span className={styles.whole}>{part}</span>
        </span>
      ))}
    </Badge>
  )
}
