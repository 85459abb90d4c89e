import { type ReactNode, useEffect, useState } from 'react'
import styles from './CopyButton.module.css'
import { copyText } from './copy-text.ts'
import { Icon } from './Icon.tsx'

/** A button that copies a text, and says in words that it did, or that the browser would not let it. */
export function CopyButton({
  text,
  label,
  title,
}: {
  readonly text: string
  readonly label: string
  readonly title?: string
}): ReactNode {
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle')
  useEffect(() => {
    if (state === 'idle') return
    const timer = setTimeout(() => setState('idle'), 2500)
    return () => clearTimeout(timer)
  }, [state])
  const copy = () => copyText(text).then(done => setState(done ? 'copied' : 'failed'))
  return (
    <button
      type="button"
      className={`${styles.button} hb-needs-script`}
      data-state={state}
      title={title}
      onClick={copy}
    >
      <Icon name={state === 'copied' ? 'proven' : 'copy'} />
      <span aria-live="polite">{say(state, label)}</span>
    </button>
  )
}

function say(state: 'idle' | 'copied' | 'failed', label: string): string {
  switch (state) {
    case 'idle':
      return label
    case 'copied':
      return 'Copied'
    case 'failed':
      return 'Not copied: select the text'
    default:
      return state satisfies never
  }
}
