import type { ReactNode } from 'react'
import type { DrillCard } from '../../plugin/index.ts'
import styles from './Badge.module.css'
import { Badge, type Tone, WholeWords } from './Badge.tsx'

const PROOF_TONES: Readonly<Record<DrillCard['state'], Tone>> = {
  proven: 'good',
  changed: 'warn',
  'not-proven': 'plain',
}

/** Whether a drill is proven, in words, picture and colour. A long line is broken between its parts. */
export function ProofBadge({ drill: { state, says, fault } }: { readonly drill: DrillCard }): ReactNode {
  const parts = says.split(/(?<=,) /)
  return (
    <Badge tone={PROOF_TONES[state]} icon={state} title={`Fault: ${fault}`}>
      {parts.map((part, at) => (
        <span key={part}>
          {at > 0 && ' '}
          <span className={styles.whole}>
            <WholeWords>{part}</WholeWords>
          </span>
        </span>
      ))}
    </Badge>
  )
}
