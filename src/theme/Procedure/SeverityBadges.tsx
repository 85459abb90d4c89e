import type { ReactNode } from 'react'
import type { AlertCard } from '../../plugin/index.ts'
import { Badge, type Tone } from './Badge.tsx'

const TONES: Readonly<Record<string, Tone>> = { critical: 'bad', warning: 'warn', info: 'calm' }

/** How urgent an alert is, as its rules say; nothing when there are none. */
export function SeverityBadges({ alert: { severities } }: { readonly alert: AlertCard }): ReactNode {
  return severities.map(severity => (
    <Badge key={severity} tone={TONES[severity] ?? 'plain'}>
      {severity}
    </Badge>
  ))
}
