import type { ReactNode } from 'react'

const PATHS = {
  /** An eye. */
  read: 'M8 3.5C4.5 3.5 2 6.2 1 8c1 1.8 3.5 4.5 7 4.5s6-2.7 7-4.5c-1-1.8-3.5-4.5-7-4.5Zm0 2.25a2.25 2.25 0 1 1 0 4.5 2.25 2.25 0 0 1 0-4.5Z',
  /** A pen. */
  change: 'M10.7 1.8 14.2 5.3 5.5 14H2v-3.5Z M9.3 4.6l2.1 2.1',
  /** A triangle with an exclamation mark. */
  danger: 'M8 1.5 15.2 14H.800Z M8 6v3.8 M8 11.6v.4',
  proven: 'M2.5 8.5 6.3 12.3 13.5 4.3',
  changed: 'M13.2 6A5.5 5.5 0 0 0 3.3 5M2.8 2v3.2H6 M2.8 10a5.5 5.5 0 0 0 9.9 1M13.2 14v-3.2H10',
  'not-proven': 'M8 14.5a6.5 6.5 0 1 1 0-13 6.5 6.5 0 0 1 0 13Z M5 8h6',
  copy: 'M5.5 5.5V2.5h8v8h-3 M2.5 5.5h8v8h-8Z',
  temporary: 'M8 14.5a6.5 6.5 0 1 1 0-13 6.5 6.5 0 0 1 0 13Z M8 4.5V8l2.5 1.5',
  undo: 'M5.5 3 2.5 6l3 3 M2.5 6h7a4 4 0 0 1 0 8H6',
} as const

/** The name of a picture that stands beside a word, never instead of it. */
export type IconName = keyof typeof PATHS

/** A small picture in the colour of the text; hidden from screen readers, for the word beside it says the same. */
export function Icon({ name }: { readonly name: IconName }): ReactNode {
  return (
    <svg
      viewBox="0 0 16 16"
      width="1em"
      height="1em"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      style={{ flex: 'none', verticalAlign: '-0.125em' }}
    >
      <path d={PATHS[name]} />
    </svg>
  )
}
