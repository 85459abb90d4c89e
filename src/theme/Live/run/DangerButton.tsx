import { type ReactNode, useState } from 'react'
import { findWordToType } from '../../../journal/pure.ts'
import type { Session } from '../../../wire/index.ts'
import controls from '../press/controls.module.css'
import { FormButton } from '../press/FormButton.tsx'
import type { RunView } from './fold-messages.ts'

/** The button of a step that cannot be rolled back: it says what it will do, and perhaps wants a word typed, as a terminal does. */
export function DangerButton(props: {
  readonly label: string
  readonly step: string
  readonly view: RunView
  readonly session: Session
  readonly className: string | undefined
  readonly shut: boolean
  readonly onRun: (typed: string | undefined) => void
}): ReactNode {
  const { label, step: id, view, session, className, shut, onRun } = props
  const { state, plans } = view
  const [typed, setTyped] = useState('')
  const { environment } = state
  const step = state.start?.steps.find(step => step.id === id)
  const planned = plans.get(id)?.length ?? 0
  const others = session.environments.find(({ name }) => name === environment)?.others ?? []
  const word = findWordToType(step, planned, { environment, others })
  const { irreversible, max: usualMost } = step?.meta ?? {}
  return (
    <FormButton
      label={label}
      title={`Run “${step?.title ?? id}” in ${environment}?`}
      send={`Run it in ${environment}`}
      className={className}
      shut={shut}
      danger
      closed={word !== undefined && typed !== word}
      onSend={({ typed }) => {
        setTyped('')
        onRun(typed)
      }}
    >
      <p>
        {irreversible === undefined
          ? 'The page does not say that it cannot be undone.'
          : `Cannot be undone: ${irreversible}.`}
        {planned > 0 && ` It touches ${planned}, and no more.`}
        {usualMost !== undefined && planned > usualMost && ` The page’s usual most is ${usualMost}.`}
      </p>
      {word !== undefined && (
        <label>
          {word === environment ? `Type ${word}, not ${others.join(' or ')}` : `Type the number of things: ${word}`}
          <input
            name="typed"
            className={controls.field}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            onChange={({ currentTarget: { value } }) => setTyped(value)}
          />
        </label>
      )}
    </FormButton>
  )
}
