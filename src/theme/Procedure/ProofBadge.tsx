import type { ReactNode } from 'react'
import type { DrillCard } from '../../plugin/index.ts'
import { Badge, type Tone } from './Badge.tsx'

const TONES: Readonly<Record<DrillCard['state'], Tone>> = { proven: 'good', changed: 'warn', 'not-proven': 'plain' }

/** What a drill's proof is worth, in words, picture and colour. */
export function ProofBadge({ drill: { state, says, fault } }: { readonly drill: DrillCard }): ReactNode {
  return (
    <Badge tone={TONES[state]} icon={state} title={`Fault: ${fault}`}>
      {says}
    </Badge>
  )
}
