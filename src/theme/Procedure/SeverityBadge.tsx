import type { ReactNode } from 'react'
import type { AlertCard } from '../../plugin/index.ts'
import { Badge, type Tone } from './Badge.tsx'

const TONES: Readonly<Record<string, Tone>> = { critical: 'bad', warning: 'warn', info: 'calm' }

/** How urgent an alert is, as its rule says; nothing when there is no such rule. */
export function SeverityBadge({ alert: { severity } }: { readonly alert: AlertCard }): ReactNode {
  return severity ? <Badge tone={TONES[severity] ?? 'plain'}>{severity}</Badge> : null
}
