import { type ReactNode, useEffect, useState } from 'react'
import styles from './Badge.module.css'

/** A button, and the key `b`, that show or fold the blocks of all steps. */
export function Unfold(): ReactNode {
  const [shown, setShown] = useState(false)
  useEffect(() => {
    const press = ({ key, ctrlKey, metaKey, altKey, target }: KeyboardEvent) => {
      const typing = target instanceof HTMLElement && target.matches('input, textarea, select')
      if (key === 'b' && !ctrlKey && !metaKey && !altKey && !typing) setShown(shown => !shown)
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [])
  useEffect(() => {
    for (const fold of document.querySelectorAll<HTMLDetailsElement>('details.hb-fold')) fold.open = shown
  }, [shown])
  return (
    <button
      type="button"
      className={`${styles.button} hb-needs-script`}
      aria-pressed={shown}
      aria-keyshortcuts="b"
      onClick={() => setShown(!shown)}
    >
      {shown ? 'Fold all blocks' : 'Show all blocks'} <kbd>b</kbd>
    </button>
  )
}
