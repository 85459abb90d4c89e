import { type ReactNode, useEffect, useState } from 'react'
import styles from './Badge.module.css'
import { Icon } from './Badge.tsx'

/** A button that copies a text. Its words then say whether the browser allowed that. */
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

/** Copies a text. Where the page may not use the clipboard, it selects the text in a field. Returns whether it worked. */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copyBySelection(text)
  }
}

function copyBySelection(text: string): boolean {
  const before = document.activeElement
  const field = document.createElement('textarea')
  field.value = text
  field.style.position = 'fixed'
  field.style.opacity = '0'
  document.body.append(field)
  field.select()
  // The only way on a page that is served without TLS, such as from a laptop.
  const done = document.execCommand('copy')
  field.remove()
  if (before instanceof HTMLElement) before.focus()
  return done
}
