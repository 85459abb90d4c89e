import type { ReactNode } from 'react'
import controls from './controls.module.css'
import { FormButton } from './FormButton.tsx'

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
  const { field, onSend, ...button } = props
  return (
    <FormButton {...button} onSend={({ text }) => text !== undefined && onSend(text)}>
      <label>
        {field}
        <textarea name="text" className={controls.field} rows={3} maxLength={2000} required />
      </label>
    </FormButton>
  )
}
