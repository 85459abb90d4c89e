import type { ReactNode } from 'react'
import type { Risk } from '../../base/index.ts'
import { Badge, type Tone } from './Badge.tsx'

const RISKS: Readonly<Record<Risk, { tone: Tone; says: string }>> = {
  read: { tone: 'calm', says: 'Only looks' },
  change: { tone: 'warn', says: 'Changes something that can be rolled back' },
  danger: { tone: 'bad', says: 'Does something that cannot be rolled back' },
}

/** What a step may do, in word, picture and colour. */
export function RiskBadge({ risk }: { readonly risk: Risk }): ReactNode {
  const { tone, says } = RISKS[risk]
  return (
    <Badge tone={tone} icon={risk} title={says}>
      {risk}
    </Badge>
  )
}
