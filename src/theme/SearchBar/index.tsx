import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import Search from '../Search'
import styles from './styles.module.css'

/** The search in the header: a button, and the keys `/` and Ctrl-K, open it over the page. */
export default function SearchBar(): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null)
  /** How often it was opened: it is empty each time. */
  const [times, setTimes] = useState(0)
  // At once, so that no letter that follows the key is lost.
  const open = useCallback(() => {
    if (!dialog.current || dialog.current.open) return
    flushSync(() => setTimes(times => times + 1))
    dialog.current.showModal()
    dialog.current.querySelector('input')?.focus()
  }, [])
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!opensSearch(event)) return
      event.preventDefault()
      open()
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [open])
  const close = useCallback(() => dialog.current?.close(), [])
  return (
    <>
      <button
        type="button"
        className={`${styles.button} hb-needs-script`}
        aria-haspopup="dialog"
        aria-keyshortcuts="/ Control+K"
        onClick={open}
      >
        <span className={styles.lens} aria-hidden="true" />
        <span className={styles.word}>Search</span>
        <span className={styles.key} aria-hidden="true">
          /
        </span>
      </button>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it, too */}
      <dialog
        ref={dialog}
        className={styles.dialog}
        aria-label="Search"
        onClick={event => event.target === dialog.current && close()}
      >
        <div className={styles.inside}>
          <Search key={times} label="Search the handbook" onLeave={close} />
          <button type="button" className={styles.close} aria-label="Close the search" onClick={close}>
            ×
          </button>
        </div>
      </dialog>
    </>
  )
}

/** Whether a key opens the search. A slash that somebody types into a field is a slash. */
function opensSearch({ key, ctrlKey, metaKey, altKey, target }: KeyboardEvent): boolean {
  if (key.toLowerCase() === 'k') return (ctrlKey || metaKey) && !altKey
  if (key !== '/' || ctrlKey || metaKey || altKey) return false
  const element = target instanceof HTMLElement ? target : undefined
  return !(element?.isContentEditable || element?.matches('input, textarea, select'))
}
