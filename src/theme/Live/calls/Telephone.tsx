import type { ReactNode } from 'react'

/** A number that a telephone can dial at a touch. */
export function Telephone({ number }: { readonly number: string }): ReactNode {
  return <a href={`tel:${number.replaceAll(/[^+\d]/g, '')}`}>{number}</a>
}
