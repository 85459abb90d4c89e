import { Fragment, type ReactNode } from 'react'

/** An alert's name, which may be broken between its words. */
export function AlertName({ name }: { readonly name: string }): ReactNode {
  return (
    <code>
      {name.split(/(?=[A-Z][a-z])/).map((word, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the words of a name stay where they are
        <Fragment key={at}>
          {at > 0 && <wbr />}
          {word}
        </Fragment>
      ))}
    </code>
  )
}
