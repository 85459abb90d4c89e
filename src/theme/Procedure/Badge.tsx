import type { ReactNode } from 'react'
import styles from './Badge.module.css'
import { Icon, type IconName } from './Icon.tsx'

/** How good or bad what a badge says is. */
export type Tone = 'good' | 'warn' | 'bad' | 'calm' | 'plain'

/** A word with a picture, on a ground of its own colour. */
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
