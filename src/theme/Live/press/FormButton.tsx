import { type ReactNode, useId, useRef } from 'react'
import controls from './controls.module.css'
import styles from './FormButton.module.css'

/** A button that opens a form in the middle of the window: what is sent is what stands in its fields. */
export function FormButton(props: {
  readonly label: string
  readonly title: string
  readonly send: string
  readonly className: string | undefined
  readonly shut: boolean
  /** Whether sending cannot be undone: then its button looks so. */
  readonly danger?: boolean
  /** Whether what stands in its fields cannot be sent yet. */
  readonly closed?: boolean
  /** Its fields, each with a name. */
  readonly children: ReactNode
  /** Takes the fields without what is empty, trimmed. */
  readonly onSend: (fields: Readonly<Record<string, string>>) => void
}): ReactNode {
  const { label, title, send, className, shut, danger = false, closed = false, children, onSend } = props
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  return (
    <>
      <button
        type="button"
        className={className}
        aria-haspopup="dialog"
        aria-disabled={shut}
        onClick={shut ? undefined : () => dialog.current?.showModal()}
      >
        {label}
      </button>
      <dialog ref={dialog} className={styles.dialog} aria-labelledby={`${id}title`}>
        <form
          method="dialog"
          onSubmit={event => {
            event.preventDefault()
            if (closed) return
            const form = event.currentTarget
            const fields = readFields(form)
            dialog.current?.close()
            form.reset()
            onSend(fields)
          }}
        >
          <h2 id={`${id}title`}>{title}</h2>
          {children}
          <div className={styles.buttons}>
            <button type="button" className={controls.button} onClick={() => dialog.current?.close()}>
              Do not
            </button>
            <button
              type="submit"
              className={`${controls.button} ${danger ? controls.dangerous : controls.go}`}
              aria-disabled={closed}
            >
              {send}
            </button>
          </div>
        </form>
      </dialog>
    </>
  )
}

function readFields(form: HTMLFormElement): Record<string, string> {
  return Object.fromEntries(
    [...new FormData(form)].flatMap(([name, value]) => {
      const text = typeof value === 'string' ? value.trim() : ''
      return text === '' ? [] : [[name, text] as const]
    }),
  )
}
