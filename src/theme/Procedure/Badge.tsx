import { Fragment, type ReactNode } from 'react'
import type { Risk } from '../../base/index.ts'
import type { AlertCard } from '../../plugin/index.ts'
import styles from './Badge.module.css'

/** How good or bad the fact on a badge is. */
export type Tone = 'good' | 'warn' | 'bad' | 'calm' | 'plain'

/** A word with a picture, on a coloured ground. */
export function Badge({
  tone,
  icon,
  title,
  children,
}: {
  readonly tone: Tone
  readonly icon?: IconName
  readonly title?: string
  readonly children: ReactNode
}): ReactNode {
  return (
    <span className={styles.badge} data-tone={tone} title={title}>
      {icon && <Icon name={icon} />}
      <span>{children}</span>
    </span>
  )
}

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

const SEVERITY_TONES: Readonly<Record<string, Tone>> = { critical: 'bad', warning: 'warn', info: 'calm' }

/** The tone of an alert's severity. */
export function toneOf(severity: string | undefined): Tone {
  return SEVERITY_TONES[severity ?? ''] ?? 'plain'
}

/** How urgent an alert is, as its rules say; nothing when there are none. */
export function SeverityBadges({ alert: { severities } }: { readonly alert: AlertCard }): ReactNode {
  return severities.map(severity => (
    <Badge key={severity} tone={toneOf(severity)}>
      {severity}
    </Badge>
  ))
}

/** The name of a picture. It stands beside a word, never instead of one, and is drawn in `Badge.module.css`. */
type IconName = 'read' | 'change' | 'danger' | 'proven' | 'changed' | 'not-proven' | 'copy' | 'temporary' | 'undo'

/** A small picture in the colour of the text. Screen readers skip it, because the word beside it says the same. */
export function Icon({ name }: { readonly name: IconName }): ReactNode {
  return <span className={styles.icon} data-name={name} aria-hidden="true" />
}

/** An alert's name. A line may break between its words. */
export function AlertName({ name }: { readonly name: string }): ReactNode {
  return <code>{breakName(name)}</code>
}

/** A text in which a line may break between the words of a long name in camel case, and behind the slashes of a path. */
export function breakName(text: string): ReactNode {
  if (text.length <= SHORT_NAME) return text
  return text.split(/(?<=[a-z0-9])(?=[A-Z][a-z])|(?<=[/_])(?=\w)/).map((word, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the words of a name stay where they are
    <Fragment key={at}>
      {at > 0 && <wbr />}
      {word}
    </Fragment>
  ))
}

/** The letters of a name that has room in any line, also on a phone. */
const SHORT_NAME = 16

/** A text whose words are not broken behind a hyphen, as an option or a date would be; only a word longer than the line is. */
export function WholeWords({ children }: { readonly children: string }): ReactNode {
  return children.split(' ').map((word, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the words of a text stay where they are
    <Fragment key={at}>
      {at > 0 && ' '}
      {word.includes('-') ? <span className={styles.whole}>{word}</span> : word}
    </Fragment>
  ))
}
