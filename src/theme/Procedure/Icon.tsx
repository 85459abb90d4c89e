import type { ReactNode } from 'react'
import styles from './Icon.module.css'

/** The name of a picture that stands beside a word, never instead of it; drawn in `Icon.module.css`. */
export type IconName =
  | 'read'
  | 'change'
  | 'danger'
  | 'proven'
  | 'changed'
  | 'not-proven'
  | 'copy'
  | 'temporary'
  | 'undo'

/** A small picture in the colour of the text; hidden from screen readers, for the word beside it says the same. */
export function Icon({ name }: { readonly name: IconName }): ReactNode {
  return <span className={styles.icon} data-name={name} aria-hidden="true" />
}
