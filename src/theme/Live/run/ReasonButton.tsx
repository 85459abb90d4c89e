import { type ReactNode, useId, useRef } from 'react'
import styles from './ReasonButton.module.css'

/** A button that asks for some words first, in the middle of the window. */
export function ReasonButton(props: {
  readonly label: string
  readonly title: string
  readonly field: string
  readonly send: string
  readonly className: string | undefined
  readonly shut: boolean
  readonly onSend: (text: string) => void
}): ReactNode {
  const { label, title, field, send, className, shut, onSend } = props
  const dialog = useRef<HTMLDialogElement>(null)
  const text = useRef<HTMLTextAreaElement>(null)
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
            const said = text.current?.value.trim() ?? ''
            if (said === '') return
            dialog.current?.close()
            if (text.current) text.current.value = ''
            onSend(said)
          }}
        >
          <h2 id={`${id}title`}>{title}</h2>
          <label>
            {field}
            <textarea ref={text} rows={3} maxLength={2000} required />
          </label>
          <div className={styles.buttons}>
            <button type="button" onClick={() => dialog.current?.close()}>
              Do not
            </button>
            <button type="submit">{send}</button>
          </div>
        </form>
      </dialog>
    </>
  )
}
